"""Intake: what a customer wrote becomes a conversation, or goes on in theirs. Rooms flush, edges commit."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.conversations import attachments
from portal.conversations.attachments import Upload
from portal.conversations.models import SUBJECT_LIMIT, Conversation, Entry, Kind, Message, Standing
from portal.errors import NotFound
from portal.links import store as links
from portal.text import cut, one_line

SUSPECTED = "suspected"
"""Verb of the event that tells agents that a first message is full of links."""
MANY_LINKS = 5
"""Links of a first message from somebody unknown that agents are warned of. It is taken all the same."""
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_MERGED_DEEP = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a customer sent, read and checked: see `wording` and `attachments.check`."""

    uid: str
    """32 hexadecimal digits; the same one twice is one."""
    entry: Entry
    subject: str
    """Empty for one without; it takes the text's first line then."""
    text: str
    lang: str
    topic: str | None
    name: str
    address: str | None
    level: str
    visitor: str | None
    """As events have it; None where nothing may be recorded. Kept only with `has_trail`."""
    has_trail: bool
    search: str | None
    """uid of the search that led here. Kept only with `has_trail`."""
    files: tuple[Upload, ...] = ()
    message_id: str | None = None
    """Of the mail that brought it."""


def open_conversation(session: Session, received: Received, *, at: datetime) -> Conversation:
    """Begin a conversation with its first message, whose uid is its own; one that is there stays as it is."""
    is_suspect = looks_suspect(session, received)
    new = _insert(session, received, at)
    conversation = session.scalars(select(Conversation).where(Conversation.uid == received.uid)).one()
    if not new:
        return conversation
    message = _message(conversation, received.uid, received.text, at, received.message_id)
    session.add(message)
    session.flush()
    attachments.keep(session, message, received.files, at=at)
    if is_suspect:
        session.add(_warning(conversation, at))
        session.flush()
    return conversation


def customer_writes(  # noqa: PLR0913 - a message is all of these
    session: Session,
    conversation: Conversation,
    *,
    uid: str,
    text: str,
    files: tuple[Upload, ...] = (),
    at: datetime,
    message_id: str | None = None,
) -> Message:
    """Add what a customer wrote since; the same uid twice is one.

    It opens what waited or was closed. What was written to a merged conversation goes to the one that it went into.
    """
    there = session.scalars(select(Message).where(Message.uid == uid)).one_or_none()
    if there is not None:
        return there
    target = merged_into(session, conversation)
    session.refresh(target, with_for_update=True)  # two who write at once make two versions
    message = _message(target, uid, text, at, message_id)
    session.add(message)
    if target.standing in {Standing.WAITING, Standing.CLOSED}:
        target.standing, target.closed_at = Standing.OPEN, None
    target.version += 1
    target.updated_at = target.customer_at = at
    session.flush()
    attachments.keep(session, message, files, at=at)
    links.came_back(session, target.id, at)
    return message


def find(session: Session, uid: str) -> Conversation | None:
    """Return the conversation of a uid."""
    return session.scalars(select(Conversation).where(Conversation.uid == uid)).one_or_none()


def merged_into(session: Session, conversation: Conversation) -> Conversation:
    """Return where a conversation goes on: itself, or the one that it was merged into, however often."""
    for _ in range(_MERGED_DEEP):
        if conversation.standing is not Standing.MERGED or conversation.merged_into is None:
            break
        following = session.get(Conversation, conversation.merged_into)
        if following is None:
            raise NotFound
        conversation = following
    return conversation


def uid_of(form: str, *parts: str) -> str:
    """Return the uid of what was sent by a form: the same words twice are one message, other words another.

    form: the form's own uid. It leads from neither to the other without the words.
    """
    return hashlib.sha256(repr((form, *parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def looks_suspect(session: Session, received: Received) -> bool:
    """Whether a first message is full of links and nothing is known of its sender."""
    if len(_LINK.findall(received.text)) < MANY_LINKS:
        return False
    earlier = select(func.count()).select_from(Conversation).where(
        Conversation.address == received.address, Conversation.uid != received.uid
    )  # fmt: skip
    return received.address is None or not session.scalar(earlier)


def _insert(session: Session, received: Received, at: datetime) -> bool:
    """Write the conversation's row; returns whether it is new, also where two do so at once."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Conversation).values(
        uid=received.uid,
        version=1,
        standing=Standing.NEW,
        entry=received.entry,
        subject=cut(one_line(received.subject or _first_line(received.text)), SUBJECT_LIMIT),
        lang=received.lang,
        topic=received.topic,
        name=received.name,
        address=received.address,
        level=received.level,
        visitor=received.visitor if received.has_trail else None,
        has_trail=received.has_trail and received.visitor is not None,
        search=received.search if received.has_trail else None,
        created_at=at,
        updated_at=at,
        customer_at=at,
    )
    done = row.on_conflict_do_nothing(index_elements=[Conversation.uid]).returning(Conversation.id)
    return session.scalar(done) is not None


def _first_line(text: str) -> str:
    return cut(next((line for line in text.splitlines() if line.strip()), ""), SUBJECT_LIMIT)


def _message(conversation: Conversation, uid: str, text: str, at: datetime, message_id: str | None) -> Message:
    return Message(
        uid=uid,
        conversation_id=conversation.id,
        kind=Kind.CUSTOMER,
        author=None,
        by=conversation.name,
        about="",
        text=text,
        message_id=message_id,
        created_at=at,
        send_at=None,
    )


def _warning(conversation: Conversation, at: datetime) -> Message:
    return Message(
        uid=hashlib.sha256(f"{SUSPECTED}:{conversation.uid}".encode()).hexdigest()[:32],
        conversation_id=conversation.id,
        kind=Kind.EVENT,
        author=None,
        by="",
        about="",
        text=SUSPECTED,
        message_id=None,
        created_at=at,
        send_at=None,
    )
