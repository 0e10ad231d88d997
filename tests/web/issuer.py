"""A small issuer of OpenID Connect on this machine, which says what a test tells it to say."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT, CLIENT_SECRET = "signpost", "a secret of the issuer's"


@dataclass(slots=True)
class Issuer:
    """What it signs with, what it says, and what it was asked."""

    address: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1", "use": "sig"}))
    signs_with: ECKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    challenge: str = ""
    nonce: str = ""
    asked: list[str] = field(default_factory=list)

    def visit(self, url: str) -> str:
        """Do what somebody's browser does there: sign in; return the address that it is led back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{self.address}/authorize?")
        assert asked["code_challenge_method"] == "S256"
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        self.challenge, self.nonce = asked["code_challenge"], asked["nonce"]
        return f"{asked['redirect_uri']}?code=a-code&state={asked['state']}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if form.get("code") != "a-code" or challenge.decode().rstrip("=") != self.challenge:
            return 400, {"error": "invalid_grant"}
        now = int(datetime.now(tz=UTC).timestamp())
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": "42", "iat": now, "exp": now + 300, "nonce": self.nonce,
            "email": "bo@acme.example", "email_verified": True, "name": "Bo",
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode({"alg": "ES256", "kid": "1"} | self.header, claims, self.signs_with or self.key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    def about(self) -> dict[str, str]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return (
            {"issuer": self.address} | {name: f"{self.address}/{path}" for name, path in names.items()} | self.metadata
        )


@contextmanager
def run_issuer() -> Iterator[Issuer]:
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            keys = KeySet([issuer.key]).as_dict(private=issuer.key.key_type == "oct")
            self._answer(200, keys if self.path == "/keys" else issuer.about())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*issuer.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, status: int, body: object) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
