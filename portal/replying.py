"""Replying: what an agent does to a conversation is kept, and told to those who are to know, in one transaction.

A reply's mail, its links and the webhook's news wait for its `send_at`; taken back before, all of them are undone.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from portal.bootstrap import Portal
from portal.conversations import attachments, inbox, letters, store
from portal.conversations.attachments import Upload
from portal.conversations.message_ids import message_id_of
from portal.conversations.models import Conversation, Kind, Message
from portal.db import Session, transaction
from portal.errors import NotFound
from portal.events import log
from portal.events.kinds import Linked
from portal.letterbox import announce, house_of, post
from portal.links import store as links_store
from portal.links.address import tokens_in
from portal.outbox import store as outbox
from portal.people.models import User

_TOLD = {inbox.assign: "assigned", inbox.close: "closed", inbox.reopen: "reopened"}
"""Verbs that the webhook hears of, by its own words for them; a note is staff's alone."""


def _nothing_more(_session: Session, _made: object) -> None:
    """Do nothing: what is usually still to be done in the same transaction."""


def reply(  # noqa: PLR0913 - a reply is all of these
    portal: Portal,
    conversation_id: int,
    *,
    by: User,
    at: datetime,
    uid: str,
    text: str,
    links: Collection[str] = (),
    files: Sequence[Upload] = (),
    kept: Collection[str] | None = None,
    version: int | None = None,
    closes: bool = False,
    then: Callable[[Session, Message], object] = _nothing_more,
) -> Message:
    """Answer a customer, as `inbox.reply` says; the mail goes out when the reply can't be taken back any more.

    links: tokens of tracked links besides those that stand in the text. The same uid twice is one.
    Raises NotFound, Invalid, Conflict where somebody else did something since `version`, Unavailable.
    then: what else is to be committed with it, or not at all.
    """
    with portal.database.session() as session, transaction(session):
        sent = inbox.reply(
            session, conversation_id, by=by, at=at, uid=uid, text=text, files=files, kept=kept, version=version,
            closes=closes,
        )  # fmt: skip
        if sent.created_at == at:  # and not one that was sent before, by a form that came twice
            _tell(session, portal, sent, (*tokens_in(text), *links))
        then(session, sent)
        return sent


def take_back(portal: Portal, message_uid: str, *, by: User, at: datetime) -> Message:
    """Take a reply back before it goes, with its mail, its links and the news of it; it is a draft again.

    Raises NotFound for what is no reply of theirs, Conflict once it has gone, Unavailable.
    """
    with portal.database.session() as session, transaction(session):
        sent = inbox.take_back(session, message_uid, by=by, at=at)
        outbox.take_back(session, _letter_uid(message_uid))
        outbox.take_back(session, _news_uid(message_uid))
        for token in tokens_in(sent.text):
            log.take_back(session, _event_uid(message_uid, token))
        links_store.unsent(session, message_uid)
        sent.message_id = None
        return sent


def change(  # noqa: PLR0913 - what is done, by whom, when, and on what
    portal: Portal,
    verb: Callable[..., Conversation],
    conversation_id: int,
    then: Callable[[Session, Conversation], object] = _nothing_more,
    /,
    *,
    by: User,
    at: datetime,
    version: int | None = None,
    **details: object,
) -> Conversation:
    """Do one of the inbox's verbs but reply, and tell the webhook. details: what else the verb takes.

    then: what else is to be committed with it, or not at all.
    """
    with portal.database.session() as session, transaction(session):
        before = store.conversation(session, conversation_id)
        stood = before.version if before else 0
        found = verb(session, conversation_id, by=by, at=at, version=version, **details)
        if verb in _TOLD and found.version != stood:
            announce(session, portal, found, _TOLD[verb], by=by.name, at=at)
        then(session, found)
        return found


def _tell(session: Session, portal: Portal, sent: Message, tokens: Sequence[str]) -> None:
    conversation = store.conversation(session, sent.conversation_id)
    if conversation is None:
        raise NotFound
    house, at = house_of(portal, conversation.lang), sent.created_at
    references = _references(session, sent)
    sent.message_id = message_id_of(sent.uid, house.mail_from)
    files = [one.name for one in attachments.of_messages(session, [sent.id])[sent.id]]
    letter = letters.reply_letter(conversation, sent, house, references=references, at=at, files=files)
    post(session, portal, letter)
    announce(
        session, portal, conversation, "replied", by=sent.by, at=at, uid=_news_uid(sent.uid), not_before=sent.send_at
    )
    _note_links(session, conversation, sent, tokens)


def _note_links(session: Session, conversation: Conversation, sent: Message, tokens: Sequence[str]) -> None:
    """Note the links of a reply as sent when it goes, and that an agent sent them, for the link rate."""
    at = sent.created_at
    links_store.sent(session, tokens, message=sent.uid, conversation=conversation.id, at=sent.send_at or at)
    found = [link for token in dict.fromkeys(tokens) if (link := links_store.find(session, token))]
    log.append(session, [
        Linked(uid=_event_uid(sent.uid, link.token), at=at, visitor=f"user-{sent.author}", lang=conversation.lang,
               article=link.article, conversation=str(conversation.id))
        for link in found if link.message == sent.uid
    ])  # fmt: skip


def _references(session: Session, sent: Message) -> list[str]:
    """Return the Message-IDs of the mails of this thread before a reply, oldest first."""
    said = (Kind.CUSTOMER, Kind.REPLY)
    thread = store.messages(session, sent.conversation_id)
    return [one.message_id for one in thread if one.kind in said and one.message_id and one.id != sent.id]


def _letter_uid(uid: str) -> str:
    """Name the mail of a reply, as `letters.reply_letter` does."""
    return f"reply-{uid}"


def _news_uid(uid: str) -> str:
    return f"replied-{uid}"


def _event_uid(uid: str, token: str) -> str:
    return hashlib.sha256(f"linked:{uid}:{token}".encode()).hexdigest()[:32]
