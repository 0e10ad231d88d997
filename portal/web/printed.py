"""Printed pages: public pages as they were rendered when they were published, so that a request only reads a row.

They lie beside the generations, in one file for a generation and an *edition*: all that a page is made of beside the
articles. Wherever a file is missing or damaged, pages are rendered as they are asked for, with the same bytes.
"""

import logging
import sqlite3
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, request

from portal.bootstrap import Portal
from portal.content.finished_file import FinishedFile
from portal.errors import PortalError
from portal.search.generation import Generation
from portal.settings import ROOT
from portal.web.access import is_anybody
from portal.web.caching import Kept, answer_packed
from portal.web.compression import Packed
from portal.web.context import generation, put, the
from portal.web.customers import CustomerDoor
from portal.web.fragments import is_fragment
from portal.web.static import Static, digest

FOLDER = "printed"
PRINTING = "portal.printing"
"""Key of the WSGI environment in a request of the press's own, which is never answered from print."""
_MADE_OF = ("web/**/*.py", "web/**/*.po")
_log = logging.getLogger(__name__)


class Printed:
    """The pages of one generation; read-only, safe for threads."""

    def __init__(self, path: Path) -> None:
        """path: a file that `print_pages` finished."""
        self.path = path
        self._file = FinishedFile(path)

    def get(self, path: str) -> Packed | None:
        """Return the page at an address."""
        row = self._file.one("SELECT body, is_gzip, tag FROM pages WHERE path = ?", path)
        return Packed(row[0], bool(row[1]), row[2]) if row else None

    def rows(self) -> dict[str, tuple[object, ...]]:
        """Return what is printed, as it lies in the file, by address; nothing where it can't be read."""
        try:
            rows = self._file.all("SELECT path, print, body, is_gzip, tag FROM pages")
        except sqlite3.DatabaseError:
            return {}
        return {row[0]: row[1:] for row in rows}


class Press:
    """Knows where printed pages lie, and serves those of the live generation."""

    def __init__(self, folder: Path, edition: str) -> None:
        """folder: `printed` in the data folder; may not exist yet. edition: fingerprint of code, words and settings."""
        self.folder = folder
        self.edition = edition
        self._open: tuple[str, Printed] | None = None

    def path(self, of: Generation) -> Path:
        """Return where a generation's pages lie, once they are printed."""
        return self.folder / f"{of.name}.{self.edition}.sqlite"

    def page(self, of: Generation, path: str) -> Packed | None:
        """Return a printed page, None where there is none yet."""
        name, printed = self._open or ("", None)
        if printed is None or name != of.name:
            if not self.path(of).exists():
                return None
            printed = Printed(self.path(of))
            self._open = of.name, printed
        try:
            return printed.get(path)
        except sqlite3.DatabaseError:
            _log.exception("printed pages can't be read; they are rendered instead")
            with suppress(OSError):
                printed.path.unlink()
            self._open = None
            return None


def install(app: Flask, portal: Portal) -> None:
    """Serve printed pages before any view is asked."""
    door = CustomerDoor.of(portal.settings)
    told = f"{portal.settings.base_url or ''} {door.takes_links} {door.has_issuer}"
    put(app, Press(portal.settings.data / FOLDER, _edition(app, told)))
    app.before_request(serve_printed)


def serve_printed() -> Response | None:
    """Answer with a printed page; None lets the view answer."""
    if request.method not in {"GET", "HEAD"} or request.query_string or is_fragment():
        return None
    if PRINTING in request.environ or not is_anybody():
        return None
    try:
        live = generation()
    except PortalError:
        return None
    kept, key = the(Kept), (FOLDER, live.name, request.path)
    page = kept.find(key)
    if page is None:
        page = the(Press).page(live, request.path)
        if page is None:
            return None
        kept.keep(key, page)  # reading a row lets other threads go first, which costs more than the reading
    return answer_packed(page)


def _edition(app: Flask, told: str) -> str:
    """Name all that pages are made of beside a generation. told: those settings that show in them."""
    with app.app_context():
        version = the(Static).version
    sources = (file.read_bytes() for pattern in _MADE_OF for file in sorted((ROOT / "portal").glob(pattern)))
    return digest(version.encode(), told.encode(), *sources)
