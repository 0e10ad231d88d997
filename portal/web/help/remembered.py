"""Remembered: what cookies of this site hold of its reader, to be seen, chosen and cleared; never cached.

The home page is the same for everybody; a script asks this address for the part of it that is not.
"""

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.bootstrap import Portal
from portal.web import caching, customers, languages, readers, visitors, voters
from portal.web.access import shelf
from portal.web.context import the
from portal.web.fragments import is_fragment
from portal.web.frame import render
from portal.web.help.remembered_pages import PersonalPart, RememberedPage
from portal.web.staff import next_or

ON_HOME = 3
"""Articles read last that the home page shows, in the place of the popular ones."""

bp = Blueprint("remembered", __name__, url_prefix="/<lang:lang>/remembered")


@bp.get("")
def show(lang: str) -> Response:
    """Show all that is remembered; to the home page's script, what it can use, or nothing (204)."""
    lang = languages.known(lang, shelf().languages())
    if is_fragment():
        return _part(lang)
    held = frozenset(request.cookies) & {
        readers.COOKIE, visitors.COOKIE, voters.COOKIE, languages.COOKIE, customers.COOKIE,
    }  # fmt: skip
    page = RememberedPage.of(
        shelf(), lang, mine=readers.products_in_force(lang), read=readers.recently_read(lang, readers.MOST_READ),
        held=held, cleared=request.args.get("cleared", ""),
    )  # fmt: skip
    return caching.fresh(render("help/remembered.html", page))


@bp.post("/products")
def choose(lang: str) -> AnyResponse:
    """Remember the products that were chosen; none means that all count alike."""
    lang = languages.known(lang, shelf().languages())
    wanted = tuple(one for one in request.form.getlist("product")[: readers.MOST_PRODUCTS] if one)
    response = redirect(next_or(f"/{lang}/remembered", request.form.get("next")), 303)
    response.headers["Cache-Control"] = caching.NEVER
    readers.choose(wanted, lang, response)
    return response


@bp.post("/removal")
def clear(lang: str) -> AnyResponse:
    """Have the browser forget products, what was read, and the key of visits; the voter's key only if they ask."""
    lang = languages.known(lang, shelf().languages())
    has_votes = request.form.get("votes") == "1"
    response = redirect(f"/{lang}/remembered?cleared={'votes' if has_votes else 'yes'}", 303)
    response.headers["Cache-Control"] = caching.NEVER
    for name in (readers.COOKIE, visitors.COOKIE, *([voters.COOKIE] if has_votes else [])):
        response.delete_cookie(name, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _part(lang: str) -> Response:
    mine, read = readers.products_in_force(lang), readers.recently_read(lang, ON_HOME)
    if not mine and not read:
        return caching.never_kept(Response(status=204))
    helpful = the(Portal).overlay.current().most_helpful.get(lang, ())
    return caching.fresh(render("help/_personal.html", PersonalPart.of(shelf(), lang, mine, read, helpful)))
