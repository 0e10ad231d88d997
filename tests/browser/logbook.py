"""What the served portal has recorded of a visitor, read from its database."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from portal.db import Database
from portal.events import log
from portal.events.kinds import Event, Searched, Viewed
from tests.journeys.serving import Served

PATIENCE_SECONDS = 30.0
STEP_SECONDS = 0.05


@dataclass(slots=True)
class Logbook:
    """Events from the moment on in which it was opened."""

    database: Database
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    query: str = ""
    """Only whoever searched for this is looked at: the last page of others may tell late that it was left."""

    @classmethod
    def of(cls, served: Served) -> "Logbook":
        return cls(Database(f"sqlite:///{served.data / 'portal.sqlite'}"))

    def now(self) -> list[Event]:
        """Return what is there by now, in the order in which it happened, but for signs that results were shown."""
        return [event for event in self.all() if not (isinstance(event, Viewed) and not event.article)]

    def all(self) -> list[Event]:
        with self.database.session() as session:
            events = sorted(log.read(session, since=self.since - timedelta(days=1)), key=lambda event: event.at)
        new = [event for event in events if event.at >= self.since]
        ours = {event.visitor for event in new if isinstance(event, Searched) and event.query == self.query}
        return [event for event in new if event.visitor in ours] if self.query else new

    def until(self, *kinds: type[Event]) -> Sequence[Event]:
        """Wait until events of these kinds are there, in this order and no others, and return them."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            found = self.now()
            if [type(event) for event in found] == list(kinds):
                return found
            time.sleep(STEP_SECONDS)
        raise AssertionError(f"recorded: {self.now()}")
