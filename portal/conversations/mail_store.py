"""Incoming mails in the database: which were taken, which thread one belongs to, what a bounce means. Edges commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from portal.conversations.intake import merged_into
from portal.conversations.message_ids import uid_in
from portal.conversations.models import Conversation, IncomingMail, Kind, Message, Standing, Verdict
from portal.conversations.standing import Happening
from portal.text import cut, one_line

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 20
"""Mails of one address within an hour; two programs that answer each other send more within minutes."""
_MOST_REASON = 300
_SEEN_TOGETHER = 200


def known(session: Session, uid: str) -> IncomingMail | None:
    """Return what was done with a mail; None for a new one."""
    return session.get(IncomingMail, uid)


def keep(  # noqa: PLR0913 - a row
    session: Session, uid: str, verdict: Verdict, *, reason: str = "", conversation: int | None = None, at: datetime
) -> IncomingMail:
    """Note what was done with a mail; one that is known stays as it is."""
    there = session.get(IncomingMail, uid)
    if there is not None:
        return there
    said = cut(one_line(reason), _MOST_REASON)
    made = IncomingMail(uid=uid, at=at, verdict=verdict, reason=said, conversation=conversation)
    session.add(made)
    session.flush()
    return made


def thread(session: Session, answers: Sequence[str], address: str | None) -> Conversation | None:
    """Return the conversation that a mail goes on with: one of whose mails it answers, and whose address wrote it.

    Whoever else names those ids begins a conversation of their own, for ids can be guessed and are forwarded.
    """
    if not address:
        return None
    found = [one for one in _of_mails(session, answers) if (one.address or "").casefold() == address.casefold()]
    return found[0] if found else None


def written_lately(session: Session, address: str, at: datetime) -> int:
    """Return how many messages an address has written within the last hour."""
    written = (
        select(func.count())
        .select_from(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.kind == Kind.CUSTOMER, Message.created_at > at - AN_HOUR, same_address(address))
    )
    return session.scalar(written) or 0


def bounced(session: Session, original: str, reason: str, *, at: datetime) -> Conversation | None:
    """Note that a mail did not arrive, and bring its conversation back to its agent.

    Returns the conversation, None where no mail of ours has that id.
    """
    found = next(iter(_of_mails(session, [original])), None)
    if found is None:
        return None
    conversation = merged_into(session, found)
    conversation.problem = cut(one_line(reason), 500)
    if conversation.standing in {Standing.WAITING, Standing.CLOSED}:
        conversation.standing, conversation.closed_at = Standing.OPEN, None
    conversation.version += 1
    conversation.updated_at = max(at, conversation.updated_at)
    session.add(_event(conversation, reason, at))
    session.flush()
    return conversation


def expire(session: Session, before: datetime) -> int:
    """Forget which mails came in before a moment; return how many that were."""
    gone = delete(IncomingMail).where(IncomingMail.at < before).returning(IncomingMail.uid)
    return len(session.scalars(gone).all())


def same_address(address: str) -> ColumnElement[bool]:
    """Return what holds for conversations of an address, whatever its capitals."""
    return func.lower(Conversation.address) == address.lower()


def _of_mails(session: Session, message_ids: Sequence[str]) -> list[Conversation]:
    """Return the conversations that mails belong to, in the order of the mails."""
    asked = list(message_ids)[:_SEEN_TOGETHER]
    uids = {one: uid for one in asked if (uid := uid_in(one))}
    if not asked:
        return []
    rows = session.execute(
        select(Conversation, Message.message_id, Message.uid)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(or_(Message.message_id.in_(asked), Message.uid.in_(uids.values()), Conversation.uid.in_(uids.values())))
    ).all()
    found = []
    for one in asked:
        found += [row[0] for row in rows if row[1] == one or uids.get(one, "-") in {row[2], row[0].uid}]
    return list(dict.fromkeys(found))


def _event(conversation: Conversation, reason: str, at: datetime) -> Message:
    return Message(
        uid=uuid4().hex,
        conversation_id=conversation.id,
        kind=Kind.EVENT,
        author=None,
        by="",
        about=cut(one_line(reason), 200),
        text=Happening.BOUNCED,
        message_id=None,
        created_at=at,
        send_at=None,
    )
