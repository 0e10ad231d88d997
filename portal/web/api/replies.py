"""`/api/v1/conversations/<number>/replies` and `/drafts`: answering, taking back, and what was not sent yet."""

from collections.abc import Callable

from flask import Response

from portal import clock, replying
from portal.bootstrap import Portal
from portal.conversations import inbox, saved, store
from portal.conversations.models import Kind, Message
from portal.db import Session, transaction, unavailable_when_away
from portal.errors import NotFound
from portal.programs.scopes import Scope
from portal.web import programs
from portal.web.api import conversation_reading as reading
from portal.web.api.conversation_shapes import NewReply, Said
from portal.web.api.members import uid_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.uploads import files_of, taken
from portal.web.api.writing import new_uid, once_within, version_asked
from portal.web.context import the

TAG = "Conversations"
WRITE = Scope.CONVERSATIONS_WRITE

bp = resource("replies", "/conversations/<int:number>")


@bp.post("/replies")
@operation(TAG, WRITE, answer=Said, status=201, is_once=True, is_versioned=True)
def reply(number: int, json: NewReply) -> Response:
    """Answer the customer, in the name of the token's account.

    It goes out ten seconds later, and until then can be taken back. With `version` or `If-Match`, only where nobody
    did anything since.
    """
    by, asked = programs.allowed(WRITE).user, version_asked(json.version)

    def write(then: Callable[[Session, Message], None]) -> None:
        uid = _draft(number, json.draft, by.id) if json.draft else new_uid()
        files = files_of(json.files)
        with reading.in_time(number, asked):
            replying.reply(
                the(Portal), number, by=by, at=clock.now(), uid=uid, text=json.text, links=json.links, files=files,
                version=asked, closes=json.closes, then=then,
            )  # fmt: skip

    def shape(session: Session, sent: Message) -> Said:
        taken(session, json.files)
        for one in json.saved:
            saved.use(session, one)
        return reading.told(session, sent)

    return once_within(write, shape)


@bp.delete("/replies/<uid>")
@operation(TAG, WRITE, answer=Said, errors=(409,))
def take_reply_back(number: int, uid: str) -> Said:
    """Take a reply back before it goes: it is a draft again, and its mail is not sent."""
    by = programs.allowed(WRITE).user
    if uid not in {one.id for one in reading.shown(number).messages}:
        raise NotFound("There is no such reply of yours.")
    taken_back = replying.take_back(the(Portal), uid, by=by, at=clock.now())
    with unavailable_when_away(), the(Portal).database.session() as session:
        return reading.told(session, taken_back)


@bp.get("/draft")
@operation(TAG, WRITE, answer=Said)
def read_draft(number: int) -> Said:
    """Read the reply that the token's account took back, or could not send, and has not sent since.

    To send it, answer with its id as `draft`.
    """
    by = programs.allowed(WRITE).user
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = store.draft(session, number, by.id) if store.conversation(session, number) else None
        if found is None:
            raise NotFound("There is no draft of yours here.")
        return reading.told(session, found)


@bp.delete("/drafts/<uid>")
@operation(TAG, WRITE, status=204)
def discard_draft(number: int, uid: str) -> Response:
    """Throw a draft of the token's account away; doing so twice is doing so once."""
    by = programs.allowed(WRITE).user
    with the(Portal).database.session() as session, transaction(session):
        reading.must_be(session, number)
        if _is_theirs(session, number, uid, by.id):
            inbox.discard(session, uid, by=by)
    return Response(status=204)


def _draft(number: int, uid: str, user: int) -> str:
    """Return the uid of a draft that is to be sent, or of the reply that it has become. Raises NotFound."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        if not _is_theirs(session, number, uid, user):
            raise NotFound(f"draft: there is no draft {uid} of yours in this conversation.")
    return uid


def _is_theirs(session: Session, number: int, uid: str, user: int) -> bool:
    found = store.message(session, uid_of(uid))
    is_here = found is not None and found.conversation_id == number and found.kind in {Kind.DRAFT, Kind.REPLY}
    return is_here and found is not None and found.author == user
