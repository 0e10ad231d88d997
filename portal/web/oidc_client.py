"""The issuer's side of OpenID Connect: where its addresses are, and what it says of who comes back from it.

Needs the extra `oidc`. The code flow with PKCE (S256), state and nonce, as OAuth 2.0's security practice asks
(RFC 9700); an ID token is taken when its signature, issuer, audience, time and nonce are right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from portal.errors import Forbidden, Unavailable

try:
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.requests_client import OAuth2Session
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError
    from joserfc.jwk import KeySet
    from requests import RequestException

    IS_INSTALLED = True
except ImportError:
    IS_INSTALLED = False

MISSING = 'Signing in with an issuer needs more packages: pip install "signpost-portal[oidc]"'
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a key pair; what the client's own secret signs, or nothing does, is not taken."""
SECONDS = 5
"""How long the issuer may take over one answer."""
FRESH_SECONDS = 3600.0
"""How long its addresses and keys are believed."""
LEEWAY_SECONDS = 60
MOST_PRODUCTS = 100
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_AWAY = "The sign-in of your company can't be reached at the moment. Please try again in a minute."
_REFUSED = "The sign-in of your company did not confirm who you are. Please start again."


@dataclass(frozen=True, slots=True)
class Trip:
    """One way to the issuer and back."""

    state: str
    nonce: str
    verifier: str
    """PKCE's secret, between 43 and 128 characters."""
    back: str
    """Address that the issuer leads back to."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What the issuer says of somebody."""

    subject: str
    """Issuer and subject, with a space between: nobody else's, for good."""
    email: str
    is_verified: bool
    name: str
    products: tuple[str, ...] = ()
    """What a customer has of the company's, where its issuer says so in a claim of this name."""
    lang: str = ""
    """The claim `locale`."""


@dataclass(slots=True)
class Issuer:
    """One issuer; safe for threads."""

    address: str
    client_id: str
    client_secret: str = field(repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _known: tuple[float, Mapping[str, Any], Any] | None = None

    def way_there(self, trip: Trip) -> str:
        """Return the address to send somebody to. Raises Unavailable."""
        metadata, _ = self._look_up()
        with self._client(trip) as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=trip.state, nonce=trip.nonce, code_verifier=trip.verifier
            )
        return str(url)

    def claims(self, trip: Trip, code: str) -> Claims:
        """Return who came back with this code. Raises Forbidden when it proves nothing, Unavailable."""
        try:
            token = self._fetch(trip, code)
            said = self._verified(token)
            expected = {"nonce": trip.nonce, "client_id": self.client_id}
            known = {name: {"essential": True, "value": value} for name, value in self._names()}
            CodeIDToken(said.claims, said.header, known, expected).validate(leeway=LEEWAY_SECONDS)
        except RequestException as error:
            raise Unavailable(_AWAY) from error
        except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
            raise Forbidden(_REFUSED) from error
        return self._read(said.claims)

    def _fetch(self, trip: Trip, code: str) -> str:
        metadata, _ = self._look_up()
        with self._client(trip) as client:
            token = client.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=trip.verifier, timeout=SECONDS
            )
        return str(token["id_token"])

    def _verified(self, token: str) -> Any:  # noqa: ANN401 - joserfc's token
        """Return a token whose signature is right; a key that is not known yet is asked for once."""
        try:
            return jwt.decode(token, key=self._look_up()[1], algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            self._known = None
            return jwt.decode(token, key=self._look_up()[1], algorithms=ALGORITHMS)

    def _names(self) -> tuple[tuple[str, str], ...]:
        return ("iss", self.address), ("aud", self.client_id)

    def _read(self, claims: Mapping[str, Any]) -> Claims:
        products = claims.get("products")
        return Claims(
            subject=f"{self.address} {claims['sub']}"[:300],
            email=str(claims.get("email") or ""),
            is_verified=claims.get("email_verified") is True,
            name=str(claims.get("name") or ""),
            products=tuple(str(one) for one in products[:MOST_PRODUCTS]) if isinstance(products, list) else (),
            lang=str(claims.get("locale") or ""),
        )

    def _client(self, trip: Trip) -> Any:  # noqa: ANN401 - authlib isn't typed
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope="openid email profile",
            redirect_uri=trip.back,
            code_challenge_method="S256",
        )

    def _look_up(self) -> tuple[Mapping[str, Any], Any]:
        """Return (metadata, keys), asked for at most once an hour."""
        if not IS_INSTALLED:
            raise Unavailable(MISSING)
        with self._lock:
            if self._known is None or monotonic() - self._known[0] > FRESH_SECONDS:
                self._known = (monotonic(), *self._ask())
            return self._known[1], self._known[2]

    def _ask(self) -> tuple[Mapping[str, Any], Any]:
        try:
            with OAuth2Session(self.client_id) as client:
                metadata = self._get(client, f"{self.address}/.well-known/openid-configuration")
                self._check(metadata)
                return metadata, KeySet.import_key_set(self._get(client, metadata["jwks_uri"]))
        except (RequestException, JoseError, KeyError, TypeError, ValueError) as error:
            raise Unavailable(_AWAY) from error

    def _check(self, metadata: Mapping[str, Any]) -> None:
        """Raise ValueError when these are another issuer's, or lead somewhere less safe (OpenID Discovery, 4.3)."""
        scheme = urlsplit(self.address).scheme
        if str(metadata["issuer"]).rstrip("/") != self.address:
            raise ValueError("another issuer")
        if any(urlsplit(str(metadata[name])).scheme not in {scheme, "https"} for name in _ADDRESSES):
            raise ValueError("an address without https")

    def _get(self, client: Any, address: str) -> Any:  # noqa: ANN401 - JSON
        answer = client.request("GET", address, withhold_token=True, timeout=SECONDS, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()
