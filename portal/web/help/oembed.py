"""oEmbed 1.0 (oembed.com): what other programs show in place of a link to an article. Public articles alone."""

from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Response, abort, jsonify, request

from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.page import Card
from portal.content.shelf import Shelf
from portal.errors import NotFound
from portal.text import cut
from portal.web.context import generation, site, the
from portal.web.static import ASK_AGAIN

PATH = "/oembed"
WIDTH, HEIGHT = 600, 200
"""Pixels of what is shown, unless the consumer has less room."""
_MOST_SUMMARY = 300
_CACHE_SECONDS = 3600
_LONGEST = 2000
_NOT_IMPLEMENTED = 501

bp = Blueprint("oembed", __name__)


@dataclass(frozen=True, slots=True)
class Room:
    """How much room a consumer has, in pixels."""

    width: int = WIDTH
    height: int = HEIGHT


@bp.get(PATH)
def show() -> Response:
    """Describe the article at `url`. 404 for every other address; 501 for any format but JSON, as oEmbed says."""
    if request.args.get("format", "json") != "json":
        abort(_NOT_IMPLEMENTED)
    card = _article_at(request.args.get("url", "")[:_LONGEST])
    if card is None:
        raise NotFound
    room = Room(_at_most("maxwidth", WIDTH), _at_most("maxheight", HEIGHT))
    response = jsonify(_rich(card, room))
    response.headers["Cache-Control"] = ASK_AGAIN  # it is the same for every reader, whoever asks
    return response


def _rich(card: Card, room: Room) -> dict[str, object]:
    """Return the answer of type `rich`; its `html` is a quotation with a link, all of it escaped."""
    name, root = site().name_in(card.lang), _root()
    summary = f"<p>{escape(cut(card.summary, _MOST_SUMMARY))}</p>" if card.summary else ""
    link = f'<p><a href="{escape(root + card.url)}">{escape(card.title)}</a> · {escape(name)}</p>'
    return {
        "version": "1.0",
        "type": "rich",
        "title": card.title,
        "provider_name": name,
        "provider_url": f"{root}/{card.lang}/",
        "cache_age": _CACHE_SECONDS,
        "html": f'<blockquote lang="{escape(card.lang)}">{summary}{link}</blockquote>',
        "width": room.width,
        "height": room.height,
    }


def _article_at(url: str) -> Card | None:
    """Return the public article of an address of ours: a page's, an old one's, a short link's."""
    try:
        parts = urlsplit(url)
    except ValueError:  # such as for brackets around no address
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() not in _hosts():
        return None
    shelf = generation().level(Level.PUBLIC).shelf
    found = _id_at(shelf, unquote(parts.path))
    return shelf.cards([found]).get(found) if found else None


def _id_at(shelf: Shelf, path: str) -> str | None:
    first, _, rest = path.lstrip("/").partition("/")
    if first == "a":
        return rest
    folder, _, slug = rest.partition("/")
    if folder != "articles":
        return None
    moved = shelf.redirect(first, slug)
    return shelf.find(first, slug) or (shelf.find(first, unquote(moved.partition("/articles/")[2])) if moved else None)


def _hosts() -> set[str]:
    base = the(Portal).settings.base_url
    return {request.host.lower(), urlsplit(base).netloc.lower() if base else request.host.lower()}


def _root() -> str:
    return (the(Portal).settings.base_url or request.host_url).rstrip("/")


def _at_most(name: str, usual: int) -> int:
    given = request.args.get(name, "")
    return min(usual, int(given)) if given.isascii() and given.isdigit() and len(given) < len("100000") else usual
