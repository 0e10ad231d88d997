"""Outbox store: messages are added with what they tell of, taken when due, and marked. Edges commit.

Each is sent at least once: who dies between sending and marking has it sent again when the lease is over, under the
same uid.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.content.loop import Tracker
from portal.errors import NotFound
from portal.outbox import receivers
from portal.outbox.models import Channel, Delivery, DeliveryState
from portal.outbox.news import News, mark, messages
from portal.outbox.parcel import Issue, Lane, Message, Parcel
from portal.outbox.receiver import Receiver
from portal.text import cut, one_line

LEASE = timedelta(minutes=10)
"""How long somebody may be at sending one; far over the time limit of `reach` and `mail`."""
MOST_TRIES = 10
_FIRST_WAIT, _GROWTH, _LONGEST_WAIT = timedelta(minutes=2), 3, timedelta(hours=12)
"""2, 6, 18, 54, 162, 486 minutes, then half a day: ten tries within two days, as long as a weekend's outage."""
_JITTER = 0.2
_MOST_PROBLEM = 500


def add(session: Session, message: Message) -> bool:
    """Put a message into the outbox, in the caller's transaction; one whose uid is known is passed over."""
    if session.get(Delivery, message.uid) is not None:
        return False
    session.add(
        Delivery(
            uid=message.uid,
            channel=message.channel,
            target=message.target,
            event=message.event,
            gap=message.gap,
            conversation=message.conversation,
            payload=message.payload,
            state=DeliveryState.WAITING,
            attempts=0,
            next_at=message.not_before or message.at,
            created_at=message.at,
        )
    )
    session.flush()
    return True


def announce(session: Session, news: News, *, receivers: Sequence[Receiver], trackers: Sequence[Tracker]) -> int:
    """Put a gap's change into the outbox for all who are to hear of it; return how many messages are new.

    In the transaction of the change; repeating it adds none.
    """
    written = messages(news, receivers, trackers, was_told_of=has_told_of(session, news.gap))
    return sum(add(session, message) for message in written)


def take(session: Session, at: datetime, *, passing_over: Collection[Lane] = ()) -> Parcel | None:
    """Take the next message that is due, for as long as `LEASE`; None where none is. Writes.

    What tells of one gap, or of one conversation, goes to one receiver in the order in which it happened. What is for
    a webhook that is switched off waits. passing_over: whose messages are not to be taken.
    """
    earlier = aliased(Delivery)
    is_earlier = or_(
        earlier.created_at < Delivery.created_at,
        and_(earlier.created_at == Delivery.created_at, earlier.uid < Delivery.uid),
    )
    is_before = (
        earlier.state == DeliveryState.WAITING,
        earlier.channel == Delivery.channel,
        earlier.target == Delivery.target,
        is_earlier,
    )
    in_order = (  # two questions, each by its index: one with "or" looks at all that waits, for each that waits
        ~exists().where(earlier.gap == Delivery.gap, *is_before),
        ~exists().where(earlier.conversation == Delivery.conversation, *is_before),
    )
    due = (
        select(Delivery)
        .where(Delivery.state == DeliveryState.WAITING, Delivery.next_at <= at, *in_order, ~receivers.is_held())
        .where(*(~_is_in(lane) for lane in passing_over))
        .order_by(Delivery.next_at, Delivery.created_at, Delivery.uid)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(due, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        return None
    found.attempts, found.next_at = found.attempts + 1, at + LEASE
    session.flush()
    known = issues(session, found.gap) if found.gap is not None and found.channel is Channel.TRACKER else {}
    return Parcel(
        uid=found.uid,
        channel=found.channel,
        target=found.target,
        event=found.event,
        gap=found.gap,
        payload=found.payload,
        attempt=found.attempts,
        created_at=found.created_at,
        issue=known.get(found.target),
        receiver=receivers.find(session, found.target, at) if found.channel is Channel.WEBHOOK else None,
    )


def _is_in(lane: Lane) -> ColumnElement[bool]:
    channel, target = lane
    return and_(Delivery.channel == channel, Delivery.target == target) if target else Delivery.channel == channel


def take_back(session: Session, uid: str) -> bool:
    """Delete a message that was not tried yet, and the same to other webhooks, as `to_each` names them.

    Returns whether any is gone; one that is on its way, or out, stays.
    """
    uids = [uid, *(f"{uid}-{mark(key)}" for key in receivers.names(session))]
    untried = delete(Delivery).where(
        Delivery.uid.in_(uids), Delivery.state == DeliveryState.WAITING, Delivery.attempts == 0
    )
    return bool(session.scalars(untried.returning(Delivery.uid)).all())


def to_each(message: Message, uid: str) -> Message:
    """Return a message under a name that its teller knows, so that it can be taken back by that."""
    is_operators = message.target.startswith("https:")
    return replace(message, uid=uid if is_operators else f"{uid}-{mark(message.target)}")


def sent(session: Session, uid: str, *, at: datetime, answer: Issue | None = None, status: int | None = None) -> None:
    """Mark a message as sent. A mail is forgotten but for the fact: the address was given for this alone."""
    found = session.get(Delivery, uid)
    if found is None:
        return
    found.state, found.sent_at, found.problem = DeliveryState.SENT, at, None
    found.answer, found.status = answer.to_json() if answer else None, status
    if found.channel is Channel.WEBHOOK:
        receivers.took(session, found.target)
    if found.channel is Channel.MAIL:
        found.target = found.payload = ""
    session.flush()


def failed(session: Session, uid: str, problem: str, *, at: datetime, status: int | None = None) -> bool:
    """Note why a message did not go; it waits longer each time. Returns whether it was the last try."""
    found = session.get(Delivery, uid)
    if found is None:
        return False
    found.problem, found.status = cut(one_line(problem), _MOST_PROBLEM), status
    is_dead = found.attempts >= MOST_TRIES
    found.state = DeliveryState.DEAD if is_dead else DeliveryState.WAITING
    found.next_at = at + wait_after(found.attempts, uid, at)
    session.flush()
    if is_dead and found.channel is Channel.WEBHOOK:
        receivers.gave_up(session, found.target, at=at)
    return is_dead


def wait_after(attempt: int, uid: str, at: datetime) -> timedelta:
    """Return how long to wait after a try that failed; by up to a fifth longer, so that not all come back at once."""
    growth: int = _GROWTH ** (attempt - 1)
    wait = min(_FIRST_WAIT * growth, _LONGEST_WAIT)
    drawn = hashlib.sha256(f"{uid}{attempt}{at.isoformat()}".encode()).digest()[0] / 255
    return wait * (1 + _JITTER * drawn)


def retry(session: Session, *, at: datetime, uid: str | None = None) -> int:
    """Let dead letters begin anew, one or all; return how many. Raises NotFound for one that is not dead."""
    which = [Delivery.uid == uid] if uid else []
    change = update(Delivery).where(Delivery.state == DeliveryState.DEAD, *which).returning(Delivery.uid)
    done = session.scalars(change.values(state=DeliveryState.WAITING, attempts=0, next_at=at)).all()
    if uid and not done:
        raise NotFound(f"There is no dead letter {uid}. `portal outbox list` names them.")
    session.expire_all()
    return len(done)


def listed(session: Session, *, states: Collection[DeliveryState], limit: int = 100) -> list[Delivery]:
    """Return messages in some states, the newest first."""
    found = select(Delivery).where(Delivery.state.in_(states)).order_by(Delivery.created_at.desc(), Delivery.uid)
    return list(session.scalars(found.limit(limit)))


def counts(session: Session) -> dict[str, int]:
    """Return how many messages are in each state."""
    rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    found = {state: count for state, count in rows}  # noqa: C416 - a row is no pair to the type checker
    return {state.value: found.get(state, 0) for state in DeliveryState}


def dead(session: Session) -> int:
    """Return how many messages were given up."""
    asked = select(func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.DEAD)
    return session.scalar(asked) or 0


def has_told_of(session: Session, gap: int) -> bool:
    """Whether anything was ever sent, or is to be, of a gap."""
    return session.scalar(select(exists().where(Delivery.gap == gap))) or False


def issues(session: Session, gap: int) -> dict[str, Issue]:
    """Return tracker -> the gap's issue there."""
    rows = select(Delivery.target, Delivery.answer).where(
        Delivery.gap == gap, Delivery.channel == Channel.TRACKER, Delivery.answer.is_not(None)
    )
    found = session.execute(rows.order_by(Delivery.sent_at))
    return {target: Issue.from_json(answer) for target, answer in found if answer}


def to_address(session: Session, address: str, conversations: Collection[int] = ()) -> list[Delivery]:
    """Return the mails to an address that have not gone, and all that tells of some conversations, oldest first."""
    asked = select(Delivery).where(_is_of(address, conversations))
    return list(session.scalars(asked.order_by(Delivery.created_at, Delivery.uid)))


def erase(session: Session, address: str, conversations: Collection[int] = ()) -> int:
    """Delete what `to_address` returns. Returns how many messages that were."""
    gone = delete(Delivery).where(_is_of(address, conversations)).returning(Delivery.uid)
    return len(session.scalars(gone).all())


def _is_of(address: str, conversations: Collection[int]) -> ColumnElement[bool]:
    """Return what holds for messages of an address: to it, of its conversations, or with it in what went wrong."""
    is_mail = and_(Delivery.channel == Channel.MAIL, func.lower(Delivery.target) == address.lower())
    return or_(
        is_mail,
        Delivery.conversation.in_(conversations),
        Delivery.payload.icontains(address, autoescape=True),
        Delivery.problem.icontains(address, autoescape=True),
    )


def expire(session: Session, before: datetime) -> int:
    """Delete what was sent, or given up, before a moment, and what waits so long for a webhook that is switched off.

    Issues' ids stay. Returns how many went.
    """
    is_over = or_(Delivery.state != DeliveryState.WAITING, receivers.is_held())
    gone = delete(Delivery).where(is_over, Delivery.created_at < before, Delivery.answer.is_(None))
    return len(session.scalars(gone.returning(Delivery.uid)).all())
