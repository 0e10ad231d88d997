"""What stands beside conversations: their files, the counts of the inbox, what is known of a customer, and accounts."""

from datetime import datetime

from flask import Response
from pydantic import Field

from portal.bootstrap import Portal
from portal.conversations import attachments, store
from portal.conversations.models import Kind, Message
from portal.conversations.trail import trail
from portal.db import unavailable_when_away
from portal.errors import NotFound
from portal.people import accounts
from portal.programs.scopes import Scope
from portal.web import downloads, programs
from portal.web.api import conversation_reading as reading
from portal.web.api.conversation_shapes import People
from portal.web.api.members import Person, Shape, uid_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.context import the

TAG = "Conversations"
READ = Scope.CONVERSATIONS_READ

bp = resource("conversation_asides", "")


class Counts(Shape):
    """How many conversations each view of the inbox holds, as the token's account sees it."""

    new: int
    mine: int
    waiting: int
    closed: int
    all: int


class Looked(Shape):
    """One search of a customer before they wrote, or with empty words articles that no search led to."""

    at: datetime
    query: str
    hits: int
    opened: tuple[str, ...] = Field(description="Ids of the articles that were opened, in that order.")


class Background(Shape):
    """What is known of a customer beside a conversation."""

    searches: tuple[Looked, ...] = Field(description="Of the day before they wrote. Empty without their consent.")
    others: tuple[int, ...] = Field(description="Numbers of the latest other conversations of the same address.")


@bp.get("/conversations/counts")
@operation(TAG, READ, answer=Counts)
def count_conversations() -> Counts:
    """Count the conversations of each view."""
    user = programs.allowed(READ).user.id
    with unavailable_when_away(), the(Portal).database.session() as session:
        return Counts.model_validate({view.value: number for view, number in store.counts(session, user).items()})


@bp.get("/conversations/<int:number>/background")
@operation(TAG, READ, answer=Background)
def read_background(number: int) -> Background:
    """Read what the customer looked for before they wrote, and which other conversations are theirs."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = reading.must_be(session, number)
        steps, others = trail(session, found), store.others_of(session, found)
    return Background(
        searches=tuple(Looked(at=one.at, query=one.query, hits=one.hits, opened=one.opened) for one in steps),
        others=tuple(one.id for one in others),
    )


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
    """Fetch a file that came with a message, or that stands in a draft of the token's account."""
    user = programs.allowed(READ).user.id
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = attachments.content(session, uid_of(uid))
        if found is None or not _may_have(store.message_by_id(session, found[0].message_id), user):
            raise NotFound
    response = downloads.send_attachment(*found)
    response.mimetype = "application/octet-stream"
    return response


def _may_have(message: Message | None, user: int) -> bool:
    return message is not None and (message.kind is not Kind.DRAFT or message.author == user)
