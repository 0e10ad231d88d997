"""Counting: what visitors did becomes totals and needs, day by day. The first half of `pipeline.find_gaps`.

events -> visits -> episodes -> outcomes -> daily totals, and the needs that were not met.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from portal.bootstrap import Portal
from portal.content.loop import Outcomes
from portal.content.site import Site
from portal.db import Session, transaction, unavailable_when_away
from portal.events import log
from portal.gaps import asked_store, needs_store, store
from portal.gaps.finding import Situation
from portal.gaps.unmet import Unmet, lacked
from portal.gaps.wording_vectors import Vectors
from portal.settings import Settings
from portal.visits import totals
from portal.visits.digest import Judged, digest
from portal.visits.episodes import Alike, never

_DAY = timedelta(days=1)
_RARELY = (100_000, 50, 100)
"""Thresholds of the garbage collector, which are usually 700, 10 and 10."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search for gaps came to."""

    days: int
    """Days that were counted anew."""
    needs: int
    """Within the window."""
    new: int
    changed: int
    seconds: float

    def line(self) -> str:
        """Say it in one line of counts."""
        return (
            f"{self.new} new gaps, {self.changed} changed; {self.needs:,} needs looked at, "
            f"{self.days} days counted ({self.seconds:.1f} s)."
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted anew."""

    days: int
    needs: int


def count_visits(portal: Portal, site: Site, *, at: datetime, alike: Alike = never) -> Counted:
    """Count the days that have news; each is written whole, in a transaction of its own. Safe to be repeated.

    Raises Unavailable where the database is away; days that were written stay.
    """
    kept_from = at - timedelta(days=site.retention.events_days)
    with unavailable_when_away(), portal.database.session() as session:
        waiting = totals.uncounted(session, at=at, kept_from=kept_from)
    needs = 0
    for days in totals.together_at_most(waiting.days):
        found: dict[date, list[Unmet]] = {day: [] for day in days}
        for counted in _count_days(portal, found, at, alike, site.outcomes):
            _write(portal, counted, found[counted.day])
        needs += sum(map(len, found.values()))
    with portal.database.session() as session, transaction(session):
        totals.settle(session, waiting, at=at)
    return Counted(len(waiting.days), needs)


def _count_days(
    portal: Portal, found: dict[date, list[Unmet]], at: datetime, alike: Alike, weights: Outcomes
) -> list[totals.Day]:
    """Count the days that `found` names, in one reading, and put their needs there."""
    since, until = totals.read_span(list(found))
    with unavailable_when_away(), portal.database.session() as session:
        judged = digest(log.read(session, since=since, until=until), at=at, alike=alike)
        return totals.count(_noting(judged, found, weights), list(found))


def _write(portal: Portal, counted: totals.Day, needs: list[Unmet]) -> None:
    began = datetime.combine(counted.day, time(), UTC)
    with portal.database.session() as session, transaction(session):
        totals.write(session, counted)
        needs_store.put_needs(session, needs, since=began, until=began + _DAY)


def _noting(judged: Iterable[Judged], found: dict[date, list[Unmet]], weights: Outcomes) -> Iterator[Judged]:
    """Pass visits on, and note what they lacked under the day on which each need came up."""
    for one in judged:
        for (episode, _), end in zip(one.needs, one.endings, strict=True):
            need = lacked(episode, end, weights)
            if need and need.at.date() in found:
                found[need.at.date()].append(need)
        yield one


def situation(session: Session, *, since: datetime) -> Situation:
    """Read all that finding gaps wants to know."""
    return Situation(
        needs=needs_store.needs_since(session, since),
        gaps=store.every_gap(session),
        wordings=store.every_wording(session),
        helped=asked_store.helped(session, since=since),
        reasons=asked_store.reasons(session, since=since),
    )


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Let Python look for garbage more seldom meanwhile: values are made by the million here, none in a circle.

    A fifth of all work would be to look through them again and again.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def wording_vectors(settings: Settings) -> Iterator[Vectors]:
    """Open the vectors of wordings, and close them."""
    vectors = Vectors(settings.data / "cache" / "gap_vectors.sqlite", settings.encoder)
    try:
        yield vectors
    finally:
        vectors.close()
