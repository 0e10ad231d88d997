"""`/api/v1/conversations`: the inbox for programs. What customers wrote elsewhere comes in, replies go out."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response

from portal import clock, receiving, replying
from portal.audience import Level
from portal.bootstrap import Portal
from portal.conversations import attachments, inbox, wording
from portal.conversations.intake import Received
from portal.conversations.models import Conversation, Entry
from portal.db import unavailable_when_away
from portal.errors import Conflict, NotFound
from portal.people import accounts
from portal.people.models import User
from portal.programs.scopes import Scope
from portal.web import downloads, programs
from portal.web.api import conversation_reading as reading
from portal.web.api.conversation_shapes import (
    Assignment,
    NewNote,
    NewReply,
    NewTalk,
    NewWord,
    People,
    Said,
    Talks,
    TalksQuery,
    WholeTalk,
)
from portal.web.api.members import Change, Person, first_language, language_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.writing import new_uid, once_apart, stale, version_asked
from portal.web.context import the

TAG = "Conversations"
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE
Made = TypeVar("Made")

bp = resource("conversations", "")


@bp.get("/conversations")
@operation(TAG, READ, answer=Talks)
def list_conversations(query: TalksQuery) -> Talks:
    """List conversations, the newest activity first."""
    return reading.listed(query, programs.allowed(READ).user.id)


@bp.post("/conversations")
@operation(TAG, WRITE, answer=WholeTalk, status=201, is_once=True)
def create_conversation(json: NewTalk) -> Response:
    """Take what a customer wrote elsewhere as a conversation; who left an address is sent a receipt.

    The same `Idempotency-Key` twice is one conversation.
    """
    received = _received(json)

    def write() -> WholeTalk:
        return reading.shown(receiving.receive(the(Portal), received, at=clock.now()).id)

    return once_apart(write)


@bp.get("/conversations/<int:number>")
@operation(TAG, READ, answer=WholeTalk)
def read_conversation(number: int) -> WholeTalk:
    """Read a conversation with all that was said, notes for staff included."""
    return reading.shown(number)


@bp.post("/conversations/<int:number>/messages")
@operation(TAG, WRITE, answer=Said, status=201, is_once=True)
def add_customer_message(number: int, json: NewWord) -> Response:
    """Add what the customer wrote since; what waited or was closed is open again."""
    text = wording.read_text(json.text)

    def write() -> Said:
        uid = reading.uid_of(number)
        return reading.told(receiving.customer_wrote(the(Portal), uid, uid=new_uid(), text=text, at=clock.now()))

    return once_apart(write)


@bp.post("/conversations/<int:number>/replies")
@operation(TAG, WRITE, answer=Said, status=201, is_once=True, is_versioned=True)
def reply(number: int, json: NewReply) -> Response:
    """Answer the customer, in the name of the token's account.

    It goes out ten seconds later, and until then can be taken back. With `version` or `If-Match`, only where nobody
    did anything since.
    """
    by, asked = programs.allowed(WRITE).user, version_asked(json.version)

    def write() -> Said:
        return reading.told(replying.reply(
            the(Portal), number, by=by, at=clock.now(), uid=new_uid(), text=json.text, links=json.links,
            version=asked, closes=json.closes,
        ))  # fmt: skip

    return once_apart(lambda: _in_time(write, number, asked))


@bp.delete("/conversations/<int:number>/replies/<uid>")
@operation(TAG, WRITE, answer=Said, errors=(409,))
def take_reply_back(number: int, uid: str) -> Said:
    """Take a reply back before it goes: it is a draft again, and its mail is not sent."""
    by = programs.allowed(WRITE).user
    if uid not in {one.id for one in reading.shown(number).messages}:
        raise NotFound("There is no such reply of yours.")
    return reading.told(replying.take_back(the(Portal), uid, by=by, at=clock.now()))


@bp.post("/conversations/<int:number>/notes")
@operation(TAG, WRITE, answer=WholeTalk, status=201, is_once=True, is_versioned=True)
def add_note(number: int, json: NewNote) -> Response:
    """Leave a word that only staff see."""
    return _change(inbox.note, number, json.version, status=201, text=json.text, uid=new_uid())


@bp.post("/conversations/<int:number>/assignment")
@operation(TAG, WRITE, answer=WholeTalk, is_once=True, is_versioned=True)
def assign_conversation(number: int, json: Assignment) -> Response:
    """Give a conversation to a member of staff, or to nobody."""
    return _change(inbox.assign, number, json.version, to=_account(json.assignee))


@bp.post("/conversations/<int:number>/closing")
@operation(TAG, WRITE, answer=WholeTalk, is_once=True, is_versioned=True)
def close_conversation(number: int, json: Change) -> Response:
    """Say that nothing is left to do; the customer's next word opens it again."""
    return _change(inbox.close, number, json.version)


@bp.post("/conversations/<int:number>/reopening")
@operation(TAG, WRITE, answer=WholeTalk, is_once=True, is_versioned=True)
def reopen_conversation(number: int, json: Change) -> Response:
    """Go on with what was closed."""
    return _change(inbox.reopen, number, json.version)


@bp.get("/people")
@operation(TAG, READ, answer=People)
def list_people() -> People:
    """List the accounts that a conversation, or a gap, can be given to."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        able = [one for one in accounts.everybody(session) if not one.is_disabled]
    return People(people=tuple(Person(id=one.id, name=one.name) for one in able))


@bp.get("/attachments/<uid>")
@operation(TAG, READ, media_type="application/octet-stream")
def read_attachment(uid: str) -> Response:
    """Fetch a file that came with a message."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = attachments.content(session, uid)
    if found is None:
        raise NotFound
    response = downloads.send_attachment(*found)
    response.mimetype = "application/octet-stream"
    return response


def _change(
    verb: Callable[..., Conversation], number: int, version: int | None, *, status: int = 200, **details: object
) -> Response:
    by, asked = programs.allowed(WRITE).user, version_asked(version)

    def write() -> WholeTalk:
        found = replying.change(the(Portal), verb, number, by=by, at=clock.now(), version=asked, **details)
        return reading.shown(found.id)

    return once_apart(lambda: _in_time(write, number, asked), status=status)


def _in_time(write: Callable[[], Made], number: int, asked: int | None) -> Made:
    """Do it; where somebody was quicker, say so by the status that was asked for."""
    try:
        return write()
    except Conflict as error:
        raise stale(error, asked=asked, present=reading.version_of(number)) from error


def _account(number: int | None) -> User | None:
    """Return an account that may be given something. Raises NotFound."""
    if number is None:
        return None
    with unavailable_when_away(), the(Portal).database.session() as session:
        return accounts.get(session, number)


def _received(json: NewTalk) -> Received:
    return Received(
        uid=new_uid(), entry=Entry.API, subject=json.subject, text=wording.read_text(json.text),
        lang=language_of(json.lang) or first_language(), topic=json.topic or None,
        name=wording.read_name(json.name), address=wording.read_address(json.address or "", is_needed=False),
        level=Level.PUBLIC.value, visitor=None, has_trail=False, search=None,
    )  # fmt: skip
