"""`python -m benchmarks.stages [--searches N] [--encoder none]`: how long it takes from events to gaps.

Publishes the manual, writes 90 days of made-up visits into a SQLite file (not timed), finds gaps with vectors from
cold, then adds one day and finds gaps again. Prints each stage's time, and its own processor's in brackets: other busy
processes spoil the first. Everything lies in a temporary folder.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

from benchmarks import machine
from benchmarks.made_up import BEGAN, DAYS, LANG, SEED, Visitors
from portal import counting, pipeline
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Event
from portal.gaps import finding
from portal.gaps.wording_vectors import Vectors
from portal.settings import Settings

AT_ONCE = 50_000
"""Events that are written in one transaction."""
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("days with news found", counting.totals, "uncounted"),
    ("events read and judged", counting, "_count_days"),
    ("totals and needs written", counting, "_write"),
    ("situation read", pipeline, "situation"),
    ("gathered by wording", finding, "gather"),
    ("vectors", Vectors, "of"),
    ("sorted into groups", finding, "groups"),
    ("examined", finding, "examine"),
    ("scored", finding, "_score"),
    ("clusters, and the rest", pipeline, "find"),
    ("gaps written", pipeline, "_keep"),
)
"""What is timed, the name under which it is called, and the innermost one counts."""


@dataclass(slots=True)
class Stopwatch:
    """Seconds, and seconds of this process, by stage; what a stage calls that is a stage itself counts there alone."""

    spent: dict[str, list[float]] = field(default_factory=dict)
    _running: list[tuple[str, list[float]]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens inside."""
        began, inner = _now(), [0.0, 0.0]
        self._running.append((name, inner))
        try:
            yield
        finally:
            self._running.pop()
            took = [now - then for now, then in zip(_now(), began, strict=True)]
            total = self.spent.setdefault(name, [0.0, 0.0])
            for clock in (0, 1):
                total[clock] += took[clock] - inner[clock]
                if self._running:
                    self._running[-1][1][clock] += took[clock]

    def around(self, name: str, work: Callable[..., object]) -> Callable[..., object]:
        """Return a function that does the same, and is timed."""

        @wraps(work)
        def timed(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever is timed
            with self.stage(name):
                return work(*arguments, **named)

        return timed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description=__doc__)
    parser.add_argument("--searches", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--encoder", default="auto", help="auto, or none: words alone")
    wanted = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine.describe()}")
    print(f"{wanted.searches:,} searches, seed {SEED}, encoder {wanted.encoder}", flush=True)
    with tempfile.TemporaryDirectory(prefix="million-") as name:
        portal = bootstrap(Settings(data=Path(name), encoder=wanted.encoder))
        _measure(portal, wanted.searches)
        portal.recorder.close()
        portal.database.close()
    print(f"Load at the end: {machine.load()}")


def _measure(portal: Portal, searches: int) -> None:
    end = BEGAN + timedelta(days=DAYS)
    portal.database.upgrade()
    pipeline.publish(portal, at=end)
    visitors = Visitors(_articles(portal))
    _write(portal, visitors.events(searches))
    _say_peak("before")
    _timed(portal, f"{DAYS} days", end + timedelta(hours=1))
    _timed(portal, "the same again", end + timedelta(hours=1))
    _write(portal, visitors.events(searches // DAYS, since=end, days=1))
    _timed(portal, "one more day", end + timedelta(days=1, hours=1))
    with _printed("overlay refreshed"):
        pipeline.refresh_overlay(portal, at=end + timedelta(days=1, hours=1))


def _articles(portal: Portal) -> list[str]:
    shelf = portal.library.current().level(Level.PUBLIC).shelf
    return [card.id for card in shelf.listing(after="", limit=200, lang=LANG)]


def _write(portal: Portal, events: Iterable[Event]) -> None:
    waiting = iter(events)
    with portal.database.session() as session:
        while some := list(islice(waiting, AT_ONCE)):
            with transaction(session):
                log.append(session, some)


def _timed(portal: Portal, title: str, at: datetime) -> None:
    watch = Stopwatch()
    with ExitStack() as stack:
        for name, place, attribute in STAGES:
            stack.enter_context(patch.object(place, attribute, watch.around(name, getattr(place, attribute))))
        with watch.stage("between"), _printed(title) as said:
            said.append(pipeline.find_gaps(portal, at=at).line())
    for name, (seconds, own) in watch.spent.items():
        print(f"  {name:28} {seconds:7.2f} s ({own:6.2f} s)", flush=True)


@contextmanager
def _printed(title: str) -> Iterator[list[str]]:
    said: list[str] = []
    began = _now()
    yield said
    seconds, own = (now - then for now, then in zip(_now(), began, strict=True))
    print(f"{title:30} {seconds:7.2f} s ({own:6.2f} s)  {' '.join(said)}")
    _say_peak("so far")


def _say_peak(when: str) -> None:
    kilobytes = 1024 if sys.platform == "darwin" else 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // kilobytes // 1024
    print(f"  peak {when} {peak:,} MB", flush=True)


def _now() -> tuple[float, float]:
    return perf_counter(), process_time()


if __name__ == "__main__":
    main()
