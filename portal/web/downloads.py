"""Downloads: a file that somebody sent, handed to whoever may have it."""

from urllib.parse import quote

from flask import Response

from portal.conversations.models import Attachment

INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""What browsers show as pictures and never run; everything else is only saved."""
_AS_THEY_ARE = frozenset({"text/plain", "application/pdf", "application/zip", *INLINE})


def send_attachment(attachment: Attachment, content: bytes) -> Response:
    """Return a file, to be saved under its name; a picture may be looked at. No cache keeps it, nothing in it runs."""
    is_inline = attachment.media_type in INLINE
    response = Response(content, mimetype=_told_type(attachment.media_type))
    disposition = "inline" if is_inline else "attachment"
    response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(attachment.name, safe='')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _told_type(media_type: str) -> str:
    """Return the type that the browser is told: a page or a script is told to be nothing it knows."""
    return media_type if media_type in _AS_THEY_ARE else "application/octet-stream"
