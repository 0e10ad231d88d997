"""Visits: the events of one visitor until half an hour of silence."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from portal.events.kinds import Event

IDLE = timedelta(minutes=30)
"""Silence that ends a visit: the habit of web analytics since Catledge and Pitkow, 1995, who measured 25.5 minutes."""
_STAFF = "user-"


class EventsOutOfOrder(ValueError):
    """Events were not sorted by (visitor, at): a mistake of whoever read them, not of a visitor."""


class Visit(NamedTuple):
    """What one visitor did without a long pause, in order; never empty.

    A tuple, as all that is made for each of a million visits: a frozen dataclass takes three times as long.
    """

    visitor: str
    began: datetime
    ended: datetime
    """The moment of the last event."""
    events: tuple[Event, ...]

    @property
    def is_staff(self) -> bool:
        """Whether somebody signed in did it; that is work at the desk, and no visitor's need."""
        return self.visitor.startswith(_STAFF)


def sessionise(events: Iterable[Event], idle: timedelta = IDLE) -> Iterator[Visit]:
    """Cut each visitor's events into visits.

    events: sorted by (visitor, at). idle: silence that is longer than this ends a visit.
    Every event lands in exactly one visit; visits come out by visitor, each visitor's oldest first. Holds one visit in
    memory. Raises EventsOutOfOrder.
    """
    held: list[Event] = []
    visitor, last = "", None
    for event in events:
        at = event.at
        if last is not None and (event.visitor != visitor or at - last > idle or at < last):
            _refuse_disorder(held[-1], event)
            yield _visit(held)
            held = []
        visitor, last = event.visitor, at
        held.append(event)
    if held:
        yield _visit(held)


def _visit(events: list[Event]) -> Visit:
    return Visit(events[0].visitor, events[0].at, events[-1].at, tuple(events))


def _refuse_disorder(before: Event, after: Event) -> None:
    if (after.visitor, after.at) < (before.visitor, before.at):
        message = f"event {after.uid} of {after.at} came after {before.uid} of {before.at}; sort by visitor, then at"
        raise EventsOutOfOrder(message)
