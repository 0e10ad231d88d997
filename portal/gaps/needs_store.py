"""Needs store: who was not helped, and in which words they asked; written and read.

Staff are shown a wording only inside a gap of enough different people: `wordings_of` sees to it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import Any, TypeVar, cast

from sqlalchemy import Table, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import Model, write_rows
from portal.feedback import requests
from portal.gaps import states
from portal.gaps.models import Gap, Need, State, Wording
from portal.gaps.unmet import Unmet, wording

AT_ONCE = 2000
"""Rows of one statement: PostgreSQL may take 1.5 s for it, SQLite takes 32,766 values."""
_PAGE = 20_000
_KEPT = (
    "lang",
    "at",
    "visitor",
    "outcome",
    "weight",
    "wordings",
    "offered",
    "clicked",
    "ended_on",
    "ended_with",
    "request",
)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Said:
    """A wording that staff may read, as it is mostly typed, and how many different people used it."""

    id: int
    text: str
    people: int
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class SaidOf:
    """The wordings of a gap, the most used first; `hidden` are those that too few people stand behind."""

    wordings: tuple[Said, ...]
    hidden: int


def put_needs(session: Session, needs: Iterable[Unmet], *, since: datetime, until: datetime) -> int:
    """Make the needs from `since` to before `until` those that are handed in; return how many there are.

    What is known stays in its gap. Meant for whole days, one in a transaction.
    """
    rows = {need.uid: _row(need) for need in needs}
    table = cast("Table", Need.__table__)
    known = set(session.scalars(select(Need.uid).where(Need.at >= since, Need.at < until)))
    for gone in batches(sorted(known - rows.keys())):
        session.execute(delete(Need).where(Need.uid.in_(gone)))
    for some in batches(list(rows.values())):
        new = insert_for(session, Need)
        kept = {name: getattr(new.excluded, name) for name in _KEPT}
        write_rows(session, new.on_conflict_do_update(index_elements=[table.c.uid], set_=kept), ("uid", *_KEPT), some)
    session.flush()
    return len(rows)


def needs_since(session: Session, since: datetime, *, gap: int | None = None) -> list[Unmet]:
    """Return the needs since a moment, the oldest first, of all or of one gap."""
    table = cast("Table", Need.__table__)  # rows of the table alone are read in half the time
    columns = [table.c[name] for name in ("uid", *_KEPT, "gap_id")]
    asked = select(*columns).where(Need.at >= since).order_by(Need.at, Need.uid).limit(_PAGE)
    if gap is not None:
        asked = asked.where(Need.gap_id == gap)
    found: list[Unmet] = []
    parsed: dict[str, tuple[Any, ...]] = {}
    page = asked
    while True:
        rows = session.execute(page).all()
        found += [_unmet(row, parsed) for row in rows]
        if len(rows) < _PAGE:
            return found
        page = asked.where(tuple_(Need.at, Need.uid) > (found[-1].at, found[-1].uid))


def erase(session: Session, visitor: str) -> int:
    """Delete all needs of one visitor; return how many."""
    return len(session.scalars(delete(Need).where(Need.visitor == visitor).returning(Need.uid)).all())


def take_back(session: Session, uid: str) -> None:
    """Delete one need, by its uid; it need not be there."""
    session.execute(delete(Need).where(Need.uid == uid))


def expire(session: Session, before: datetime) -> int:
    """Delete the needs before a moment, and the wordings of gaps that were over by then; return how many needs."""
    gone = session.scalars(delete(Need).where(Need.at < before).returning(Need.uid)).all()
    over = select(Gap.id).where(Gap.state.in_((*states.OVER, State.MERGED)), Gap.changed_at < before)
    session.execute(delete(Wording).where(Wording.gap_id.in_(over) | Wording.gap_id.is_(None)))
    return len(gone)


def wordings_of(session: Session, gap_id: int, *, least_people: int, since: datetime) -> SaidOf:
    """Return how people asked for it, if at least so many different people did; otherwise only how many ways."""
    rows = session.scalars(select(Wording).where(Wording.gap_id == gap_id)).all()
    needs = needs_since(session, since, gap=gap_id)
    if len({need.visitor for need in needs}) < least_people:
        return SaidOf((), len(rows))
    people, typed = people_by_wording(needs)
    asked = [Said(one.id, typed.get(one.text, one.text), len(people[one.text]), one.is_pinned) for one in rows]
    return SaidOf(tuple(sorted(asked, key=lambda one: (-one.people, one.text))), 0)


def people_by_wording(needs: Iterable[Unmet]) -> tuple[Mapping[str, set[str]], Mapping[str, str]]:
    """Return who used each wording, and how each was typed first."""
    people: defaultdict[str, set[str]] = defaultdict(set)
    typed: dict[str, str] = {}
    for need in needs:
        for text in need.wordings:
            key = wording(text)
            people[key].add(need.visitor)
            typed.setdefault(key, text)
    return people, typed


def askers(session: Session, gap_id: int) -> tuple[list[str], list[str]]:
    """Return who is to hear of a gap: uids of what visitors or agents wrote, and visitors (`user-7` is an account)."""
    rows = session.execute(select(Need.request, Need.visitor).where(Need.gap_id == gap_id, Need.request.is_not(None)))
    pairs = rows.all()
    return sorted({str(row[0]) for row in pairs}), sorted({str(row[1]) for row in pairs})


def take_up(session: Session, needs: Sequence[str]) -> None:
    """Tell the requests behind some needs, by their uids, which gap they belong to by now."""
    asked = select(Need.request, Need.gap_id).where(Need.uid.in_(needs), Need.request.is_not(None))
    by_gap: defaultdict[int, list[str]] = defaultdict(list)
    for request, gap in session.execute(asked):
        if gap is not None:
            by_gap[gap].append(str(request))
    for gap, uids in by_gap.items():
        requests.take_up(session, uids, gap)


def batches(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """Cut a list into pieces of AT_ONCE."""
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]


def insert_for(session: Session, model: type[Model]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say what to do where the row is there already."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(model) if is_sqlite else postgresql.insert(model)


def _row(need: Unmet) -> tuple[Any, ...]:
    """Return the values of `uid` and _KEPT."""
    lists = _dumped(need.wordings), _dumped(need.offered), _dumped(need.clicked)
    ended = need.ended_on, need.ended_with, need.request
    return need.uid, need.lang, need.at, need.visitor, need.outcome, need.weight, *lists, *ended


@lru_cache(maxsize=16_384)
def _dumped(values: tuple[object, ...]) -> str:
    """Return JSON; the same few lists come again and again."""
    return _encode(values)


def _unmet(row: Sequence[Any], parsed: dict[str, tuple[Any, ...]]) -> Unmet:
    """Read a row; the same few lists stand in many of them, so each is parsed once."""
    uid, lang, at, visitor, outcome, weight, *lists, ended_on, ended_with, request, gap = row
    for raw in lists:
        if raw not in parsed:
            parsed[raw] = tuple(tuple(one) if isinstance(one, list) else one for one in json.loads(raw))
    wordings, offered, clicked = (parsed[raw] for raw in lists)
    lang, outcome = intern(lang), intern(outcome)
    return Unmet(
        uid, visitor, at, lang, outcome, weight, wordings, offered, clicked, ended_on, ended_with, request, gap
    )
