"""What goes wrong, as a page for people or a problem document for programs. One table for both."""

import logging
import secrets
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, jsonify, request
from jinja2 import TemplateError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from portal import errors
from portal.content.page import Card
from portal.search.hits import Query
from portal.text import one_line, slugify
from portal.web.access import level_reader, shelf
from portal.web.caching import never_kept
from portal.web.fragments import is_fragment
from portal.web.frame import AnyPage, render
from portal.web.languages import preferred
from portal.web.static import ASK_AGAIN

API: Final = "/api/"
NEAREST: Final = 5
RETRY_AFTER_SECONDS: Final = 30
"""How long a client waits after a 503; the checks behind most of them look again within seconds."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """A status in words: what happened, and what to do."""

    title: str
    todo: str


SAID: Final = {
    400: Said("This request could not be read", "Go back and try again, or start from the home page."),
    403: Said(
        "This came from another site",
        "For your safety, votes and forms are only taken from this help centre's own pages. "
        "Open the page here and send it again.",
    ),
    404: Said("There is no page here", "The address may have a typing mistake, or the article is gone. Search for it."),
    405: Said("That can't be done here", "Go back and use the buttons of the page."),
    409: Said("Something has changed in the meantime", "Load the page again and have another look."),
    410: Said("This page is gone", "Search for what you need; there may be a newer article."),
    413: Said("That was too much to send", "Shorten what you wrote and send it again."),
    422: Said("Something in this can't be used", "Go back, change it and send it again."),
    429: Said("That was often in a short time", "Please wait a little, then try again."),
    500: Said(
        "Something went wrong on our side",
        "Please try again in a minute. If it stays so, tell us the number below: it leads us to the cause.",
    ),
    503: Said("This part is away for the moment", "Please try again in a minute."),
}
STATUS: Final = (
    (errors.NotFound, 404),
    (errors.Forbidden, 403),
    (errors.Invalid, 422),
    (errors.Conflict, 409),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
    (errors.PortalError, 500),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage(AnyPage):
    """errors/error.html."""

    status: int
    todo: str
    what: str
    """What the room that refused had to say, if anything."""
    request_id: str
    nearest: tuple[Card, ...]


def install(app: Flask) -> None:
    """Answer every error, whatever raised it."""
    app.register_error_handler(errors.PortalError, of_ours)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_nobody)


def of_ours(error: errors.PortalError) -> Response:
    """Answer an error that a room raised on purpose; its sentence is fit for people."""
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    response = _moved() if isinstance(error, errors.NotFound) else None
    response = response or _answer(status, str(error))
    if isinstance(error, errors.TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def of_http(error: HTTPException) -> AnyResponse:
    """Answer what Flask refused by itself; its redirects pass as they are."""
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - where HTTP's errors begin
        return AnyResponse.force_type(error.get_response(), request.environ)
    response = (_moved() if status == 404 else None) or _answer(status, "")  # noqa: PLR2004 - Not Found
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Content-Range", "Retry-After"}}
    response.headers.update(kept)
    return response


def of_nobody(error: Exception) -> Response:
    """Answer a mistake of ours: logged under a number that the reader is told, and no word of it shown."""
    request_id = secrets.token_hex(6)
    _log.error("request %s failed: %s %s", request_id, request.method, request.path, exc_info=error)
    return _answer(500, "", request_id)


def _moved() -> Response | None:
    """Lead on from an address that an article had in a former help centre, as its `aliases` say."""
    if request.method not in {"GET", "HEAD"}:
        return None
    try:
        url = shelf().redirect("", request.path.rstrip("/"))
    except errors.PortalError:
        return None
    return Response(status=301, headers={"Location": url, "Cache-Control": ASK_AGAIN}) if url else None


def _answer(status: int, what: str, request_id: str = "") -> Response:
    is_program = request.path.startswith(API)
    response = _problem(status, what, request_id) if is_program else _page(status, what, request_id)
    response.status_code = status
    if status == 503:  # noqa: PLR2004 - Service Unavailable
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return never_kept(response)


def _problem(status: int, what: str, request_id: str) -> Response:
    """Return problem+json as RFC 9457 has it; `type` is about:blank, so `title` is the status in words."""
    said = _said(status)
    body = {"type": "about:blank", "title": said.title, "status": status, "detail": what or said.todo}
    response = jsonify(body | ({"request_id": request_id} if request_id else {}))
    response.mimetype = "application/problem+json"
    return response


def _page(status: int, what: str, request_id: str) -> Response:
    try:
        page = _error_page(status, what, request_id)
        template = "errors/_error.html" if is_fragment() else "errors/error.html"
        return Response(render(template, page))
    except (errors.PortalError, TemplateError, OSError):
        _log.exception("the page for status %s failed itself", status)
        return Response(f"{_said(status).title}. {_said(status).todo} {request_id}\n", mimetype="text/plain")


def _error_page(status: int, what: str, request_id: str) -> ErrorPage:
    said = _said(status)
    lang = _language()
    return ErrorPage(
        title=said.title,
        lang=lang,
        status=status,
        todo=said.todo,
        what=what,
        request_id=request_id,
        nearest=_nearest(lang) if status == 404 else (),  # noqa: PLR2004 - Not Found
    )


def _said(status: int) -> Said:
    return SAID.get(status) or SAID[500 if status >= 500 else 400]  # noqa: PLR2004 - HTTP's two halves of errors


def _language() -> str:
    """Return the language of the address if it has one that is ours, else the reader's."""
    try:
        languages = shelf().languages()
    except errors.PortalError:
        return "en"
    first = request.path.split("/", 2)[1].casefold()
    return next((lang for lang in languages if lang.casefold() == first), None) or preferred(languages)


def _nearest(lang: str) -> tuple[Card, ...]:
    """Return the articles whose addresses are most like the last word of this one, then those that it would find."""
    wanted = one_line(request.path.rstrip("/").rpartition("/")[2]).removesuffix(".md")[:200]
    if not wanted or request.endpoint not in {None, "articles.show"}:
        return ()  # elsewhere the last word is an id, which says nothing of what was sought
    try:
        alike = shelf().nearest(lang, slugify(wanted), NEAREST)
        asked = Query(text=slugify(wanted).replace("-", " "), lang=lang)
        found = level_reader().search(asked, offset=0, limit=NEAREST).hits if len(alike) < NEAREST else ()
    except errors.PortalError:
        return ()
    return tuple({card.id: card for card in (*alike, *(hit.card for hit in found))}.values())[:NEAREST]
