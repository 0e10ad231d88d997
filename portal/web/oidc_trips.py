"""Trips to an issuer and back: what one browser is told to keep until it returns. For desk and help.

A seed in a short-lived cookie is all; state, nonce and PKCE's secret are derived from it, and so prove that who comes
back is who left.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import quote, unquote

from flask import redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.bootstrap import Portal
from portal.errors import Forbidden
from portal.web.context import the
from portal.web.oidc_client import Claims, Issuer, Trip
from portal.web.staff import next_or

MINUTES = 10
"""How long somebody may take at the issuer."""


@dataclass(frozen=True, slots=True)
class Pier:
    """Where trips of one kind begin and end."""

    cookie: str
    folder: str
    """Addresses below which the cookie is sent; `back` in it is where the issuer leads to."""

    def leave(self, issuer: Issuer, onward: str) -> Response:
        """Send somebody to the issuer. onward: where to go on after coming back. Raises Unavailable."""
        seed = secrets.token_urlsafe(32)
        response = redirect(issuer.way_there(self._trip(seed)), 303)
        response.set_cookie(
            self.cookie, f"{seed}.{quote(onward, safe='')}", max_age=MINUTES * 60, path=self.folder, httponly=True,
            samesite="Lax", secure=request.is_secure,
        )  # fmt: skip
        return response

    def come_back(self, issuer: Issuer) -> Claims:
        """Return who came back. Raises Forbidden for who did not leave from here, or wasn't let in, and Unavailable."""
        seed = request.cookies.get(self.cookie, "").partition(".")[0]
        trip = self._trip(seed)
        sent = request.args.get("state", "")
        if not seed or not hmac.compare_digest(sent.encode("utf-8", "replace"), trip.state.encode()):
            raise Forbidden(gettext("This sign-in was not begun here, or took too long. Please start again."))
        if "code" not in request.args:
            raise Forbidden(gettext("The sign-in of your company did not let you in. Ask whoever looks after it."))
        return issuer.claims(trip, request.args["code"])

    def onward(self, fallback: str) -> str:
        """Return where somebody who came back wanted to go, if that lies within this portal."""
        return next_or(fallback, unquote(request.cookies.get(self.cookie, "").partition(".")[2]))

    def land(self, response: Response) -> Response:
        """Take the seed back."""
        response.delete_cookie(self.cookie, path=self.folder, httponly=True, samesite="Lax", secure=request.is_secure)
        return response

    def _trip(self, seed: str) -> Trip:
        base = the(Portal).settings.base_url or request.host_url.rstrip("/")
        state, nonce, verifier = (self._derived(purpose, seed) for purpose in ("state", "nonce", "verifier"))
        return Trip(state, nonce, verifier, f"{base}{self.folder}/back")

    def _derived(self, purpose: str, seed: str) -> str:
        """Return 43 characters that only this portal makes of a seed."""
        named = f"{self.cookie}:{purpose}:{seed}".encode("utf-8", "replace")
        whole = hmac.digest(the(Portal).settings.secret(), named, "sha256")
        return base64.urlsafe_b64encode(whole).decode("ascii").rstrip("=")
