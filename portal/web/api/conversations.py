"""`/api/v1/conversations`: the inbox for programs. What customers wrote elsewhere comes in and is looked after."""

from collections.abc import Callable
from contextlib import nullcontext

from flask import Response

from portal import clock, receiving, replying
from portal.audience import Level
from portal.bootstrap import Portal
from portal.conversations import inbox, wording
from portal.conversations.attachments import Upload
from portal.conversations.intake import Received
from portal.conversations.models import Conversation, Entry, Message
from portal.db import Session, unavailable_when_away
from portal.people import accounts
from portal.people.models import User
from portal.programs.scopes import Scope
from portal.web import programs
from portal.web.api import conversation_reading as reading
from portal.web.api.conversation_shapes import (
    Assignment,
    Merging,
    NewNote,
    NewTalk,
    NewWord,
    Said,
    Talks,
    TalksQuery,
    WholeTalk,
)
from portal.web.api.members import Change, first_language, language_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.uploads import files_of, taken
from portal.web.api.writing import fitting, new_uid, once_within, version_asked
from portal.web.context import the

TAG = "Conversations"
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE

bp = resource("conversations", "/conversations")


@bp.get("")
@operation(TAG, READ, answer=Talks)
def list_conversations(query: TalksQuery) -> Talks:
    """List conversations, the newest activity first."""
    return reading.listed(query, programs.allowed(READ).user.id)


@bp.post("")
@operation(TAG, WRITE, answer=WholeTalk, status=201, is_once=True, errors=(404,))
def create_conversation(json: NewTalk) -> Response:
    """Take what a customer wrote elsewhere as a conversation; who left an address is sent a receipt.

    The same `Idempotency-Key` twice is one conversation.
    """
    text = wording.read_text(json.text)

    def write(then: Callable[[Session, Conversation], None]) -> Conversation:
        received = _received(json, text, files_of(json.files))
        return receiving.receive(the(Portal), received, at=clock.now(), then=then)

    def shape(session: Session, made: Conversation) -> WholeTalk:
        taken(session, json.files)
        return reading.whole(session, made)

    return once_within(write, shape)


@bp.get("/<int:number>")
@operation(TAG, READ, answer=WholeTalk)
def read_conversation(number: int) -> WholeTalk:
    """Read a conversation with all that was said, notes for staff included."""
    return reading.shown(number)


@bp.post("/<int:number>/messages")
@operation(TAG, WRITE, answer=Said, status=201, is_once=True)
def add_customer_message(number: int, json: NewWord) -> Response:
    """Add what the customer wrote since; what waited or was closed is open again."""
    text = wording.read_text(json.text)

    def write(then: Callable[[Session, Message], None]) -> Message:
        return receiving.customer_wrote(
            the(Portal), reading.uid_of(number), uid=new_uid(), text=text, files=files_of(json.files), at=clock.now(),
            then=then,
        )  # fmt: skip

    def shape(session: Session, made: Message) -> Said:
        taken(session, json.files)
        return reading.told(session, made)

    return once_within(write, shape)


@bp.post("/<int:number>/notes")
@operation(TAG, WRITE, answer=WholeTalk, status=201, is_once=True, is_versioned=True)
def add_note(number: int, json: NewNote) -> Response:
    """Leave a word that only staff see."""
    return _change(inbox.note, number, json.version, status=201, text=json.text, uid=new_uid())


@bp.post("/<int:number>/assignment")
@operation(TAG, WRITE, answer=WholeTalk, is_once=True, is_versioned=True)
def assign_conversation(number: int, json: Assignment) -> Response:
    """Give a conversation to a member of staff, or to nobody."""
    return _change(inbox.assign, number, json.version, to=_account(json.assignee))


@bp.post("/<int:number>/closing")
@operation(TAG, WRITE, answer=WholeTalk, is_once=True, is_versioned=True)
def close_conversation(number: int, json: Change) -> Response:
    """Say that nothing is left to do; the customer's next word opens it again."""
    return _change(inbox.close, number, json.version)


@bp.post("/<int:number>/reopening")
@operation(TAG, WRITE, answer=WholeTalk, is_once=True, is_versioned=True)
def reopen_conversation(number: int, json: Change) -> Response:
    """Go on with what was closed."""
    return _change(inbox.reopen, number, json.version)


@bp.post("/<int:number>/merge")
@operation(TAG, WRITE, answer=WholeTalk, is_once=True, is_versioned=True)
def merge_conversation(number: int, json: Merging) -> Response:
    """Move what was said to another conversation of the same address, for ever; that one is answered.

    Only where both have the same address: each one's private link leads to the other's words from then on.
    """
    return _change(inbox.merge, number, json.version, into=json.into)


def _change(
    verb: Callable[..., Conversation], number: int, version: int | None, *, status: int = 200, **details: object
) -> Response:
    by, asked = programs.allowed(WRITE).user, version_asked(version)

    def write(then: Callable[[Session, Conversation], None]) -> None:
        with reading.in_time(number, asked), fitting() if verb is inbox.merge else nullcontext():
            replying.change(the(Portal), verb, number, then, by=by, at=clock.now(), version=asked, **details)

    return once_within(write, reading.whole, status=status)


def _account(number: int | None) -> User | None:
    """Return an account that may be given something. Raises NotFound."""
    if number is None:
        return None
    with unavailable_when_away(), the(Portal).database.session() as session:
        return accounts.get(session, number)


def _received(json: NewTalk, text: str, files: tuple[Upload, ...]) -> Received:
    return Received(
        uid=new_uid(), entry=Entry.API, subject=json.subject, text=text,
        lang=language_of(json.lang) or first_language(), topic=json.topic or None,
        name=wording.read_name(json.name), address=wording.read_address(json.address or "", is_needed=False),
        level=Level.PUBLIC.value, visitor=None, has_trail=False, search=None, files=files,
    )  # fmt: skip
