"""Lane: a bounded queue and the one thread that empties it."""

import logging
import queue
import threading
from time import monotonic

from portal.events.kinds import Event
from portal.events.writer import Writer

CAPACITY = 20_000
"""Events that may wait, some 10 MB: a minute of 300 searches a second while nothing can be written."""
BATCH = 200
BATCH_SECONDS = 1.0
"""A batch is written at whichever comes first; so long may an event be lost to a kill -9 (contracts.md)."""
TELL_SECONDS = 60.0
"""How often lost events are told of in the log, at most."""
_log = logging.getLogger(__name__)


class _Mark(threading.Event):
    """Put between events: set when all before it is written."""

    is_last = False
    is_safe = True


class Lane:
    """Belongs to one process. Its thread is a daemon: it never keeps a process alive."""

    def __init__(self, writer: Writer) -> None:
        """writer: used by the lane's thread alone."""
        self._writer = writer
        self._queue: queue.Queue[Event | _Mark] = queue.Queue(CAPACITY)
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)
        self._starting = threading.Lock()
        self._lost = 0
        self._told = 0
        self._tell_next = 0.0
        self._flushed_lost = 0

    def start(self) -> bool:
        """Start the thread; returns False where it runs already."""
        with self._starting:
            if self._thread.ident is not None:
                return False
            self._thread.start()
            return True

    def put(self, event: Event) -> None:
        """Queue an event, or count it as lost where too many wait."""
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            self._lost += 1

    def flush(self, seconds: float) -> bool:
        """Wait until all before is written; returns whether it is, and nothing was lost since the last flush."""
        return self._mark(_Mark(), seconds)

    def close(self, seconds: float) -> None:
        """Flush and end the thread."""
        last = _Mark()
        last.is_last = True
        if not self._mark(last, seconds):
            _log.warning("The process ends, and some of its last events were not written")

    def _mark(self, mark: _Mark, seconds: float) -> bool:
        until = monotonic() + seconds
        try:
            self._queue.put(mark, timeout=seconds)
        except queue.Full:
            return False
        return mark.wait(max(0.0, until - monotonic())) and mark.is_safe

    def _run(self) -> None:
        """Write until the last mark. Whatever goes wrong with a batch costs that batch and not the thread."""
        while True:
            events, mark = self._gather()
            try:
                self._lost += self._writer.write(events)
            except Exception as error:  # noqa: BLE001 - the outermost loop; an error's text may hold a visitor's
                self._lost += len(events)
                _log.error("Events could not be written: %s", type(error).__name__)
            self._tell()
            if mark is not None:
                mark.is_safe, self._flushed_lost = self._lost == self._flushed_lost, self._lost
                if mark.is_last:
                    self._writer.close()
                mark.set()
                if mark.is_last:
                    return

    def _gather(self) -> tuple[list[Event], _Mark | None]:
        """Return a batch, and the mark that ended it. Empty after a second without events."""
        events: list[Event] = []
        until = monotonic() + BATCH_SECONDS
        while len(events) < BATCH:
            try:
                one = self._queue.get(timeout=max(0.0, until - monotonic()))
            except queue.Empty:
                break
            if isinstance(one, _Mark):
                return events, one
            events.append(one)
        return events, None

    def _tell(self) -> None:
        lost = self._lost - self._told
        if lost and monotonic() >= self._tell_next:
            self._told, self._tell_next = self._lost, monotonic() + TELL_SECONDS
            _log.warning("%d events were lost: too many waited, or there was no place to write them", lost)
