"""Receiving: what a customer writes is kept, and told to those who are to know, in one transaction.

Forms, mails and programs all come through here; only after it returned may anybody be thanked.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from portal.bootstrap import Portal
from portal.conversations import intake, letters, store
from portal.conversations.attachments import Upload
from portal.conversations.intake import Received
from portal.conversations.models import Conversation, Message
from portal.db import Session, transaction
from portal.errors import NotFound
from portal.events import log
from portal.events.kinds import Contacted, Step
from portal.letterbox import announce, house_of, language_of, post, site_of
from portal.people import accounts


def _nothing_more(_session: Session, _made: object) -> None:
    """Do nothing: what is usually still to be done in the same transaction."""


def receive(
    portal: Portal,
    received: Received,
    *,
    at: datetime,
    then: Callable[[Session, Conversation], object] = _nothing_more,
) -> Conversation:
    """Begin a conversation; one that is there stays as it is, and nobody is told again.

    With it are written the event, the receipt, the news for staff and for the webhook. Raises Unavailable.
    then: what else is to be committed with it, or not at all; told of one that is there too.
    """
    with portal.database.session() as session, transaction(session):
        known = intake.find(session, received.uid)
        if known is not None:
            then(session, known)
            return known
        is_suspect = intake.looks_suspect(session, received)
        conversation = intake.open_conversation(session, received, at=at)
        log.append(session, _told(received, at))
        if conversation.address and not is_suspect:
            _write_receipt(session, portal, conversation, received, at)
        first = store.message(session, conversation.uid)
        if first and not is_suspect:
            _tell_staff(session, portal, conversation, first, at)
        announce(session, portal, conversation, "created", at=at)
        then(session, conversation)
        return conversation


def customer_wrote(  # noqa: PLR0913 - a message is all of these
    portal: Portal,
    conversation_uid: str,
    *,
    uid: str,
    text: str,
    files: tuple[Upload, ...] = (),
    at: datetime,
    message_id: str | None = None,
    then: Callable[[Session, Message], object] = _nothing_more,
) -> Message:
    """Add what a customer wrote to their conversation, or to the one that it was merged into.

    The same uid twice is one. Who it is assigned to is written a mail, or those who hear of what
    nobody has. Raises NotFound, Unavailable. then: as for `receive`.
    """
    with portal.database.session() as session, transaction(session):
        found = intake.find(session, conversation_uid)
        if found is None:
            raise NotFound
        conversation = intake.merged_into(session, found)
        before = conversation.version
        message = intake.customer_writes(
            session, conversation, uid=uid, text=text, files=files, at=at, message_id=message_id
        )
        if conversation.version != before:
            _tell_staff(session, portal, conversation, message, at)
            announce(session, portal, conversation, "customer_wrote", at=at)
        then(session, message)
        return message


def _told(received: Received, at: datetime) -> tuple[Contacted, ...]:
    """Return the request as the visit saw it. Its uid is its own, so that it leads to no conversation."""
    if received.visitor is None:
        return ()
    event = Contacted(
        uid=secrets.token_hex(16),
        at=at,
        visitor=received.visitor,
        lang=received.lang,
        step=Step.SENT,
        channel=received.entry.value,
        search=received.search or "",
    )
    return (event,)


def _write_receipt(
    session: Session, portal: Portal, conversation: Conversation, received: Received, at: datetime
) -> None:
    letter = letters.receipt(
        conversation,
        house_of(portal, conversation.lang),
        text=received.text,
        at=at,
        references=(received.message_id,) if received.message_id else (),
        files=[one.name for one in received.files],
    )
    post(session, portal, letter)


def _tell_staff(session: Session, portal: Portal, conversation: Conversation, message: Message, at: datetime) -> None:
    """Write to whom it is assigned; while that is nobody, to those whom `[contact] notify` names."""
    agent = accounts.get(session, conversation.assignee) if conversation.assignee else None
    is_theirs = agent is not None and not agent.is_disabled
    for to in (agent.email,) if agent and is_theirs else site_of(portal).contact.notify:
        lang = language_of(session, portal, to)
        house = house_of(portal, lang)
        post(session, portal, letters.news_letter(conversation, message, house, to=to, at=at, lang=lang))
