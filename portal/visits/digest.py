"""Digest: from events to judged needs, one visit after the other."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from portal.events.kinds import Event
from portal.visits.episodes import Alike, Episode, episodes, never
from portal.visits.outcome import Ending, Outcome, ending
from portal.visits.robots import is_robot
from portal.visits.sessionise import IDLE, Visit, sessionise


class Judged(NamedTuple):
    """A visit, and what became of each of its needs, in the order in which they came up."""

    visit: Visit
    needs: list[tuple[Episode, Outcome]]
    endings: list[Ending]
    """How each of `needs` ended."""


def digest(
    events: Iterable[Event],
    *,
    at: datetime,
    alike: Alike = never,
    reading_seconds: Mapping[str, float] | None = None,
) -> Iterator[Judged]:
    """Cut, sort and judge events as they come; one visit is held in memory.

    events: sorted by (visitor, at). at: now; a visit whose last event is less than IDLE old may go on, and is left
    for the next time. Robots' visits are left out. alike: see episodes. reading_seconds: see outcome.ending.
    Raises EventsOutOfOrder.
    """
    over = at - IDLE
    for visit in sessionise(events):
        if visit.ended <= over and not is_robot(visit):
            found = episodes(visit, alike)
            ends = [ending(need, reading_seconds) for need in found]
            yield Judged(visit, [(need, end.outcome) for need, end in zip(found, ends, strict=True)], ends)
