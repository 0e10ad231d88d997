"""What goes wrong, as a page for people or a problem document for programs. One table for both."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from flask import Flask, Response, jsonify, request
from flask_babel import force_locale, lazy_gettext
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from portal import errors
from portal.web.access import shelf
from portal.web.caching import for_reader, fresh, never_kept
from portal.web.fragments import is_fragment
from portal.web.frame import AnyPage, render
from portal.web.lost import Lost, look_around
from portal.web.room_words import reworded
from portal.web.speech import OWN, page_language, speaks

PROGRAMS: Final = ("/api/", "/events")
"""Where addresses begin that programs ask, and scripts of a page."""
RETRY_AFTER_SECONDS: Final = 30
"""How long a client waits after a 503; the checks behind most of them look again within seconds."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """A status in words, put into the reader's language when they are shown: what happened, and what to do."""

    title: object
    todo: object


SAID: Final = {
    400: Said(
        lazy_gettext("This request could not be read"),
        lazy_gettext("Go back and try again, or start from the home page."),
    ),
    403: Said(
        lazy_gettext("This came from another site"),
        lazy_gettext(
            "For your safety, votes and forms are only taken from this help centre's own pages. "
            "Open the page here and send it again."
        ),
    ),
    404: Said(
        lazy_gettext("There is no page here"),
        lazy_gettext("The address may have a typing mistake, or the article is gone."),
    ),
    405: Said(lazy_gettext("That can't be done here"), lazy_gettext("Go back and use the buttons of the page.")),
    409: Said(
        lazy_gettext("Something has changed in the meantime"),
        lazy_gettext("Load the page again and have another look."),
    ),
    410: Said(
        lazy_gettext("This page is gone"), lazy_gettext("Search for what you need; there may be a newer article.")
    ),
    413: Said(lazy_gettext("That was too much to send"), lazy_gettext("Shorten what you wrote and send it again.")),
    422: Said(lazy_gettext("Something in this can't be used"), lazy_gettext("Go back, change it and send it again.")),
    429: Said(lazy_gettext("That was often in a short time"), lazy_gettext("Please wait a little, then try again.")),
    500: Said(
        lazy_gettext("Something went wrong on our side"),
        lazy_gettext(
            "Please try again in a minute. If it stays so, tell us the number below: it leads us to the cause."
        ),
    ),
    503: Said(lazy_gettext("This part is away for the moment"), lazy_gettext("Please try again in a minute.")),
}
STATUS: Final = (
    (errors.NotFound, 404),
    (errors.Forbidden, 403),
    (errors.Invalid, 422),
    (errors.TooLarge, 413),
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
    lost: Lost


def install(app: Flask) -> None:
    """Answer every error, whatever raised it."""
    app.register_error_handler(errors.PortalError, of_ours)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_nobody)


def of_ours(error: errors.PortalError) -> Response:
    """Answer an error that a room raised on purpose; its sentence is fit for people."""
    status = status_of(error)
    response = _moved() if isinstance(error, errors.NotFound) else None
    response = response or _answer(status, str(error))
    if isinstance(error, errors.TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def status_of(error: errors.PortalError) -> int:
    """Return the HTTP status of an error that a room raised."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


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
    return for_reader(Response(status=301, headers={"Location": url})) if url else None


def _answer(status: int, what: str, request_id: str = "") -> Response:
    is_program = request.path.startswith(PROGRAMS)
    response = problem(status, what, request_id) if is_program else _page(status, what, request_id)
    response.status_code = status
    if status == 503:  # noqa: PLR2004 - Service Unavailable
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return never_kept(response)


def problem(
    status: int, what: str, request_id: str = "", *, title: str = "", more: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """Return problem+json as RFC 9457 has it; `type` is about:blank, so `title` is the status in words.

    title: where programs need other words than people. more: members of this problem's own.
    """
    with force_locale(OWN):
        usual, todo = _in_words(status)
    body = {"type": "about:blank", "title": title or usual, "status": status, "detail": what or todo, **more}
    response = jsonify(body | ({"request_id": request_id} if request_id else {}))
    response.status_code = status
    response.mimetype = "application/problem+json"
    return never_kept(response)


def _page(status: int, what: str, request_id: str) -> Response:
    try:
        page = _error_page(status, what, request_id)
        template = "errors/_error.html" if is_fragment() else "errors/error.html"
        return fresh(render(template, page))
    except Exception:  # noqa: BLE001 - the outermost page: whatever breaks it, the reader gets words
        _log.exception("the page for status %s failed itself", status)
        title, todo = _in_words(status)
        return Response(f"{title}. {todo} {request_id}\n", mimetype="text/plain")


def _error_page(status: int, what: str, request_id: str) -> ErrorPage:
    title, todo = _in_words(status)
    lang = page_language()
    return ErrorPage(
        title=title,
        lang=lang,
        status=status,
        todo=todo,
        what=_spoken(what, lang),
        request_id=request_id,
        lost=look_around(lang) if status == 404 else Lost(),  # noqa: PLR2004 - Not Found
    )


def _spoken(what: str, lang: str) -> str:
    """Return a room's own sentence in the page's language; none, rather than English words, where it has no other."""
    said = reworded(what)
    return said if said != what or speaks(lang) == OWN else ""


def _in_words(status: int) -> tuple[str, str]:
    """Return (title, what to do)."""
    said = _said(status)
    return str(said.title), str(said.todo)


def _said(status: int) -> Said:
    return SAID.get(status) or SAID[500 if status >= 500 else 400]  # noqa: PLR2004 - HTTP's two halves of errors
