"""Conversation store: what staff and customers ask of the tables; one named function a question."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.conversations import finding
from portal.conversations.finding import MOST_NUMBER as MOST_NUMBER  # noqa: PLC0414 - asked for here
from portal.conversations.finding import MOST_WORDS as MOST_WORDS  # noqa: PLC0414
from portal.conversations.models import Conversation, Kind, Message, Standing
from portal.people.models import User

OURS = (Standing.NEW, Standing.OPEN)
"""It is the company's turn."""
_EXCERPT = 300
_DEPTH = 20
"""Merges that are followed, one into the next."""


class View(StrEnum):
    """A part of the inbox."""

    NEW = "new"
    """Our turn, and nobody has taken it: it has no assignee, or one whose account is shut."""
    MINE = "mine"
    """Assigned to me, and not closed."""
    WAITING = "waiting"
    """The customer's turn."""
    CLOSED = "closed"
    ALL = "all"
    """All but those that go on in another one."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last line of a page; the next one begins after it."""

    at: datetime
    id: int

    @classmethod
    def of(cls, conversation: Conversation) -> "Cursor":
        """Return the cursor that stands at a conversation."""
        return cls(conversation.updated_at, conversation.id)


@dataclass(frozen=True, slots=True)
class LastWord:
    """The newest of what was said in a conversation, cut short."""

    kind: Kind
    by: str
    text: str
    at: datetime


def listed(  # noqa: PLR0913 - which, whose, and how many
    session: Session, view: View, *, user: int, q: str = "", before: Cursor | None = None, limit: int
) -> list[Conversation]:
    """Return conversations of a view, the one with the newest activity first.

    q: each of its words must stand in subject, name, address or what was said; `#7` and `7` find the number too.
    """
    asked = select(Conversation).where(_in_view(view, user), *finding.holds(session, q, is_list=True))
    if before:
        asked = asked.where(tuple_(Conversation.updated_at, Conversation.id) < tuple_(before.at, before.id))
    return list(session.scalars(asked.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(limit)))


def counts(session: Session, user: int, *, q: str = "") -> Mapping[View, int]:
    """Return how many conversations each view holds for somebody, of those that a search finds."""
    sums = [func.coalesce(func.sum(case((_in_view(view, user), 1), else_=0)), 0) for view in View]
    row = session.execute(select(*sums).select_from(Conversation).where(*finding.holds(session, q))).one()
    return {view: int(count) for view, count in zip(View, row, strict=True)}


def awaited(session: Session, user: int) -> int:
    """Return how many conversations wait for this member of staff: new ones, and theirs whose turn is ours."""
    is_mine = Conversation.assignee == user
    asked = select(func.count()).select_from(Conversation)
    return session.scalar(asked.where(Conversation.standing.in_(OURS), or_(is_mine, _is_untaken()))) or 0


def conversation(session: Session, conversation_id: int) -> Conversation | None:
    """Return a conversation by its number."""
    if not 0 < conversation_id <= MOST_NUMBER:
        return None
    return session.get(Conversation, conversation_id, populate_existing=True)


def by_uid(session: Session, uid: str) -> Conversation | None:
    """Return a conversation by its uid; of one that was merged, the one in which it goes on."""
    found = session.scalars(select(Conversation).where(Conversation.uid == uid)).one_or_none()
    for _ in range(_DEPTH):
        if found is None or found.merged_into is None:
            return found
        found = session.get(Conversation, found.merged_into)
    return found


def messages(session: Session, conversation_id: int) -> list[Message]:
    """Return all messages of a conversation, oldest first; but for drafts, which are their authors' own."""
    asked = select(Message).where(Message.conversation_id == conversation_id, Message.kind != Kind.DRAFT)
    return list(session.scalars(asked.order_by(Message.created_at, Message.id)))


def seen_by_customer(messages: Iterable[Message], at: datetime) -> list[Message]:
    """Return what the customer may see: their own words, and replies that can't be taken back any more."""
    return [
        one
        for one in messages
        if one.kind is Kind.CUSTOMER or (one.kind is Kind.REPLY and one.send_at is not None and one.send_at <= at)
    ]


def message(session: Session, uid: str) -> Message | None:
    """Return a message by its uid."""
    return session.scalars(select(Message).where(Message.uid == uid)).one_or_none()


def message_by_id(session: Session, message_id: int) -> Message | None:
    """Return a message by its number, as its files know it."""
    return session.get(Message, message_id)


def draft(session: Session, conversation_id: int, user: int) -> Message | None:
    """Return the reply that somebody took back and has not sent again."""
    mine = select(Message).where(
        Message.conversation_id == conversation_id, Message.kind == Kind.DRAFT, Message.author == user
    )
    return session.scalars(mine.order_by(Message.created_at.desc(), Message.id.desc()).limit(1)).one_or_none()


def last_words(session: Session, ids: Collection[int]) -> Mapping[int, LastWord]:
    """Return the newest of what was said in each conversation, its text cut to a few lines."""
    newest = func.row_number().over(
        partition_by=Message.conversation_id, order_by=(Message.created_at.desc(), Message.id.desc())
    )
    said = (
        select(Message.id.label("id"), newest.label("place"))
        .where(Message.conversation_id.in_(ids), Message.kind.in_(finding.SAID))
        .subquery()
    )
    text = func.substr(Message.text, 1, _EXCERPT)
    asked = select(Message.conversation_id, Message.kind, Message.by, text, Message.created_at)
    rows = session.execute(asked.join(said, said.c.id == Message.id).where(said.c.place == 1))
    return {key: LastWord(kind, by, words, at) for key, kind, by, words, at in rows}


def others_of(session: Session, conversation: Conversation, *, limit: int = 10) -> list[Conversation]:
    """Return other conversations with the same address, the latest first; none where there is no address."""
    if not conversation.address:
        return []
    same = select(Conversation).where(
        Conversation.address == conversation.address,
        Conversation.id != conversation.id,
        Conversation.standing != Standing.MERGED,
    )
    return list(session.scalars(same.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(limit)))


def _in_view(view: View, user: int) -> ColumnElement[bool]:
    standing = Conversation.standing
    if view is View.NEW:
        return and_(standing.in_(OURS), _is_untaken())
    if view is View.MINE:
        return and_(Conversation.assignee == user, standing.in_((*OURS, Standing.WAITING)))
    if view is View.ALL:
        return standing != Standing.MERGED
    return standing == (Standing.WAITING if view is View.WAITING else Standing.CLOSED)


def _is_untaken() -> ColumnElement[bool]:
    """Whether nobody who could answer has it."""
    shut = select(User.id).where(User.disabled_at.is_not(None))
    return or_(Conversation.assignee.is_(None), Conversation.assignee.in_(shut))
