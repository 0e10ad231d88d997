"""Writer: batches of events to the database, to a spill file while that is away, and back from there. One thread's."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from time import monotonic
from typing import Any

from portal.db import Database, transaction
from portal.errors import Unavailable
from portal.events import log
from portal.events.coding import to_row
from portal.events.kinds import KINDS, Event, Searched
from portal.events.spill import Spill, read_in
from portal.text import without_controls

AWAY_SECONDS = 5.0
"""How long the database is left alone after it did not answer: asking costs up to two seconds."""
LOOK_SECONDS = 30.0
"""How often the folder is looked at for what a process that died has left."""
PERSONAL = frozenset({"query", "corrected", "text", "reason", "conversation"})
"""Fields that hold what somebody wrote; `filters` too, whose values come from an address."""
_log = logging.getLogger(__name__)
_TEXTS = {kind: [field.name for field in fields(kind) if field.name in PERSONAL] for kind in KINDS}


class Writer:
    """Redacts and writes. Not for two threads at once."""

    def __init__(self, database: Database, spill: Path, redact: Callable[[str], str]) -> None:
        """As Recorder."""
        self._database = database
        self._folder = spill
        self._spill = Spill(spill)
        self._redact = redact
        self._away_until = 0.0
        self._look_next = 0.0

    def write(self, events: Sequence[Event]) -> int:
        """Write a batch; an empty one is a chance to read in what was spilled. Returns how many are lost for good."""
        clean = [event for event in map(self._redacted, events) if event is not None]
        lost = len(events) - len(clean)
        if monotonic() < self._away_until:
            return lost + self._set_aside(clean)
        try:
            lost += self._append(clean) if clean else 0
            self._look_after_spill()
        except Unavailable:
            if not self._spill.is_open:
                _log.warning("The database is away; events are kept in files until it is back")
            self._away_until = monotonic() + AWAY_SECONDS
            return lost + self._set_aside(clean)
        return lost

    def read_in(self) -> int:
        """Read in all that may be; return how many events. Raises Unavailable."""
        return read_in(self._folder, self._append)

    def close(self) -> None:
        """Let go of the spill file, so that another process may read it in."""
        self._spill.close()

    def _redacted(self, event: Event) -> Event | None:
        """Return the event without what is personal; None where that went wrong, for then it must not be written."""
        try:
            changes: dict[str, Any] = {
                name: self._clean(text) for name in _TEXTS[type(event)] if (text := getattr(event, name))
            }
            if isinstance(event, Searched) and event.filters:
                changes["filters"] = {name: self._clean(value) for name, value in event.filters.items()}
            clean = replace(event, **changes) if changes else event
            to_row(clean)
        except Exception as error:  # noqa: BLE001 - one event's loss; the error's text may hold what is personal
            _log.warning("An event could not be redacted, and is lost: %s", type(error).__name__)
            return None
        return clean

    def _clean(self, text: str) -> str:
        return self._redact(without_controls(text))

    def _append(self, events: Sequence[Event]) -> int:
        """Write to the database; where it refuses a batch for one of its events, each alone. Return how many.

        Raises Unavailable while the database is away or busy.
        """
        try:
            with self._database.session() as session, transaction(session):
                log.append(session, events)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a driver has against an event, the others are to be written
            _log.warning("The database refuses a batch of %d events: %s", len(events), type(error).__name__)
            return sum(self._append([event]) for event in events) if len(events) > 1 else 1
        return 0

    def _set_aside(self, events: Sequence[Event]) -> int:
        """Write to the spill file; return how many are lost."""
        try:
            self._spill.write(events)
        except OSError as error:
            _log.warning("Events can't be kept in a file: %s", error.strerror)
            return len(events)
        return 0

    def _look_after_spill(self) -> None:
        """Read in one file, when it is time; the next one with the next batch. Raises Unavailable."""
        if self._spill.is_open:
            if not self._database.ping():
                raise Unavailable("The database is away.")
            self._spill.close()
            self._look_next = 0.0
        if monotonic() >= self._look_next and not read_in(self._folder, self._append, most_files=1):
            self._look_next = monotonic() + LOOK_SECONDS
