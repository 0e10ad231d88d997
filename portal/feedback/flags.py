"""Flags: agents say that an article is wrong. Added, waited for, settled, opened again. Edges commit."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid, NotFound
from portal.feedback.models import REQUEST_LIMIT, Fault, Flag
from portal.text import without_controls


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlag:
    """What an agent says of an article, and what the article was at that moment."""

    uid: str
    """32 hexadecimal digits; the same one twice is one."""
    article: str
    revision: str
    lang: str
    title: str
    topic: str
    """Slug; empty without one."""
    owner: str
    """Who looks after it, as the front matter says, or else its topic; empty where neither does."""
    fault: Fault
    text: str
    """After redaction, read by `read_text`."""
    user: int
    by: str
    """Their name."""


def add(session: Session, new: NewFlag, *, at: datetime) -> Flag:
    """Keep a flag; one that is there already, as after a second click, stays as it is."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Flag).values(**asdict(new), at=at, done_by="", answer="")
    session.execute(row.on_conflict_do_nothing(index_elements=[Flag.uid]))
    return session.get_one(Flag, new.uid)


def waiting(session: Session, *, owner: Collection[str] = (), topic: str | None = None) -> list[Flag]:
    """Return the flags that nobody has settled, the oldest first.

    owner: names that one person goes by, whatever their case; empty for everybody's. topic: slug, None for all.
    """
    asked = select(Flag).where(*_waits(owner))
    if topic is not None:
        asked = asked.where(Flag.topic == topic)
    return list(session.scalars(asked.order_by(Flag.at, Flag.uid)))


def count_waiting(session: Session, *, owner: Collection[str] = ()) -> int:
    """Return how many `waiting` would return."""
    return session.scalar(select(func.count()).select_from(Flag).where(*_waits(owner))) or 0


def of_article(session: Session, article: str) -> list[Flag]:
    """Return the flags of an article that wait, the oldest first."""
    asked = select(Flag).where(Flag.article == article, *_waits(()))
    return list(session.scalars(asked.order_by(Flag.at, Flag.uid)))


def of_user(session: Session, user: int, *, limit: int) -> list[Flag]:
    """Return what somebody flagged, settled or not, the latest first."""
    asked = select(Flag).where(Flag.user == user).order_by(Flag.at.desc(), Flag.uid)
    return list(session.scalars(asked.limit(limit)))


def settled(session: Session, *, limit: int) -> list[Flag]:
    """Return the flags that were settled last, the latest first."""
    asked = select(Flag).where(Flag.done_at.is_not(None)).order_by(Flag.done_at.desc(), Flag.uid)
    return list(session.scalars(asked.limit(limit)))


def get(session: Session, uid: str) -> Flag:
    """Return a flag as it is now. Raises NotFound."""
    flag = session.get(Flag, uid, populate_existing=True)
    if flag is None:
        raise NotFound("This flag is gone.")
    return flag


def done(session: Session, uid: str, by: str, answer: str, at: datetime, *, was_right: bool = True) -> Flag:  # noqa: PLR0913
    """Settle a flag. by: whose name stands under the answer. was_right: false where the article is right as it is.

    Raises NotFound, and Conflict where somebody else was quicker, who is named.
    """
    mine = update(Flag).where(Flag.uid == uid, Flag.done_at.is_(None))
    values = {"done_at": at, "done_by": by, "answer": answer, "was_right": was_right}
    if not session.scalar(mine.values(**values).returning(Flag.uid)):
        other = get(session, uid).done_by
        raise Conflict(f"{other} has settled this flag in the meantime.")
    return get(session, uid)


def reopen(session: Session, uid: str) -> Flag:
    """Let a settled flag wait again, without its answer; one that waits stays as it is. Raises NotFound."""
    flag = get(session, uid)
    flag.done_at, flag.done_by, flag.answer, flag.was_right = None, "", "", None
    session.flush()
    return flag


def take_back(session: Session, uid: str, *, user: int) -> bool:
    """Delete somebody's own flag while it waits. Return whether it was there."""
    gone = delete(Flag).where(Flag.uid == uid, Flag.user == user, Flag.done_at.is_(None))
    return session.scalar(gone.returning(Flag.uid)) is not None


def expire(session: Session, before: datetime) -> int:
    """Forget the flags that were settled before a moment; those that wait stay. Return how many."""
    gone = session.scalars(delete(Flag).where(Flag.done_at < before).returning(Flag.uid))
    return len(gone.all())


def read_fault(word: str) -> Fault:
    """Return what is wrong. Raises Invalid for nothing and for what isn't one of them."""
    found = next((fault for fault in Fault if fault == word), None)
    if found is None:
        raise Invalid("Choose what is wrong with the article.")
    return found


def read_text(text: str) -> str:
    """Return what an agent wrote, fit to be kept. Raises Invalid, in words, for nothing and for too much."""
    said = read_answer(text)
    if not said:
        raise Invalid("Say in a few words what is wrong, so that a writer can mend it.")
    return said


def read_answer(text: str) -> str:
    """Return what was answered, which may be nothing. Raises Invalid, in words, for too much."""
    said = without_controls(text.replace("\r\n", "\n")).strip()
    if len(said) > REQUEST_LIMIT:
        raise Invalid("That is too long to be kept. Say it in fewer words.")
    return said


def _waits(owner: Collection[str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Flag.done_at.is_(None)]
    if owner:
        found.append(or_(func.lower(Flag.owner).in_([name.lower() for name in owner]), Flag.owner.in_(owner)))
    return found
