"""Packed: an answer's body, compressed once and sent as often as it is asked for."""

import gzip
import hashlib
from dataclasses import dataclass

from flask import Response
from werkzeug.datastructures import Accept

WORTH_IT = 500
"""Bytes under which compressing saves no packet."""
LEVEL = 6


@dataclass(frozen=True, slots=True)
class Packed:
    """A body, gzipped where that is worth it, and its name."""

    body: bytes
    is_gzip: bool
    tag: str
    """SHA-256 of the plain bytes, in part: equal bodies have equal ETags, whoever made them and when."""

    @classmethod
    def of(cls, plain: bytes, *, level: int = LEVEL) -> "Packed":
        """Pack a body; one that does not get smaller is kept as it is."""
        tag = hashlib.sha256(plain).hexdigest()[:20]
        packed = gzip.compress(plain, level, mtime=0) if len(plain) >= WORTH_IT else plain
        is_gzip = len(packed) < len(plain)
        return cls(packed if is_gzip else plain, is_gzip, tag)

    def plain(self) -> bytes:
        """Return the body as it was."""
        return gzip.decompress(self.body) if self.is_gzip else self.body


def send(packed: Packed, media_type: str, accepted: Accept) -> Response:
    """Answer with a packed body, unpacked again for the rare client that asks for that."""
    is_gzip = packed.is_gzip and accepted["gzip"] > 0
    response = Response(packed.body if is_gzip or not packed.is_gzip else packed.plain(), mimetype=media_type)
    if is_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(packed.tag, weak=True)
    return response
