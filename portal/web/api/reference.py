"""`/api/v1/openapi.json`, and the same to be read by people: `/api/v1/docs`."""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from portal.bootstrap import Portal
from portal.web import caching
from portal.web.api.document import SCOPES, document, parsed
from portal.web.api.pages import Tag, tags_of
from portal.web.context import the
from portal.web.frame import AnyPage, render
from portal.web.speech import OWN

bp = Blueprint("api_documents", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocsPage(AnyPage):
    """api/docs.html."""

    about: tuple[str, ...]
    tags: tuple[Tag, ...]
    scopes: tuple[tuple[str, str], ...]


@bp.get("/openapi.json")
def show_document() -> Response:
    """Return the document; it changes with a new version of Signpost, and with the languages."""
    return caching.answer(document, "application/json")


@bp.get("/docs")
def show_docs() -> Response:
    """Show the document as a page, in English, as it is written for whoever writes programs."""
    return caching.answer(lambda: render("api/docs.html", _page()), has_addresses=True)


def _page() -> DocsPage:
    made = parsed()
    base = (the(Portal).settings.base_url or request.host_url).rstrip("/")
    return DocsPage(
        title="API",
        lang=OWN,
        description="What this help centre does, for programs: every operation, with what it takes and answers.",
        about=tuple(made["info"]["description"].split("\n\n")),
        tags=tags_of(made, base),
        scopes=tuple((str(scope), words) for scope, words in SCOPES.items()),
    )
