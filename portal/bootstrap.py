"""bootstrap: the one place that picks real parts. Commands, the web and tests all begin here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from portal.db import Database
from portal.errors import Unavailable
from portal.events.privacy import Redactor
from portal.events.queue import Recorder
from portal.search.generation import Library
from portal.search.overlay import OverlayFile
from portal.settings import Settings

SPILL = "spill"
"""Folder in the data folder for events that wait for the database."""


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything that runs, put together. Opens nothing by itself: each part does when it is first used."""

    settings: Settings
    library: Library
    overlay: OverlayFile
    database: Database
    recorder: Recorder
    """Where what visitors do is written, off every request's way."""


def bootstrap(settings: Settings) -> Portal:
    """Put a portal together from its settings."""
    library = Library(settings.data / "generations", settings.encoder)
    database = Database(settings.database())
    return Portal(
        settings=settings,
        library=library,
        overlay=OverlayFile(settings.data / "overlay.json"),
        database=database,
        recorder=Recorder(database, settings.data / SPILL, redaction(library)),
    )


def redaction(library: Library) -> Callable[[str], str]:
    """Return what takes personal things out of a text, by the live generation's `portal.toml` each time."""
    return lambda text: _redactor(_order_numbers(library)).redact(text)


def _order_numbers(library: Library) -> tuple[str, ...]:
    """Return the company's own patterns; none before the first publishing, when there is nothing to search either."""
    try:
        return library.current().site.recording.order_numbers
    except Unavailable:
        return ()


@lru_cache(maxsize=4)
def _redactor(patterns: tuple[str, ...]) -> Redactor:
    return Redactor(patterns)
