"""The short link: permanent, it opens an article in the reader's language, at the section that was meant."""

from urllib.parse import quote, urlencode

from flask import Blueprint, Response, make_response, redirect, request

from portal.content.page import Page
from portal.links.address import SECTION, VIA
from portal.web import access, arrivals, caching, languages
from portal.web.siblings import in_language, same_place

_CONTACT = "/<lang:lang>/contact"
_MOST_ANCHOR = 300

bp = Blueprint("short_links", __name__)


@bp.get("/a/<article_id>")
def show(article_id: str) -> Response:
    """Lead from the short link, which outlives every move, to where the article is today; count it if it was sent."""
    page = access.page_for(article_id)
    via = request.args.get(VIA, "")
    sent = arrivals.link_of(via)
    is_meant = sent is not None and sent.article == article_id
    anchor = request.args.get(SECTION, "") or (sent.anchor if sent and is_meant else "")
    opened = in_language(access.shelf(), page, _preferred(page))
    response = make_response(redirect(_address(opened, same_place(anchor[:_MOST_ANCHOR], page, opened))))
    if is_meant:
        arrivals.count_opening(via)
    return _for_this_reader(response)


@bp.after_app_request
def note_turning(response: Response) -> Response:
    """Note that somebody turned from an article they came to by a link to the contact page."""
    is_contact = request.url_rule is not None and request.url_rule.rule == _CONTACT and request.method == "GET"
    via = arrivals.via_of_page() if is_contact and response.status_code < 400 else ""  # noqa: PLR2004 - errors of HTTP
    if via:
        arrivals.count_turning(via)
    return response


def _preferred(page: Page) -> str:
    """Return the language that the reader likes best of those that there are; the article's own comes first."""
    return languages.preferred((page.card.lang, *(one.lang for one in page.translations)))


def _address(page: Page, anchor: str) -> str:
    """Return where an article is, with all that stood behind the question mark but the section."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != SECTION]
    asked = f"?{urlencode(kept)}" if kept else ""
    return f"{page.card.url}{asked}{'#' + quote(anchor) if anchor else ''}"


def _for_this_reader(response: Response) -> Response:
    response.vary.update(("Accept-Language", "Cookie"))
    if VIA in request.args:
        response.headers["Cache-Control"] = caching.NEVER
        return response
    return caching.for_reader(response)
