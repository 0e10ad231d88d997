"""Sealed: a small value that a browser keeps for us and can read, but neither change nor make up."""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass, field

MOST_BYTES = 3800
"""Of a sealed value: browsers keep 4,096 bytes of a cookie, its name and attributes among them (RFC 6265, 6.1)."""
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals and opens values of one purpose."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes, purpose: str) -> "Seal":
        """Return the seal of a purpose; what one purpose sealed no other opens."""
        return cls(hmac.digest(secret, b"sealed:" + purpose.encode(), "sha256"))

    def close(self, value: Json) -> str:
        """Return a value as text that fits into a cookie."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        text = base64.urlsafe_b64encode(body).decode("ascii").rstrip("=")
        return f"{text}.{self._mac(text)}"

    def open(self, sealed: str) -> Json | None:
        """Return a value that was sealed here; None for everything else."""
        text, _, mac = sealed.partition(".")
        if len(sealed) > MOST_BYTES or not hmac.compare_digest(
            mac.encode("utf-8", "replace"), self._mac(text).encode()
        ):
            return None
        try:
            value = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (binascii.Error, ValueError):
            return None
        return value if isinstance(value, dict) else None

    def _mac(self, text: str) -> str:
        return hmac.digest(self.key, text.encode("utf-8", "replace"), "sha256").hex()
