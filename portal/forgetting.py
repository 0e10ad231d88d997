"""Forgetting: what is kept of a person, shown and erased; and what is older than it may be, deleted.

Figures of days stay, and the wordings of gaps that are open: neither leads back to anybody.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.bootstrap import Portal
from portal.content.site import Retention, Site
from portal.conversations import erasing, finding, mail_store, offers
from portal.db import transaction, unavailable_when_away
from portal.errors import Unavailable
from portal.events import log
from portal.events.kinds import Event
from portal.feedback import requests, retention
from portal.feedback.models import Request
from portal.gaps import needs_store
from portal.outbox import store as outbox
from portal.outbox.models import Delivery
from portal.programs import idempotency, uploads
from portal.visits import totals

MAILS_KEPT = timedelta(days=30)
"""How long it is known that a mail came in: longer than any mail server tries again."""
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
    conversations: int = 0
    mails: int = 0
    """Notes of mails that came in."""
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
    """Delete what is older than `[retention]` of `portal.toml` lets it be. Safe to be killed, and to be repeated.

    Events go by the thousands, each in a transaction of its own, so that nobody who votes meanwhile has to wait.
    is_rehearsal: delete nothing, and count what would go. Raises Unavailable; what was deleted by then is.
    """
    kept = _site(portal).retention
    before, closed_before = _moments(kept, at)
    if is_rehearsal:
        return _rehearse(portal, kept, at)
    _alone(portal, lambda session: idempotency.expire(session, at - idempotency.KEPT))
    _alone(portal, lambda session: uploads.expire(session, at - uploads.KEPT))
    _alone(portal, lambda session: offers.expire(session, before))
    portal.recorder.read_in()  # what is old in there would else come in behind us
    conversations = _in_pieces(portal, lambda session: erasing.expire(session, closed_before), erasing.EXPIRED_AT_ONCE)
    if conversations:
        _tidy(portal)
    return Forgotten(
        events=_in_pieces(portal, lambda session: log.expire(session, before), log.EXPIRED_AT_ONCE),
        needs=_alone(portal, lambda session: needs_store.expire(session, before)),
        wordings=_alone(portal, lambda session: totals.expire(session, before)),
        requests=_alone(portal, lambda session: retention.expire(session, before)),
        addresses=_alone(portal, retention.drop_addresses),
        deliveries=_alone(portal, lambda session: outbox.expire(session, before)),
        conversations=conversations,
        mails=_alone(portal, lambda session: mail_store.expire(session, at - MAILS_KEPT)),
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


def kept_of_address(portal: Portal, address: str) -> dict[str, Any]:
    """Return all that an e-mail address wrote or was sent, fit for JSON; whatever its capitals."""
    with unavailable_when_away(), portal.database.session() as session:
        conversations = erasing.numbers_of(session, address)
        return {
            "address": address,
            **erasing.of_address(session, address),
            "requests": [_request(one) for one in requests.of_address(session, address)],
            "outbox": [_delivery(one) for one in outbox.to_address(session, address, conversations)],
        }


def erase_address(portal: Portal, address: str, *, at: datetime) -> Forgotten:
    """Delete all that an e-mail address wrote or was sent, at once or not at all; `overwrite` follows.

    What programs were answered under their keys, and files that wait for a message, go too, whosever they are: they
    may hold anything.
    """
    with portal.database.session() as session, transaction(session):
        conversations = erasing.numbers_of(session, address)
        deliveries = outbox.erase(session, address, conversations)
        gone = erasing.erase(session, address)
        asked = requests.erase_address(session, address)
        idempotency.expire(session, at)
        uploads.expire(session, at)
    return Forgotten(
        conversations=gone.conversations, mails=gone.mails, requests=asked, addresses=asked, deliveries=deliveries
    )


def overwrite(portal: Portal) -> bool:
    """Make sure that nothing of what was deleted is left in SQLite's file and its log; return whether it is so.

    The file is written anew, which takes seconds for a large one, and waits for nobody: False where somebody else is
    at it, and then it is repeated later. PostgreSQL's own vacuum does this in its time.
    """
    if portal.database.engine.dialect.name != "sqlite":
        return True
    try:
        _tidy(portal)
    except Unavailable:
        return False
    with unavailable_when_away():
        connection = portal.database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [is_busy, *_] = cursor.fetchone() or [1]
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return not is_busy


def _moments(kept: Retention, at: datetime) -> tuple[datetime, datetime]:
    """Return before when events, and closed conversations, are too old."""
    return at - timedelta(days=kept.events_days), at - timedelta(days=kept.conversations_days)


def _rehearse(portal: Portal, kept: Retention, at: datetime) -> Forgotten:
    found, (before, closed_before) = Forgotten(), _moments(kept, at)
    with suppress(_Rehearsed), portal.database.session() as session, transaction(session):
        found = Forgotten(
            events=log.count(session, before=before),
            needs=needs_store.expire(session, before),
            wordings=totals.expire(session, before),
            requests=retention.expire(session, before),
            addresses=retention.drop_addresses(session),
            deliveries=outbox.expire(session, before),
            conversations=_repeated(lambda: erasing.expire(session, closed_before), erasing.EXPIRED_AT_ONCE),
            mails=mail_store.expire(session, at - MAILS_KEPT),
            before=before,
        )
        raise _Rehearsed
    return found


def _in_pieces(portal: Portal, work: Callable[..., int], piece: int) -> int:
    """Repeat work of at most `piece` rows, in a transaction each, until there is less than that to do."""
    return _repeated(lambda: _alone(portal, work), piece)


def _repeated(work: Callable[[], int], piece: int) -> int:
    total = done = work()
    while done >= piece:
        done = work()
        total += done
    return total


def _alone(portal: Portal, work: Callable[..., int]) -> int:
    """Do some work, which is handed the session, in a transaction of its own."""
    with portal.database.session() as session, transaction(session):
        return work(session)


def _tidy(portal: Portal) -> None:
    """Take what was deleted out of the inbox's index too, step by step, so that others can write meanwhile."""
    has_more = _alone(portal, lambda session: finding.tidy(session, begins=True))
    while has_more:
        has_more = _alone(portal, lambda session: finding.tidy(session, begins=False))


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


def _delivery(one: Delivery) -> dict[str, Any]:
    return {"uid": one.uid, "event": one.event, "target": one.target, "payload": one.payload, "at": one.created_at}
