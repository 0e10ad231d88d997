"""Receivers: webhooks are made, changed, renewed, switched off and on, and deleted. Verbs flush; edges commit.

What waits for one that is switched off waits until it is on again; what happens meanwhile is not told to it. What
waits for one that is deleted is deleted with it.
"""

import json
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid, NotFound
from portal.outbox import receiver
from portal.outbox.models import Channel, Delivery, DeliveryState, Webhook
from portal.outbox.parcel import Message
from portal.outbox.receiver import OPERATORS, PING, Receiver

MOST = 20
"""Webhooks of one portal: each is written a message for each thing that happens."""
MOST_GIVEN_UP = 10
"""Messages given up in a row, each after ten tries within two days, until a receiver is switched off by itself."""
LOGGED = 20
"""Messages in a receiver's log."""


def make(  # noqa: PLR0913 - a webhook is all of these
    session: Session, *, name: str, url: str, events: Collection[str], by: str, at: datetime
) -> Webhook:
    """Make a webhook, which hears of what happens from now on. Raises Invalid."""
    if (session.scalar(select(func.count()).select_from(Webhook)) or 0) >= MOST:
        raise Invalid(f"There are {MOST} webhooks. Delete those that nobody needs first.")
    made = Webhook(
        uid=secrets.token_hex(6),
        name=receiver.read_name(name),
        url=receiver.read_address(url),
        events=receiver.read_events(events),
        generation=1,
        since=at,
        off_by="",
        failures=0,
        created_at=at,
        created_by=by,
    )
    session.add(made)
    session.flush()
    return made


def change(session: Session, uid: str, *, name: str, url: str, events: Collection[str]) -> Webhook:
    """Change what it is called, where it is and what it hears of; what waits goes to the new address.

    Raises NotFound, Invalid.
    """
    found = get(session, uid)
    found.name, found.url = receiver.read_name(name), receiver.read_address(url)
    found.events = receiver.read_events(events)
    session.flush()
    return found


def renew(session: Session, uid: str, *, at: datetime) -> Webhook:
    """Give it another secret; for `receiver.OVERLAP` messages are signed by the one before, too. Raises NotFound."""
    found = get(session, uid)
    found.generation, found.renewed_at = found.generation + 1, at
    session.flush()
    return found


def switch(session: Session, uid: str, *, on: bool, by: str, at: datetime) -> Webhook:
    """Switch it on or off; twice is once. Raises NotFound."""
    found = get(session, uid)
    if on and found.off_at is not None:
        found.since, found.off_at, found.off_by, found.failures = at, None, "", 0
    elif not on and found.off_at is None:
        found.off_at, found.off_by = at, by
    session.flush()
    return found


def remove(session: Session, uid: str) -> str:
    """Delete a webhook, with its log and what waits for it; return what it was called. Raises NotFound."""
    found = get(session, uid)
    session.execute(delete(Delivery).where(_goes_to(uid)))
    session.delete(found)
    session.flush()
    return found.name


def test(session: Session, to: Receiver, *, uid: str, at: datetime) -> Message:
    """Return the message of a test; one that waits yet is dropped for it. Raises Conflict for one that is off."""
    found = session.get(Webhook, to.key)
    if found is not None and found.off_at is not None:
        raise Conflict("This webhook is switched off. Switch it on first.")
    waiting = (Delivery.event == PING, Delivery.state == DeliveryState.WAITING)
    session.execute(delete(Delivery).where(_goes_to(to.key), *waiting))
    told = {"event": PING, "webhook": to.name, "at": at.isoformat()}
    payload = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return Message(uid=f"ping-{uid}", channel=Channel.WEBHOOK, target=to.key, event=PING, payload=payload, at=at)


def send_again(session: Session, key: str, message: str, *, at: datetime) -> None:
    """Let one message of a receiver go once more, sent or not, under the same uid. Raises NotFound, Conflict."""
    found = session.get(Delivery, message)
    if found is None or found.channel is not Channel.WEBHOOK or found.target != key:
        raise NotFound("There is no such message.")
    webhook = session.get(Webhook, key)
    if webhook is not None and webhook.off_at is not None:
        raise Conflict("This webhook is switched off. Switch it on first.")
    found.state, found.attempts, found.next_at, found.problem = DeliveryState.WAITING, 0, at, None
    session.flush()


def took(session: Session, key: str) -> None:
    """Note that a receiver took a message."""
    session.execute(update(Webhook).where(Webhook.uid == key, Webhook.failures > 0).values(failures=0))


def gave_up(session: Session, key: str, *, at: datetime) -> bool:
    """Note that a message was given up; after `MOST_GIVEN_UP` in a row it is switched off. Returns whether it was."""
    session.execute(update(Webhook).where(Webhook.uid == key).values(failures=Webhook.failures + 1))
    is_enough = (Webhook.uid == key, Webhook.failures >= MOST_GIVEN_UP, Webhook.off_at.is_(None))
    off = update(Webhook).where(*is_enough).values(off_at=at, off_by="").returning(Webhook.uid)
    return session.scalar(off) is not None


def get(session: Session, uid: str) -> Webhook:
    """Return a webhook. Raises NotFound."""
    found = session.get(Webhook, uid)
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def every(session: Session) -> list[Webhook]:
    """Return all webhooks, by name."""
    return sorted(session.scalars(select(Webhook)), key=lambda one: (one.name.casefold(), one.uid))


def listening(session: Session, operators_url: str | None, at: datetime) -> tuple[Receiver, ...]:
    """Return all that are on, the operator's first."""
    on = [receiver.of(one, at) for one in every(session) if one.off_at is None]
    return (*([receiver.operators(operators_url)] if operators_url else []), *on)


def find(session: Session, key: str, at: datetime) -> Receiver | None:
    """Return whom a message names; None for a webhook that is gone."""
    found = session.get(Webhook, key)
    if found is not None:
        return receiver.of(found, at)
    return receiver.operators(key) if key.startswith("https:") else None


def names(session: Session) -> dict[str, str]:
    """Return what each webhook is called, by its uid."""
    return {uid: name for uid, name in session.execute(select(Webhook.uid, Webhook.name))}  # noqa: C416 - rows


def hushed(session: Session) -> list[str]:
    """Return the names of those that were switched off by themselves."""
    return [one.name for one in every(session) if one.off_at is not None and not one.off_by]


def log(session: Session, key: str, *, limit: int = LOGGED) -> list[Delivery]:
    """Return the latest messages of a receiver, the newest first."""
    asked = select(Delivery).where(_goes_to(key)).order_by(Delivery.created_at.desc(), Delivery.uid.desc())
    return list(session.scalars(asked.limit(limit)))


def waiting(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """Return how many messages wait for each receiver."""
    asked = select(Delivery.target, func.count()).where(
        Delivery.channel == Channel.WEBHOOK, Delivery.state == DeliveryState.WAITING, Delivery.target.in_(keys)
    )
    return {key: count for key, count in session.execute(asked.group_by(Delivery.target))}  # noqa: C416 - rows


def is_held() -> ColumnElement[bool]:
    """Return what holds for messages of webhooks that are switched off."""
    off = exists().where(Webhook.uid == Delivery.target, Webhook.off_at.is_not(None))
    return and_(Delivery.channel == Channel.WEBHOOK, off)


def held(session: Session) -> set[str]:
    """Return the uids of webhooks that are switched off."""
    return set(session.scalars(select(Webhook.uid).where(Webhook.off_at.is_not(None))))


def title(one: Delivery, known: dict[str, str]) -> str:
    """Return who gets a message, for lists: a webhook by its name. known: of `names`."""
    if one.channel is not Channel.WEBHOOK:
        return one.receiver
    return known.get(one.target) or (OPERATORS if one.target.startswith("https:") else one.target)


def _goes_to(key: str) -> ColumnElement[bool]:
    return and_(Delivery.channel == Channel.WEBHOOK, Delivery.target == key)
