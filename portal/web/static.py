"""Stylesheet, scripts and icons: read once at the start, named by what is in them, kept by browsers for a year."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, request

from portal.errors import NotFound
from portal.web import colours
from portal.web.access import site_files
from portal.web.compression import Packed, send
from portal.web.context import put, site, the

STYLES = (
    "tokens", "reset", "base", "layout", "icon", "header", "menu", "footer", "search-box", "welcome", "button", "field",
    "card-list", "topics", "channels", "crumbs", "answer", "hit", "filters", "pager", "beside", "article", "code",
    "admonition", "table", "tabs", "contents", "vote", "request", "writing", "talk", "notice", "error", "desk",
    "desk-form", "people", "desk-table", "plot", "gap-list", "gap", "diff", "flags", "customer", "personal", "widget",
    "inbox", "thread", "api", "token", "webhook", "picker", "utilities", "print",
)  # fmt: skip
"""The files of static/css in the order in which they are joined; one file a component."""
DARK = "dark"
"""The file with what tokens.css says otherwise in dark mode."""
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, max-age=0, must-revalidate"

bp = Blueprint("static", __name__)


@dataclass(frozen=True, slots=True)
class Static:
    """What lies in `static/` and `templates/`, as it was when the server started."""

    styles: str
    files: Mapping[str, Packed]
    version: str
    """Names the content of all of them: in addresses of files, and in the ETag of every page."""

    @classmethod
    def read(cls, static: Path, templates: Path) -> "Static":
        """Read both folders. Raises FileNotFoundError when a stylesheet of STYLES is missing."""
        sheets = {name: (static / "css" / f"{name}.css").read_text("utf-8") for name in (*STYLES, DARK)}
        sheets["tokens"] += colours.in_the_dark(sheets.pop(DARK))
        styles = "\n".join(sheets[name] for name in STYLES)
        paths = sorted(path for path in static.rglob("*") if path.is_file() and path.suffix not in {".css", ".md"})
        files = {path.relative_to(static).as_posix(): Packed.of(path.read_bytes(), level=9) for path in paths}
        pages = [path.read_bytes() for path in sorted(templates.rglob("*.*"))]
        contents = (one.plain() for one in files.values())
        return cls(styles, files, digest(styles.encode(), *contents, *pages))

    def stylesheet(self, accent: str, own: str = "") -> tuple[str, Packed]:
        """Return (version, CSS): the house's own, the tones of an accent, and the company's rules last."""
        return _finished(self.styles, accent, own)


def install(app: Flask, static: Path, templates: Path) -> None:
    """Give the app its files and their addresses."""
    put(app, Static.read(static, templates))
    app.register_blueprint(bp)


@bp.get("/static/<version>/site.css")
def stylesheet(version: str) -> Response:
    """Return the one stylesheet."""
    present, text = the(Static).stylesheet(site().accent, site_files().stylesheet)
    return _answer(text, "text/css", is_present=version == present)


@bp.get("/static/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    """Return a script or an icon."""
    content = the(Static).files.get(name)
    if content is None:
        raise NotFound
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _answer(content, media_type, is_present=version == the(Static).version)


def _answer(content: Packed, media_type: str, *, is_present: bool) -> Response:
    """Answer an old page's request with today's file too, but let nobody keep it under the old name."""
    response = send(content, media_type, request.headers.get("Accept-Encoding", ""))
    response.headers["Cache-Control"] = FOREVER if is_present else ASK_AGAIN
    response.make_conditional(request)
    return response


@lru_cache(maxsize=8)
def _finished(styles: str, accent: str, own: str) -> tuple[str, Packed]:
    text = f"{styles}\n{colours.stylesheet(accent)}\n{own}".encode()
    return digest(text), Packed.of(text, level=9)


def digest(*parts: bytes) -> str:
    """Return 16 hexadecimal digits that name these bytes, in this order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()[:16]
