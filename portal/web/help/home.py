"""`/` chooses a language; `/<lang>/` is where a customer begins."""

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.bootstrap import Portal
from portal.content.shelf import Shelf
from portal.web import caching, languages
from portal.web.access import shelf
from portal.web.context import the
from portal.web.frame import render
from portal.web.help.pages import HomePage

RECENT = 6

bp = Blueprint("home", __name__)


@bp.get("/")
def choose() -> AnyResponse:
    """Send a reader to the home page in a language of theirs."""
    response = redirect(f"/{languages.preferred(shelf().languages())}/")
    response.headers["Cache-Control"] = caching.NEVER
    response.vary.update(("Cookie", "Accept-Language"))
    return response


@bp.get("/<lang:lang>/")
def show(lang: str) -> Response:
    """Home page of one language."""
    here = shelf()
    lang = languages.known(lang, here.languages())
    return caching.answer(lambda: render("help/home.html", _page(here, lang)), is_live=True)


def _page(here: Shelf, lang: str) -> HomePage:
    helpful = the(Portal).overlay.current().most_helpful.get(lang, ())
    return HomePage.of(here, lang, recent=RECENT, helpful=helpful)
