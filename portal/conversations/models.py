"""Conversation and Message: what a customer asked people, and what was said since."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model

SUBJECT_LIMIT = 200
"""Characters of a subject; a line in a list."""
TEXT_LIMIT = 20_000
"""Characters of one message; some ten pages, as long as a pasted log that anybody reads."""
NAME_LIMIT = 100


def _enum(kind: type[StrEnum], name: str) -> Enum:
    return Enum(kind, name=name, length=20, native_enum=False, create_constraint=True, values_callable=list)


class Standing(StrEnum):
    """How far a conversation is."""

    NEW = "new"
    """Nobody has answered yet."""
    OPEN = "open"
    """It is the company's turn."""
    WAITING = "waiting"
    """It is the customer's turn."""
    CLOSED = "closed"
    MERGED = "merged"
    """It goes on in another one."""


class Entry(StrEnum):
    """Whence a conversation came."""

    FORM = "form"
    WIDGET = "widget"
    MAIL = "mail"
    API = "api"


class Kind(StrEnum):
    """What a message is."""

    CUSTOMER = "customer"
    REPLY = "reply"
    NOTE = "note"
    """For staff alone."""
    EVENT = "event"
    """What happened, such as an assignment; for staff alone. `text` is its verb, `about` whom or what it names."""
    DRAFT = "draft"
    """A reply that was taken back before it went, or not sent yet; for its author alone."""


class Conversation(Model):
    """A customer's request and all that was said since.

    `uid` is made by the form, so that the same one sent twice is one; with an HMAC it is the customer's private link.
    `version` grows with each change: who acts on an older one sees first what changed. `visitor` is kept only where
    the customer agreed (`has_trail`) that staff see what they searched for before.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index(None, "standing", "updated_at"),
        Index(None, "assignee", "standing"),
        Index(None, "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    version: Mapped[int]
    standing: Mapped[Standing] = mapped_column(_enum(Standing, "standing"))
    entry: Mapped[Entry] = mapped_column(_enum(Entry, "entry"))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LIMIT))
    lang: Mapped[str] = mapped_column(String(35))
    topic: Mapped[str | None] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    """The customer's; empty where they gave none."""
    address: Mapped[str | None] = mapped_column(String(254), index=True)
    """E-mail address, its host in lower case; None where they gave none."""
    level: Mapped[str] = mapped_column(String(20))
    """The reading level of the customer: public or customers."""
    visitor: Mapped[str | None] = mapped_column(String(40), index=True)
    has_trail: Mapped[bool]
    search: Mapped[str | None] = mapped_column(String(32))
    """uid of the search that led to the form."""
    assignee: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"), index=True)
    """Indexed, or each one that is deleted would have the database read all of them for its own."""
    problem: Mapped[str | None] = mapped_column(String(500))
    """Why the last mail did not arrive, as its bounce said."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    customer_at: Mapped[datetime | None]
    """When the customer last wrote."""
    agent_at: Mapped[datetime | None]
    """When an agent last answered."""
    closed_at: Mapped[datetime | None]


class Message(Model):
    """One message of a conversation.

    A reply is sent at `send_at`; until then it can be taken back. `text` is plain text; links in it are shown as links.
    `message_id` is that of the mail that brought it, or that took it out (RFC 5322, without angle brackets).
    """

    __tablename__ = "messages"
    __table_args__ = (Index(None, "conversation_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(_enum(Kind, "kind"))
    author: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Account of staff; None for customers."""
    by: Mapped[str] = mapped_column(String(NAME_LIMIT))
    """The author's name as it was then."""
    about: Mapped[str] = mapped_column(String(SUBJECT_LIMIT))
    """Of an event: whom or what it names; empty for others."""
    text: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column(String(250), unique=True)
    created_at: Mapped[datetime]
    send_at: Mapped[datetime | None]
    """Of a reply: when it goes out, and from when the customer sees it."""


class Attachment(Model):
    """A file that came with a message. `media_type` is what its content is, not what its sender said."""

    __tablename__ = "attachments"

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    created_at: Mapped[datetime]


class AttachmentContent(Model):
    """The bytes of an attachment, apart, so that lists never read them; in the database, which all nodes share."""

    __tablename__ = "attachment_contents"

    attachment: Mapped[str] = mapped_column(ForeignKey("attachments.uid", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Arm(StrEnum):
    """Whether a form suggested articles: the hold-out is what tells how much suggestions really avoid."""

    OFFERED = "offered"
    HELD_OUT = "held_out"


class Ending(StrEnum):
    """What became of a form that was begun."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    SENT = "sent"


class ContactForm(Model):
    """A form that somebody began to fill in; without a word of what they wrote. For the measures of deflection."""

    __tablename__ = "contact_forms"

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    lang: Mapped[str] = mapped_column(String(35))
    topic: Mapped[str | None] = mapped_column(String(80))
    arm: Mapped[Arm] = mapped_column(_enum(Arm, "arm"))
    ending: Mapped[Ending] = mapped_column(_enum(Ending, "ending"))
    offered: Mapped[str] = mapped_column(Text)
    """Ids of the articles last offered, best first, with spaces between."""
    article: Mapped[str | None] = mapped_column(String(64))
    """The one that answered it, as its reader said."""
    ended_at: Mapped[datetime | None]


class Verdict(StrEnum):
    """What was done with a mail that came in."""

    TAKEN = "taken"
    BOUNCE = "bounce"
    LOOP = "loop"
    """An automatic answer, a list, or ourselves: answering it could go on for ever."""
    REFUSED = "refused"


class IncomingMail(Model):
    """A mail that came in. `uid` is SHA-256 of its Message-ID, else of its bytes, so that none is taken twice."""

    __tablename__ = "incoming_mails"

    uid: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    verdict: Mapped[Verdict] = mapped_column(_enum(Verdict, "verdict"))
    reason: Mapped[str] = mapped_column(String(300))
    conversation: Mapped[int | None]


class SavedReply(Model):
    """A text that agents send again and again; `{customer}`, `{agent}` and the like stand for what differs."""

    __tablename__ = "saved_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    lang: Mapped[str | None] = mapped_column(String(35))
    """None: for every language."""
    text: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(String(NAME_LIMIT))
    changed_at: Mapped[datetime]
    used: Mapped[int]
