"""The widget's frame: who may show it, who reads in it, what the page around it says, and `render`.

A room's blueprint is made by `room`, so that every answer of it, a refusal too, may be framed by those origins that
`portal.toml` names, and by nobody else.
"""

import re
from dataclasses import dataclass, field

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.shelf import Shelf
from portal.errors import PortalError, TooMany
from portal.search.level import LevelReader
from portal.text import one_line
from portal.web import access, caching
from portal.web.context import generation, site, the
from portal.web.customers import customer
from portal.web.errors import SAID, status_of
from portal.web.fragments import is_fragment
from portal.web.frame import AnyPage, frame_of
from portal.web.languages import known
from portal.web.room_words import reworded
from portal.web.security import framed_by
from portal.web.speech import page_language
from portal.web.voters import VoterKeys

PATH_LIMIT = 500
"""Characters of a page's path that are looked at."""
THEMES = ("light", "dark")
_ACCENT = re.compile(r"[0-9a-f]{6}")
_PORTS = {"https://": ":443", "http://": ":80"}


@dataclass(frozen=True, slots=True)
class Host:
    """What the page around the frame says of itself; everything is empty where it says nothing that can be used."""

    origin: str
    """Where it is; one of those that may show the frame, or ourselves."""
    path: str
    theme: str
    """light or dark."""
    accent: str
    """Six hexadecimal digits."""
    voter: str
    """A voter's key, for a frame on another site, where browsers keep no cookies of ours; empty elsewhere."""

    @classmethod
    def asked(cls) -> "Host":
        """Return what this request's address says."""
        given = request.args
        origin, theme, accent = given.get("host", ""), given.get("theme", ""), given.get("accent", "").lower()
        may_show = (request.host_url.rstrip("/"), the(Portal).settings.base_url, *origins())
        is_cross_site = request.headers.get("Sec-Fetch-Site") == "cross-site"
        return cls(
            origin=origin if origin in may_show else "",
            path=path(),
            theme=theme if theme in THEMES else "",
            accent=accent if _ACCENT.fullmatch(accent) else "",
            voter=the(VoterKeys).make() if is_cross_site else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetPage(AnyPage):
    """What every page of the widget tells of itself."""

    host: Host = field(default_factory=Host.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalPage(WidgetPage):
    """widget/refused.html."""

    what: str


def room(name: str, module: str, url: str) -> Blueprint:
    """Return a blueprint of the widget. url: with `<lang:lang>` where pages are in a language."""
    bp = Blueprint(f"widget_{name}", module, url_prefix=url)
    bp.after_request(_let_in)
    bp.register_error_handler(PortalError, refused)
    return bp


def origins() -> tuple[str, ...]:
    """Return the origins that may show the widget, as browsers write them, without a needless port."""
    return tuple(_plain(one) for one in site().widget.origins)


def path() -> str:
    """Return the path of the page around the frame; empty for none."""
    asked = one_line(request.args.get("path", "")[:PATH_LIMIT])
    return asked if asked.startswith("/") else ""


def level() -> Level:
    """Return on which level the widget is read: a signed-in customer's, else the public one, for staff too.

    What staff alone may read has no place on the company's own pages.
    """
    here = access.reader_level()
    if here is not Level.STAFF:
        return here
    who = customer()
    return who.level if who else Level.PUBLIC


def reader() -> LevelReader:
    """Return what may be searched in the widget."""
    return generation().level(level())


def shelf() -> Shelf:
    """Return the pages that may be read in the widget."""
    return reader().shelf


def language(lang: str) -> str:
    """Return the language as this help centre writes it. Raises NotFound."""
    return known(lang, shelf().languages())


def render(name: str, page: WidgetPage) -> str:
    """Render a part of the widget by itself for a script, or in the widget's frame."""
    template = f"widget/_{name}.html" if is_fragment() else "widget/base.html"
    return render_template(template, page=page, frame=frame_of(page), part=f"widget/_{name}.html")


def answer(name: str, page: WidgetPage, status: int = 200) -> Response:
    """Answer with a part of the widget, which nobody keeps: it is small, and may bear somebody's key."""
    response = caching.fresh(render(name, page))
    response.status_code = status
    return response


def refused(error: PortalError) -> Response:
    """Answer what was refused, inside the frame."""
    status = status_of(error)
    page = RefusalPage(title=str(SAID[status].title), lang=page_language(), what=reworded(error) or _todo(status))
    response = answer("refused", page, status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _todo(status: int) -> str:
    missing = 404
    return gettext("It may have moved. Search for it by its words.") if status == missing else str(SAID[status].todo)


def _let_in(response: Response) -> Response:
    """Let the company's own pages frame it, and no search engine list it."""
    response.headers["X-Robots-Tag"] = "noindex"
    return framed_by(response, origins())


def _plain(origin: str) -> str:
    scheme = f"{origin.partition('://')[0]}://"
    return origin.removesuffix(_PORTS.get(scheme, ""))
