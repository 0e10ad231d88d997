# ruff: noqa: PLR0913, PLR0917 - every change has who, when and which version beside what it is about
"""Changes: what all verbs of the inbox share. Taking a conversation to change it, and writing down what happened."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.conversations import store
from portal.conversations.models import NAME_LIMIT, SUBJECT_LIMIT, TEXT_LIMIT, Conversation, Kind, Message, Standing
from portal.conversations.standing import Happening, standing_of, too_late
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.people.models import User
from portal.text import cut, without_controls


def take(session: Session, conversation_id: int, by: User, at: datetime, version: int | None) -> Conversation:
    """Return a conversation to be changed by somebody, locked until the transaction ends.

    Raises NotFound; Forbidden for a shut account; Conflict where it was merged, or for a stale `version`.
    """
    if by.is_disabled:
        raise Forbidden("This account is shut.")
    found = must_be(session, conversation_id)
    if found.standing is Standing.MERGED:
        raise Conflict(f"Conversation {found.id} was merged into {found.merged_into}. Go on in that one.")
    refuse_the_stale(session, found, at, version)
    return found


def must_be(session: Session, conversation_id: int) -> Conversation:
    """Return a conversation, locked until the transaction ends. Raises NotFound."""
    found = None
    if 0 < conversation_id <= store.MOST_NUMBER:
        found = session.get(Conversation, conversation_id, populate_existing=True, with_for_update=True)
    if found is None:
        raise NotFound(f"There is no conversation {conversation_id}.")
    return found


def refuse_the_stale(session: Session, found: Conversation, at: datetime, version: int | None) -> None:
    """Raise Conflict, which says who did what since, where `version` is not the one that stands."""
    if version is None or version == found.version:
        return
    # A reply that also assigns and closes is told as the reply.
    newest = (Message.created_at.desc(), Message.kind == Kind.EVENT, Message.id.desc())
    asked = select(Message).where(Message.conversation_id == found.id).order_by(*newest).limit(1)
    last = session.scalars(asked).one_or_none()
    raise Conflict(too_late(last, at - last.created_at if last else timedelta()))


def add(
    session: Session,
    found: Conversation,
    kind: Kind,
    by: User,
    at: datetime,
    *,
    text: str,
    about: str = "",
    uid: str | None = None,
) -> Message:
    """Write a message of a member of staff."""
    made = Message(
        uid=uid or uuid4().hex,
        conversation_id=found.id,
        kind=kind,
        author=by.id,
        by=by.name[:NAME_LIMIT],
        about=cut(about, SUBJECT_LIMIT),
        text=text,
        created_at=at,
    )
    session.add(made)
    session.flush()
    return made


def happened(
    session: Session, found: Conversation, happening: Happening, by: User, at: datetime, about: str = ""
) -> Conversation:
    """Write an event, and make a higher version."""
    add(session, found, Kind.EVENT, by, at, text=happening, about=about)
    return changed(session, found, at)


def changed(session: Session, found: Conversation, at: datetime) -> Conversation:
    """Make a higher version."""
    found.version, found.updated_at = found.version + 1, max(at, found.updated_at)
    session.flush()
    return found


def settled(session: Session, found: Conversation) -> Conversation:
    """Bring what is told from the messages up to date."""
    said = store.messages(session, found.id)
    found.standing = standing_of(said)
    answers = [one.created_at for one in said if one.kind is Kind.REPLY]
    closings = [one.created_at for one in said if one.kind is Kind.EVENT and one.text == Happening.CLOSED]
    found.agent_at = max(answers, default=None)
    found.closed_at = max(closings) if found.standing is Standing.CLOSED else None
    session.flush()
    return found


def clean(text: str) -> str:
    """Return the text of a message as it is kept. Raises Invalid."""
    written = without_controls(text.replace("\r\n", "\n")).strip()
    if not written:
        raise Invalid("Write something first.")
    if len(written) > TEXT_LIMIT:
        raise Invalid(f"A message has at most {TEXT_LIMIT} characters. Shorten it, or attach the rest as a file.")
    return written
