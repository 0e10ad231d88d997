"""Demo: the widget on a made-up page, and the lines to copy."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.contact import WidgetRule
from portal.web import caching, languages
from portal.web.context import generation, site, the
from portal.web.frame import AnyPage, frame_of
from portal.web.security import HEADERS
from portal.web.widget.frame import PATH_LIMIT, THEMES, origins

POLICY = "Content-Security-Policy"

bp = Blueprint("widget_demo", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPage(AnyPage):
    """widget/demo.html."""

    base: str
    origins: tuple[str, ...]
    rules: tuple[WidgetRule, ...]
    path: str
    """The page of the made-up site that is shown; empty for its first one."""
    theme: str
    """light or dark; empty for the reader's own."""


@bp.get("/widget/demo")
def show() -> Response:
    """Show a made-up page with the widget; it frames our own pages, and nothing else does."""
    lang = languages.preferred(generation().level(Level.PUBLIC).shelf.languages())
    given = request.args
    page = DemoPage(
        title=gettext("The widget on a page"),
        lang=lang,
        base=the(Portal).settings.base_url or request.host_url.rstrip("/"),
        origins=origins(),
        rules=site().widget.rules,
        path=given.get("path", "")[:PATH_LIMIT],
        theme=given.get("theme", "") if given.get("theme") in THEMES else "",
    )
    response = caching.fresh(render_template("widget/demo.html", page=page, frame=frame_of(page)))
    response.headers[POLICY] = f"{HEADERS[POLICY]}; frame-src 'self'"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
