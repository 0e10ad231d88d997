"""bootstrap: the one place that picks real parts. Commands, the web and tests all begin here."""

from dataclasses import dataclass

from portal.db import Database
from portal.search.generation import Library
from portal.search.overlay import OverlayFile
from portal.settings import Settings


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything that runs, put together. Opens nothing by itself: each part does when it is first used."""

    settings: Settings
    library: Library
    overlay: OverlayFile
    database: Database


def bootstrap(settings: Settings) -> Portal:
    """Put a portal together from its settings."""
    return Portal(
        settings=settings,
        library=Library(settings.data / "generations", settings.encoder),
        overlay=OverlayFile(settings.data / "overlay.json"),
        database=Database(settings.database()),
    )
