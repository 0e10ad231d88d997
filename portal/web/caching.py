"""What browsers and proxies may keep, and when they need not be sent it again.

A public page comes from here, in this order: kept in this process since somebody asked for it, printed when it was
published (`press`), rendered now. All three are the same bytes under the same ETag.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Flask, Response, request

from portal.bootstrap import Portal
from portal.links.address import VIA
from portal.search.recent import Recent
from portal.web.access import is_anybody, reader_level
from portal.web.compression import Packed, not_modified, send
from portal.web.context import generation, put, the
from portal.web.customers import customer
from portal.web.fragments import HEADER, is_fragment
from portal.web.static import ASK_AGAIN, Static

NEVER = "no-store"
MOST_KEPT = 1024
"""Pages kept in each process; some 8 kB each."""

Key = tuple[str, ...]


class Kept(Recent[Key, Packed]):
    """Pages that were rendered since the start, the latest asked for."""


def install(app: Flask) -> None:
    """Give the app its memory."""
    put(app, Kept(MOST_KEPT))


def answer(
    make: Callable[[], str], media_type: str = "text/html", *, is_live: bool = False, has_addresses: bool = False
) -> Response:
    """Answer with what `make` returns, or with 304 when the client has just that.

    For what a generation decides, asked for after the article was found: a page that is missing must not be 304.
    is_live: it shows live facts (`Portal.overlay`) too. has_addresses: it holds whole addresses, so that, as long
    as the portal was not told its own, it depends on the one that was asked for.
    """
    if customer():  # the page bears a name, so it is nobody else's
        return answer_packed(_pack(make), media_type)
    key = _key(is_live=is_live, has_addresses=has_addresses)
    return answer_packed(the(Kept).answer(key, lambda: _pack(make)), media_type)


def answer_packed(packed: Packed, media_type: str = "text/html") -> Response:
    """Answer with a page that is there already."""
    if request.if_none_match.contains_weak(packed.tag):
        response = not_modified(packed)
    else:
        response = send(packed, media_type, request.headers.get("Accept-Encoding", ""))
    return for_reader(response)


def for_reader(response: Response, *, policy: str = ASK_AGAIN) -> Response:
    """Let everybody's pages be kept under `policy`, and nobody keep what only some may read."""
    if is_anybody():
        response.headers["Cache-Control"] = policy
        return response
    response.headers["Cache-Control"] = f"private, {NEVER}"
    response.vary.update(("Cookie", "Authorization"))
    return response


def never_kept(response: Response) -> Response:
    """Mark an answer that is one person's, or that changes without a new generation."""
    response.headers["Cache-Control"] = NEVER
    return response


def fresh(text: str) -> Response:
    """Answer with a page that is one person's, such as their search; in small, as it is the largest part of the way.

    Nothing secret stands in it beside what was asked, so its length tells nothing (BREACH).
    """
    response = never_kept(
        send(
            Packed.of(text.encode("utf-8", "surrogatepass"), level=4),
            "text/html",
            request.headers.get("Accept-Encoding", ""),
        )
    )
    response.headers.pop("ETag", None)
    response.headers["Vary"] = f"Accept-Encoding, {HEADER}"
    return response


def _pack(make: Callable[[], str]) -> Packed:
    return Packed.of(make().encode("utf-8", "surrogatepass"))


def _asked() -> str:
    """Return the address that was asked for; by which link somebody came changes nothing on a page."""
    if f"{VIA}=" not in request.full_path:
        return request.full_path
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != VIA]
    return f"{request.path}?{urlencode(kept)}"


def _key(*, is_live: bool, has_addresses: bool) -> Key:
    """Name all that a page is made of."""
    portal = the(Portal)
    return (
        generation().name,
        the(Static).version,
        reader_level(),
        _asked(),
        request.headers.get(HEADER, "") if is_fragment() else "-",
        portal.overlay.current().version if is_live else "",
        request.host_url if has_addresses and not portal.settings.base_url else "",
    )
