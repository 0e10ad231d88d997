"""Press: prints every public page of a generation that went live.

What unknown readers may not see is never printed, and neither is what changes without a commit.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from flask import Flask

from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.shelf import Shelf
from portal.web.context import site, the
from portal.web.frame import AnyPage, frame_of
from portal.web.help.pages import ArticlePage
from portal.web.printed import PRINTING, Press, Printed
from portal.web.static import digest

MEDIA_TYPE = "text/html"
_LOCK = ".lock"
_SCHEMA = "CREATE TABLE pages (path TEXT PRIMARY KEY, print TEXT, body BLOB, is_gzip INTEGER, tag TEXT) WITHOUT ROWID"


@dataclass(frozen=True, slots=True)
class Printing:
    """What a printing came to."""

    pages: int
    reused: int
    """Those that are as they were in the generation before."""
    seconds: float


def print_pages(app: Flask) -> Printing | None:
    """Print the live generation, once. Returns None where that is done already, or where a newer one came meanwhile."""
    began = monotonic()
    with app.app_context():
        portal, press = the(Portal), the(Press)
    live = portal.library.current()
    target = press.path(live)
    if target.exists():
        return None
    with _alone(press.folder) as is_alone:
        if not is_alone:
            return None
        beside = target.with_suffix(".new")
        beside.unlink(missing_ok=True)
        with closing(sqlite3.connect(beside)) as db:
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            db.execute(_SCHEMA)
            pages, reused = _print(app, live.level(Level.PUBLIC).shelf, db, _latest(press))
            db.commit()
        is_still_live = portal.library.current().name == live.name
        if is_still_live:
            beside.replace(target)
        _tidy(press, portal)
    return Printing(pages, reused, monotonic() - began) if is_still_live else None


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Hold the folder's lock, as the kernel keeps it; say whether nobody else does."""
    folder.mkdir(exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _print(app: Flask, shelf: Shelf, db: sqlite3.Connection, before: Path | None) -> tuple[int, int]:
    """Print every page, taking over what is as it was; return (pages, those taken over)."""
    client = app.test_client()
    old = Printed(before).rows() if before else {}
    count = reused = 0
    for path, fingerprint in _pages(app, shelf):
        row = old.get(path)
        if row is None or not fingerprint or row[0] != fingerprint:
            answer = client.get(path, headers={"Accept-Encoding": "gzip"}, environ_overrides={PRINTING: True})
            if answer.status_code != 200 or answer.mimetype != MEDIA_TYPE:  # noqa: PLR2004 - OK
                continue
            if answer.cache_control.no_store:  # one person's, as a contact page with the form on it
                continue
            is_gzip = answer.headers.get("Content-Encoding") == "gzip"
            row = (fingerprint, answer.data, is_gzip, answer.get_etag()[0])
        else:
            reused += 1
        db.execute("INSERT INTO pages VALUES (?, ?, ?, ?, ?)", (path, *row))
        count += 1
    return count, reused


def _pages(app: Flask, shelf: Shelf) -> Iterator[tuple[str, str]]:
    """Give every address to be printed, and a name of all that its page shows; empty where that isn't worth knowing."""
    for lang in shelf.languages():
        yield from ((topic.url, "") for topic in shelf.topics(lang))
        yield from ((f"/{lang}/{name}", "") for name in ("contact", "notices"))
        yield from _articles(app, shelf, lang)


def _articles(app: Flask, shelf: Shelf, lang: str) -> list[tuple[str, str]]:
    """Name all that each article's template is told."""
    with app.test_request_context(f"/{lang}/", environ_overrides={PRINTING: True}):
        around, about = repr(frame_of(AnyPage(title="", lang=lang))), site()
        pages = (shelf.page(place.id) for place in shelf.places() if place.lang == lang)
        return [(page.card.url, _named(around, repr(ArticlePage.of(page, about, shelf)))) for page in pages if page]


def _named(*parts: str) -> str:
    return digest(*(part.encode("utf-8", "surrogatepass") for part in parts))


def _latest(press: Press) -> Path | None:
    """Return the last file of this edition that was printed."""
    found = sorted(press.folder.glob(f"*.{press.edition}.sqlite"), key=lambda file: file.stat().st_mtime)
    return found[-1] if found else None


def _tidy(press: Press, portal: Portal) -> None:
    """Remove what is left of generations that are gone, and of printings that were killed."""
    there = set(portal.library.names())
    for file in press.folder.iterdir():
        if file.name != _LOCK and file.name.partition(".")[0] not in there:
            with suppress(OSError):
                file.unlink()
