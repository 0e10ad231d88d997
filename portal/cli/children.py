"""Processes forked from the supervisor for one piece of work: their memory is given back, and they end with it."""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.context import ForkProcess
from time import monotonic

_PR_SET_PDEATHSIG = 1


class Chore:
    """Work that comes again and again, each time in a child of its own that nobody waits for; never two at once."""

    def __init__(
        self, work: Callable[[bool], None], seconds: float, *, is_due: Callable[[], bool] = lambda: True
    ) -> None:
        """work: told whether the last child did well; ends with an exit code other than 0 where it fails itself.

        seconds: from one beginning to the next, at least. is_due: whether there is anything to do; takes microseconds.
        """
        self._work = work
        self._seconds = seconds
        self._is_due = is_due
        self._child: ForkProcess | None = None
        self._next = 0.0
        self._went_well = True

    def look(self) -> None:
        """Take leave of a child that is through, and start the next when its time has come. Takes milliseconds."""
        if self._child is not None and self._child.exitcode is not None:
            self._went_well = self._child.exitcode == 0
            self._child.close()
            self._child = None
        if self._child is None and monotonic() >= self._next and self._is_due():
            self._next = monotonic() + self._seconds
            self._child = child_for(lambda: self._work(self._went_well))

    def stop(self) -> None:
        """End a child that is at work; what it writes must bear that."""
        if self._child is not None:
            self._child.terminate()
            self._child.join()


def child_for(work: Callable[[], None]) -> ForkProcess:
    """Start a process for some work, forked from this one. Call it where there is one thread only."""
    child = multiprocessing.get_context("fork").Process(target=_in_child, args=(work,))
    child.start()
    return child


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent is gone, however that went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == 1:
            os.kill(os.getpid(), signal.SIGTERM)


def _in_child(work: Callable[[], None]) -> None:
    """Forget the supervisor's ways with signals, then work."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    die_with_parent()
    work()
