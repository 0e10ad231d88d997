"""Forgetting: what is kept of a person, shown and erased; and what is older than it may be, deleted.

Figures of days stay, and the wordings of gaps that are open: neither leads back to anybody.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.bootstrap import Portal
from portal.content.site import Site
from portal.db import transaction, unavailable_when_away
from portal.errors import Unavailable
from portal.events import log
from portal.events.kinds import Event
from portal.feedback import requests, retention
from portal.feedback.models import Request
from portal.gaps import needs_store
from portal.outbox import store as outbox
from portal.visits import totals

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much was deleted, or would be."""

    events: int = 0
    needs: int = 0
    wordings: int = 0
    """Wordings of days, in `asked_days`."""
    requests: int = 0
    addresses: int = 0
    deliveries: int = 0
    files: int = 0
    """Damaged spill files that had been laid aside."""
    before: datetime = field(default=_EVER)

    def line(self) -> str:
        """Return it in a line of counts."""
        counts = [f"{getattr(self, one.name):,} {one.name}" for one in fields(self) if one.name != "before"]
        return f"{', '.join(counts)} from before {self.before:%Y-%m-%d %H:%M} UTC"


class _Rehearsed(Exception):
    """Ends a transaction that was for counting alone."""


def expire(portal: Portal, *, at: datetime, is_rehearsal: bool = False) -> Forgotten:
    """Delete what is older than `retention.events_days` of `portal.toml`. Safe to be killed, and to be repeated.

    Events go by the thousands, each in a transaction of its own, so that nobody who votes meanwhile has to wait.
    is_rehearsal: delete nothing, and count what would go. Raises Unavailable; what was deleted by then is.
    """
    before = at - timedelta(days=_site(portal).retention.events_days)
    if is_rehearsal:
        return _rehearse(portal, before)
    portal.recorder.read_in()  # what is old in there would else come in behind us
    return Forgotten(
        events=_in_pieces(portal, lambda session: log.expire(session, before), log.EXPIRED_AT_ONCE),
        needs=_alone(portal, lambda session: needs_store.expire(session, before)),
        wordings=_alone(portal, lambda session: totals.expire(session, before)),
        requests=_alone(portal, lambda session: retention.expire(session, before)),
        addresses=_alone(portal, retention.drop_addresses),
        deliveries=_alone(portal, lambda session: outbox.expire(session, before)),
        files=portal.recorder.expire_spilled(before),
        before=before,
    )


def kept_of(portal: Portal, visitor: str) -> dict[str, Any]:
    """Return all that is kept under a visitor's name, fit for JSON: `events`, `requests` and `needs`, oldest first."""
    portal.recorder.read_in()
    with unavailable_when_away(), portal.database.session() as session:
        needs = [need for need in needs_store.needs_since(session, _EVER) if need.visitor == visitor]
        return {
            "visitor": visitor,
            "events": [_event(event) for event in log.of_visitor(session, visitor)],
            "requests": [_request(one) for one in requests.of_visitor(session, visitor)],
            "needs": [need._asdict() for need in needs],
        }


def erase(portal: Portal, visitor: str) -> Forgotten:
    """Delete all that is kept under a visitor's name, at once or not at all; the days are counted anew without it.

    What a server process has in memory at this moment is written within a second, so it is repeated then.
    """
    portal.recorder.read_in()
    lines = portal.recorder.erase_spilled(visitor)
    with portal.database.session() as session, transaction(session):
        events = log.of_visitor(session, visitor)
        if events:
            totals.reopen(session, events[0].at)
        addresses = sum(one.address is not None for one in requests.of_visitor(session, visitor))
        return Forgotten(
            events=log.erase(session, visitor) + lines,
            requests=requests.erase(session, visitor),
            addresses=addresses,
            needs=needs_store.erase(session, visitor),
        )


def _rehearse(portal: Portal, before: datetime) -> Forgotten:
    found = Forgotten()
    with suppress(_Rehearsed), portal.database.session() as session, transaction(session):
        found = Forgotten(
            events=log.count(session, before=before),
            needs=needs_store.expire(session, before),
            wordings=totals.expire(session, before),
            requests=retention.expire(session, before),
            addresses=retention.drop_addresses(session),
            deliveries=outbox.expire(session, before),
            before=before,
        )
        raise _Rehearsed
    return found


def _in_pieces(portal: Portal, work: Callable[..., int], piece: int) -> int:
    """Repeat work of at most `piece` rows, in a transaction each, until there is less than that to do."""
    total = done = _alone(portal, work)
    while done >= piece:
        done = _alone(portal, work)
        total += done
    return total


def _alone(portal: Portal, work: Callable[..., int]) -> int:
    """Do some work, which is handed the session, in a transaction of its own."""
    with portal.database.session() as session, transaction(session):
        return work(session)


def _site(portal: Portal) -> Site:
    """Return what the live generation says, or the house's defaults while there is none."""
    try:
        return portal.library.current().site
    except Unavailable:
        return Site()


def _event(event: Event) -> dict[str, Any]:
    return {"kind": type(event).__name__.lower(), **asdict(event)}


def _request(one: Request) -> dict[str, Any]:
    return {column.key: getattr(one, column.key) for column in Request.__mapper__.column_attrs}
