"""What the desk asks of the gaps' tables: lists by filter and order, one gap with its needs, and what is new."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.errors import NotFound
from portal.gaps.models import Cause, Change, Gap, Need, State, Wording
from portal.gaps.states import OPEN
from portal.people.models import User
from portal.schedule.models import Job

NOBODY = 0
"""The owner of gaps that have none."""
MOST_NUMBER = 2**31 - 1
"""The largest number that a gap can have; drivers refuse far larger ones with errors of their own."""
JOB = "find-gaps"
"""The name under which gaps are looked for."""


class Order(StrEnum):
    """By what a list is sorted."""

    PEOPLE = "people"
    TITLE = "title"
    CAUSE = "cause"
    AGE = "age"
    OWNER = "owner"
    STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which gaps; what is empty or None filters nothing."""

    states: tuple[State, ...] = ()
    cause: Cause | None = None
    lang: str | None = None
    topic: str | None = None
    """Empty text: those without a topic."""
    owner: int | None = None
    """NOBODY: those without an owner."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to filter by."""

    languages: tuple[str, ...]
    topics: tuple[str, ...]
    owners: tuple[tuple[int, str], ...]
    """(id, name) of accounts that own a gap."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A gap in a list, with its owner's name."""

    gap: Gap
    owner: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """When gaps were last looked for; None for never. `failures` since then, in a row."""

    at: datetime | None
    failures: int = 0


_SORTED: Mapping[Order, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    Order.PEOPLE: Gap.people_a_week,
    Order.TITLE: func.lower(Gap.title),
    Order.CAUSE: case({cause: place for place, cause in enumerate(Cause)}, value=Gap.cause),
    Order.AGE: Gap.created_at,
    Order.OWNER: func.lower(func.coalesce(User.name, "")),
    Order.STATE: case({state: place for place, state in enumerate(State)}, value=Gap.state),
}


def listed(  # noqa: PLR0913 - which, in what order, and how many
    session: Session, filters: Filters, *, order: Order, is_falling: bool, offset: int = 0, limit: int | None = None
) -> list[Listed]:
    """Return gaps in an order; among equals the one with more people first, then the older one.

    is_falling: the largest first; of ages, the oldest gap.
    """
    first, is_falling = _SORTED[order], is_falling != (order is Order.AGE)
    asked = select(Gap, User.name).outerjoin(User, User.id == Gap.owner).where(*_meant(filters))
    asked = asked.order_by(first.desc() if is_falling else first.asc(), Gap.people_a_week.desc(), Gap.id)
    rows = session.execute(asked.offset(offset).limit(limit)).all()
    return [Listed(gap, name or "") for gap, name in rows]


def by_number(session: Session, filters: Filters, *, after: int = 0, limit: int | None = None) -> list[Listed]:
    """Return gaps by number, the oldest first. after: those with a larger number alone."""
    asked = select(Gap, User.name).outerjoin(User, User.id == Gap.owner).where(*_meant(filters), Gap.id > after)
    return [Listed(gap, name or "") for gap, name in session.execute(asked.order_by(Gap.id).limit(limit)).all()]


def sizes(session: Session, filters: Filters) -> list[float]:
    """Return the people a week of every gap that is meant, the largest first."""
    return list(session.scalars(select(Gap.people_a_week).where(*_meant(filters)).order_by(Gap.people_a_week.desc())))


def waiting_people(session: Session, filters: Filters) -> float:
    """Return the people a week of those gaps that are meant and open: what is over is nobody's need any more."""
    asked = select(func.sum(Gap.people_a_week)).where(*_meant(filters), Gap.state.in_(OPEN))
    return session.scalar(asked) or 0.0


def count(session: Session) -> int:
    """Return how many gaps there are in any state."""
    return session.scalar(select(func.count()).select_from(Gap)) or 0


def facets(session: Session) -> Facets:
    """Return what the gaps that there are can be filtered by."""
    topics = session.scalars(select(Gap.topic).where(Gap.topic.is_not(None)).distinct().order_by(Gap.topic))
    owners = session.execute(select(User.id, User.name).where(User.id.in_(select(Gap.owner))).order_by(User.name))
    return Facets(
        languages=tuple(session.scalars(select(Gap.lang).distinct().order_by(Gap.lang))),
        topics=tuple(topic for topic in topics if topic),
        owners=tuple((key, name) for key, name in owners),
    )


def one(session: Session, gap_id: int) -> Listed:
    """Return a gap by its number. Raises NotFound."""
    asked = select(Gap, User.name).outerjoin(User, User.id == Gap.owner).where(Gap.id == gap_id)
    row = session.execute(asked).one_or_none() if gap_id <= MOST_NUMBER else None
    if row is None:
        message = f"There is no gap {gap_id}."
        raise NotFound(message)
    return Listed(row[0], row[1] or "")


def changes(session: Session, gap_id: int) -> list[Change]:
    """Return what was done with a gap, the latest first."""
    return list(session.scalars(select(Change).where(Change.gap_id == gap_id).order_by(Change.id.desc())))


def has_needs(session: Session) -> bool:
    """Whether anybody ever was not helped, as far as is remembered."""
    return session.scalar(select(Need.uid).limit(1)) is not None


def open_titles(session: Session, *, besides: int, lang: str) -> list[tuple[int, str]]:
    """Return (number, title) of the open gaps of a language that another may be merged into, by title."""
    asked = select(Gap.id, Gap.title).where(Gap.state.in_(OPEN), Gap.id != besides, Gap.lang == lang)
    return [(key, title) for key, title in session.execute(asked.order_by(func.lower(Gap.title)))]


def titles(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the titles of gaps by number."""
    rows = session.execute(select(Gap.id, Gap.title).where(Gap.id.in_(ids)))
    return {key: title for key, title in rows}  # noqa: C416 - rows are not pairs to mypy


def staff(session: Session) -> list[tuple[int, str]]:
    """Return (id, name) of everybody who may own a gap, by name."""
    asked = select(User.id, User.name).where(User.disabled_at.is_(None)).order_by(func.lower(User.name), User.id)
    return [(key, name) for key, name in session.execute(asked)]


def last_run(session: Session) -> LastRun:
    """Return when gaps were last looked for."""
    job = session.get(Job, JOB)
    return LastRun(job.ended_at, job.failures) if job else LastRun(None)


def gaps_of_wordings(session: Session, wordings: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the gap that a (language, wording) belongs to, of those that belong to one."""
    asked = select(Wording.lang, Wording.text, Wording.gap_id)
    rows = session.execute(asked.where(tuple_(Wording.lang, Wording.text).in_(wordings), Wording.gap_id.is_not(None)))
    return {(lang, text): gap for lang, text, gap in rows if gap is not None}


def _meant(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.states:
        wanted.append(Gap.state.in_(filters.states))
    if filters.cause:
        wanted.append(Gap.cause == filters.cause)
    if filters.lang:
        wanted.append(Gap.lang == filters.lang)
    if filters.topic is not None:
        wanted.append(func.coalesce(Gap.topic, "") == filters.topic)
    if filters.owner is not None:
        wanted.append(func.coalesce(Gap.owner, NOBODY) == filters.owner)
    return wanted
