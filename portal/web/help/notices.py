"""Notices: what is said to everybody for a while, such as a known problem."""

from flask import Blueprint, Response

from portal.web import caching, languages
from portal.web.access import shelf
from portal.web.frame import render
from portal.web.help.pages import NoticesPage

bp = Blueprint("notices", __name__)


@bp.get("/<lang:lang>/notices")
def show(lang: str) -> Response:
    """List of the notices of today; one that there is none is a page too, as links to it outlive them."""
    here = shelf()
    lang = languages.known(lang, here.languages())
    return caching.answer(lambda: render("help/notices.html", NoticesPage.of(here, lang)))
