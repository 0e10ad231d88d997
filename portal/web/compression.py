"""Packed: an answer's body, compressed once and sent as often as it is asked for."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache

from flask import Response
from werkzeug.http import parse_accept_header
from werkzeug.utils import get_content_type

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


def send(packed: Packed, media_type: str, accepted: str) -> Response:
    """Answer with a packed body, unpacked again for the rare client that asks for that.

    accepted: the request's Accept-Encoding.
    """
    is_gzip = packed.is_gzip and _takes_gzip(accepted)
    headers = [("ETag", f'W/"{packed.tag}"'), ("Vary", "Accept-Encoding")]
    if is_gzip:
        headers.append(("Content-Encoding", "gzip"))
    body = packed.body if is_gzip or not packed.is_gzip else packed.plain()
    return Response(body, headers=headers, content_type=_content_type(media_type))


def not_modified(packed: Packed) -> Response:
    """Answer a client that has just this."""
    headers = [("ETag", f'W/"{packed.tag}"'), ("Vary", "Accept-Encoding")]
    return Response(status=304, headers=headers)


@lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    """Browsers send a handful of different headers, so each is read once."""
    return parse_accept_header(accepted)["gzip"] > 0


@cache
def _content_type(media_type: str) -> str:
    return get_content_type(media_type, "utf-8")
