"""The queue: events in memory on their way to the log, off a request's path.

One thread in each process that records takes them out, redacts them, and writes them in batches: to the database, or,
while that is away, to a spill file that is read in later. Nothing is written before it is redacted.
"""

import atexit
import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from portal.db import Database
from portal.events.kinds import Event
from portal.events.lane import Lane
from portal.events.spill import erase, expire
from portal.events.writer import Writer

FLUSH_SECONDS = 8.0
"""How long `close` waits: less than the ten seconds that `portal serve` gives its workers to end."""
_log = logging.getLogger(__name__)


class Recorder:
    """Takes events from any thread of any process. Opens nothing and starts nothing before the first event."""

    def __init__(self, database: Database, spill: Path, redact: Callable[[str], str]) -> None:
        """spill: folder for what the database does not take; made when needed.

        redact: takes what is personal out of a text; called on the recorder's own thread, for each text of an event.
        """
        self._database = database
        self._spill = spill
        self._redact = redact
        self._lanes: dict[int, Lane] = {}

    def put(self, event: Event) -> None:
        """Take an event; returns within microseconds, and never raises: what can't be taken is counted and logged."""
        try:
            (self._lanes.get(os.getpid()) or self._open()).put(event)
        except Exception as error:  # noqa: BLE001 - a page must not break for it; its text may hold what is personal
            _log.warning("An event could not be taken: %s", type(error).__name__)

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait until all that this process put before is on disk, in the database or a spill file.

        Returns whether it is: False when the time was over first, or when something was lost since the last flush.
        """
        lane = self._lanes.get(os.getpid())
        return lane is None or lane.flush(seconds)

    def read_in(self) -> int:
        """Read in now what processes have spilled, but for files that are being written; return how many events.

        The recorder does so by itself within half a minute; this is for commands. Raises Unavailable.
        """
        return Writer(self._database, self._spill, self._redact).read_in()

    def erase_spilled(self, visitor: str) -> int:
        """Take a visitor out of what was laid aside because it is damaged; return how many lines. After `read_in`."""
        return erase(self._spill, visitor)

    def expire_spilled(self, before: datetime) -> int:
        """Delete what was laid aside as damaged before a moment; return how many files that were."""
        return expire(self._spill, before)

    def close(self) -> None:
        """Flush, and end the thread; an event after it starts another. Called by itself when the process ends well."""
        lane = self._lanes.pop(os.getpid(), None)
        if lane is not None:
            atexit.unregister(self.close)
            lane.close(FLUSH_SECONDS)

    def _open(self) -> Lane:
        """Start this process's thread.

        A forked child starts its own and forgets its parent's, whose thread it has not, and whose events and locks
        are the parent's business.
        """
        pid = os.getpid()
        lane = self._lanes.setdefault(pid, Lane(Writer(self._database, self._spill, self._redact)))
        if lane.start():
            for other in set(self._lanes) - {pid}:
                self._lanes.pop(other, None)
            atexit.register(self.close)
        return lane
