"""What browsers and proxies may keep, and when they need not be sent it again."""

import hashlib
from collections.abc import Callable

from flask import Response, make_response, request

from portal import clock
from portal.audience import Level
from portal.web.access import reader_level
from portal.web.context import generation, the
from portal.web.fragments import HEADER
from portal.web.static import ASK_AGAIN, Static

NEVER = "no-store"


def answer(make: Callable[[], str], media_type: str = "text/html") -> Response:
    """Answer with what `make` returns, or with 304 and without calling it when the client has just that.

    For what a generation alone decides, asked for after the article was found: a page that is
    missing must not be 304.
    """
    tag = _tag()
    if request.if_none_match.contains_weak(tag):
        response = make_response("", 304)
    else:
        response = Response(make(), mimetype=media_type)
    response.set_etag(tag, weak=True)
    return for_reader(response)


def for_reader(response: Response, *, policy: str = ASK_AGAIN) -> Response:
    """Let everybody's pages be kept under `policy`, and nobody keep what only some may read."""
    response.headers["Cache-Control"] = policy if reader_level() is Level.PUBLIC else f"private, {NEVER}"
    return response


def never_kept(response: Response) -> Response:
    """Mark an answer that is one person's, or that changes without a new generation."""
    response.headers["Cache-Control"] = NEVER
    return response


def _tag() -> str:
    """Name all that a page is made of. The day is among it because pages say "3 days ago"."""
    parts = (
        generation().name,
        the(Static).version,
        reader_level(),
        request.full_path,
        request.headers.get(HEADER, ""),
        clock.now().date().isoformat(),
    )
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
