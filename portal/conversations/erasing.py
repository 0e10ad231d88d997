"""Erasing: all that one e-mail address wrote or was sent in conversations, shown or deleted; and what is too old.

Everything is deleted by name, not left to the database's cascades, which a migration's connection has off.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from portal.conversations.mail_store import same_address
from portal.conversations.models import (
    Attachment,
    AttachmentContent,
    Conversation,
    IncomingMail,
    Kind,
    Message,
    Standing,
)
from portal.db import Model
from portal.links.models import SentLink

EXPIRED_AT_ONCE = 200
"""Conversations of one transaction, so that nobody who writes meanwhile has to wait."""
_WRITTEN_OR_SENT = (Kind.CUSTOMER, Kind.REPLY)


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went."""

    conversations: int = 0
    messages: int = 0
    attachments: int = 0
    mails: int = 0
    """Notes of mails that came in."""


def of_address(session: Session, address: str) -> dict[str, list[dict[str, Any]]]:
    """Return what an address wrote and was sent, fit for JSON; notes and events are staff's own and not among it."""
    conversations = _conversations(session, address)
    numbers = [one.id for one in conversations]
    messages = [one for one in _messages(session, numbers) if one.kind in _WRITTEN_OR_SENT]
    files = session.execute(
        select(Attachment, AttachmentContent.content)
        .join(AttachmentContent, AttachmentContent.attachment == Attachment.uid)
        .where(Attachment.message_id.in_([one.id for one in messages]))
    )
    links = session.scalars(select(SentLink).where(SentLink.conversation.in_(numbers), SentLink.sent_at.is_not(None)))
    return {
        "conversations": [_row(one) for one in conversations],
        "messages": [_row(one, without=("author",)) for one in messages],
        "attachments": [_row(one) | {"content": base64.b64encode(content).decode()} for one, content in files],
        "links": [_row(one, without=("user",)) for one in links],
        "incoming_mails": [_row(one) for one in session.scalars(select(IncomingMail).where(_names(numbers, address)))],
    }


def numbers_of(session: Session, address: str) -> list[int]:
    """Return the numbers of an address's conversations."""
    return [one.id for one in _conversations(session, address)]


def erase(session: Session, address: str) -> Erased:
    """Delete all of an address's conversations with everything in them, and the notes of its mails."""
    numbers = numbers_of(session, address)
    gone = session.scalars(delete(IncomingMail).where(_names(numbers, address)).returning(IncomingMail.uid)).all()
    return _delete(session, numbers, mails=len(gone))


def expire(session: Session, before: datetime) -> int:
    """Delete at most EXPIRED_AT_ONCE conversations that were closed, or merged, before a moment; return how many."""
    is_closed = (Conversation.standing == Standing.CLOSED) & (Conversation.closed_at < before)
    is_merged = (Conversation.standing == Standing.MERGED) & (Conversation.updated_at < before)
    asked = select(Conversation.id).where(or_(is_closed, is_merged)).order_by(Conversation.id).limit(EXPIRED_AT_ONCE)
    return _delete(session, session.scalars(asked).all()).conversations


def _delete(session: Session, numbers: Sequence[int], mails: int = 0) -> Erased:
    messages = [one.id for one in _messages(session, numbers)]
    files = session.scalars(select(Attachment.uid).where(Attachment.message_id.in_(messages))).all()
    session.execute(delete(AttachmentContent).where(AttachmentContent.attachment.in_(files)))
    session.execute(delete(Attachment).where(Attachment.uid.in_(files)))
    session.execute(delete(Message).where(Message.id.in_(messages)))
    session.execute(update(SentLink).where(SentLink.conversation.in_(numbers)).values(conversation=None, message=None))
    session.execute(update(IncomingMail).where(IncomingMail.conversation.in_(numbers)).values(conversation=None))
    session.execute(update(Conversation).where(Conversation.merged_into.in_(numbers)).values(merged_into=None))
    session.execute(delete(Conversation).where(Conversation.id.in_(numbers)))
    session.expire_all()
    return Erased(len(numbers), len(messages), len(files), mails)


def _conversations(session: Session, address: str) -> list[Conversation]:
    return list(session.scalars(select(Conversation).where(same_address(address)).order_by(Conversation.id)))


def _messages(session: Session, numbers: Sequence[int]) -> list[Message]:
    asked = select(Message).where(Message.conversation_id.in_(numbers))
    return list(session.scalars(asked.order_by(Message.created_at, Message.id)))


def _names(numbers: Sequence[int], address: str) -> Any:  # noqa: ANN401 - a condition
    """Return what holds for notes of mails of conversations, or whose reason has an address in it, as bounces do."""
    return or_(IncomingMail.conversation.in_(numbers), IncomingMail.reason.icontains(address, autoescape=True))


def _row(one: Model, without: Sequence[str] = ()) -> dict[str, Any]:
    """Return a row's columns by name. without: those that name somebody else's account."""
    return {
        column.key: getattr(one, column.key)
        for column in type(one).__mapper__.column_attrs
        if column.key not in without
    }
