"""The store of daily totals: which days are to be counted, their figures, and what was asked.

Days are UTC. A day is counted whole, from its events, and written in place of what stood there, so counting twice does
no harm. `uncounted` names the days, `read_span` what to read for some of them, `write` keeps one, `settle` ends a run:

    waiting = uncounted(session, at=at, kept_from=kept_from)
    for days in together_at_most(waiting.days):
        since, until = read_span(days)
        counted = count(digest(log.read(session, since=since, until=until), at=at, alike=alike), days)
        for day in counted: with transaction(session): write(session, day)
    with transaction(session): settle(session, waiting, at=at)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, cast

from sqlalchemy import CursorResult, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import write_rows
from portal.events.models import EventRow
from portal.visits.asked import Asked, AskedTally
from portal.visits.digest import Judged
from portal.visits.measures import Measure, Tally
from portal.visits.models import AskedDay, Counted, VisitDay
from portal.visits.sketch import sketch, together

LATE_NUMBERS = 1000
"""Events before the last one counted that are looked at again: a batch that another worker was still writing may have
lower numbers. More than all workers hold at once."""
LONGEST_VISIT = timedelta(days=1)
"""What is read before and after the days that are counted, so that a visit over midnight is whole."""
MOST_DAYS = 31
"""Days that are counted in one reading; their wordings are held in memory, some 300 bytes each."""
MOST_ASKED = 1000
"""Wordings of a language that are told; more are not looked at while somebody types."""
_DAY = timedelta(days=1)
_ONE = 1


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Days to be counted, oldest first, and the number of the last event that was there when this was asked."""

    days: tuple[date, ...]
    event: int


@dataclass(frozen=True, slots=True)
class Day:
    """The totals of one day, as rows."""

    day: date
    visits: list[tuple[Any, ...]]
    asked: list[tuple[Any, ...]]


def uncounted(session: Session, *, at: datetime, kept_from: datetime) -> Uncounted:
    """Return the days with events that came in since the last run, and those whose visits may not have been over then.

    An event that arrives late, from a spill file, opens its day again. kept_from: where events begin to be whole; days
    before it, and the one it falls into, are never opened: their totals are all that is left of them.
    """
    newest = session.scalar(select(func.max(EventRow.id))) or 0
    mark = session.get(Counted, _ONE, populate_existing=True)
    day = _utc_day(session)
    asked = select(day).distinct()
    new = asked if mark is None else asked.where(EventRow.id > mark.event - LATE_NUMBERS)
    found = {_date(value) for value in session.scalars(new)}
    if mark is not None:
        open_from = mark.open_from.date()
        found |= {_date(value) for value in session.scalars(asked.where(EventRow.at >= _midnight(open_from)))}
        # A day whose only visitor was erased has no events any more, and its wordings are to go as well.
        found |= set(session.scalars(select(VisitDay.day).where(VisitDay.day >= open_from).distinct()))
    first, last = kept_from.astimezone(UTC).date(), at.astimezone(UTC).date()
    return Uncounted(tuple(sorted(one for one in found if first < one <= last)), newest)


def together_at_most(days: Sequence[date], most: int = MOST_DAYS) -> Iterator[list[date]]:
    """Yield runs of days that follow each other, each at most so long."""
    runs = groupby(enumerate(days), lambda pair: pair[1] - pair[0] * _DAY)
    for _, run in runs:
        following = [day for _, day in run]
        yield from (following[i : i + most] for i in range(0, len(following), most))


def read_span(days: Sequence[date]) -> tuple[datetime, datetime]:
    """Return since when and until when events have to be read for days that follow each other."""
    return _midnight(days[0]) - LONGEST_VISIT, _midnight(days[-1]) + _DAY + LONGEST_VISIT


def count(judged: Iterable[Judged], days: Sequence[date]) -> list[Day]:
    """Count the visits that began on these days; others may be among them. A day without any has no rows."""
    wanted, tally, asked = frozenset(days), Tally(), AskedTally()
    for one in judged:
        if one.visit.began.date() in wanted:
            tally.add(one)
            asked.add(one)
    rows: dict[date, list[tuple[Any, ...]]] = {day: [] for day in days}
    for (day, lang), cells in tally.cells.items():
        rows[day] += [(day, lang, name, n, helped) for name, (n, helped) in cells.items()]
    return [Day(day, rows[day], _asked_rows(day, asked)) for day in days]


def write(session: Session, day: Day) -> None:
    """Put a day's totals in place of what stood there."""
    for model, rows in ((VisitDay, day.visits), (AskedDay, day.asked)):
        session.execute(delete(model).where(model.day == day.day))
        if rows:
            table = cast("Table", model.__table__)
            write_rows(session, insert(table), table.columns.keys(), rows)


def settle(session: Session, done: Uncounted, *, at: datetime) -> None:
    """Remember that these days are counted; the last two stay open, since a visit of then may go on."""
    new = sqlite.insert(Counted) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(Counted)
    values = {"event": done.event, "open_from": at - LONGEST_VISIT}
    upsert = new.values(id=_ONE, **values).on_conflict_do_update(index_elements=["id"], set_=values)
    session.execute(upsert)


def reopen(session: Session, since: datetime) -> None:
    """Let all days from this moment on be counted again: somebody's events were erased."""
    session.execute(update(Counted).where(Counted.open_from > since).values(open_from=since))


def expire(session: Session, before: datetime) -> int:
    """Delete the wordings of days before a moment; figures stay. Return how many rows went."""
    gone = session.execute(delete(AskedDay).where(AskedDay.day < before.astimezone(UTC).date()))
    return cast("CursorResult[Any]", gone).rowcount


def measures(session: Session, *, since: date, until: date, lang: str | None = None) -> dict[str, Measure]:
    """Add up the figures of days from `since` to `until`, both included; what was never counted isn't named."""
    days = VisitDay.day.between(since, until)
    asked = select(VisitDay.name, func.sum(VisitDay.n), func.sum(VisitDay.count)).where(days).group_by(VisitDay.name)
    rows = session.execute(asked if lang is None else asked.where(VisitDay.lang == lang))
    return {name: Measure(name, int(n), int(counted)) for name, n, counted in rows}


def series(
    session: Session, name: str, *, since: date, until: date, lang: str | None = None
) -> list[tuple[date, Measure]]:
    """Return one figure of each day from `since` to `until`, both included; a day without it has n 0."""
    days = VisitDay.day.between(since, until)
    asked = select(VisitDay.day, func.sum(VisitDay.n), func.sum(VisitDay.count)).group_by(VisitDay.day)
    asked = asked.where(days, VisitDay.name == name)
    rows = session.execute(asked if lang is None else asked.where(VisitDay.lang == lang))
    found = {day: Measure(name, int(n), int(counted)) for day, n, counted in rows}
    length = (until - since).days + 1
    return [(day, found.get(day, Measure(name, 0, 0))) for day in (since + i * _DAY for i in range(length))]


def asked_with_success(session: Session, since: datetime, least_people: int) -> Mapping[str, tuple[str, ...]]:
    """Return, by language, the wordings that at least so many different people were helped by, the most first.

    Each person counts once, on however many days they came with the same visit key (sketch.py; a key lives 30 days).
    At most MOST_ASKED a language.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    key, has_helped = (AskedDay.lang, AskedDay.text), AskedDay.resolved > 0
    asked = select(*key, func.aggregate_strings(AskedDay.helped, "")).group_by(*key)
    asked = asked.where(AskedDay.day >= since.astimezone(UTC).date(), has_helped)
    for lang, text, sketches in session.execute(asked.having(func.sum(AskedDay.resolved) >= least_people)):
        people = together([sketches])
        if people >= least_people:
            found.setdefault(lang, []).append((-people, text))
    return {lang: tuple(text for _, text in sorted(texts)[:MOST_ASKED]) for lang, texts in sorted(found.items())}


def top_queries(session: Session, since: datetime, n: int) -> list[Asked]:
    """Return the `n` wordings that most different people asked, in all languages, the most first."""
    key, days = (AskedDay.lang, AskedDay.text), AskedDay.day >= since.astimezone(UTC).date()
    most = func.sum(AskedDay.people).desc()
    # Who came on two days is twice in a sum, so a few more are looked at than will be told.
    likely = select(*key).where(days).group_by(*key).order_by(most, *key).limit(2 * n).subquery()
    is_likely = (AskedDay.lang == likely.c.lang) & (AskedDay.text == likely.c.text)
    rows = session.scalars(select(AskedDay).join(likely, is_likely).where(days).order_by(*key, AskedDay.day))
    found = [_add_up(lang, text, list(group)) for (lang, text), group in groupby(rows, key=lambda r: (r.lang, r.text))]
    return sorted(found, key=lambda one: (-one.people, one.lang, one.text))[:n]


def _add_up(lang: str, text: str, rows: Sequence[AskedDay]) -> Asked:
    helped: dict[str, int] = {}
    for row in rows:
        if row.article:
            helped[row.article] = helped.get(row.article, 0) + row.resolved
    best = min(helped, key=lambda article: (-helped[article], article), default=None)
    people, resolved = together(row.askers for row in rows), together(row.helped for row in rows)
    return Asked(lang, text, people, min(resolved, people), best)


def _asked_rows(day: date, asked: AskedTally) -> list[tuple[Any, ...]]:
    """Return rows with values in the order of the table's columns."""
    rows = []
    for (lang, text), who in asked.cells.get(day, {}).items():
        helped = who.helped or ()
        counts = len(who.people), len(helped)
        rows.append((day, lang, text, *counts, sketch(who.people), sketch(helped) if helped else "", who.article))
    return rows


def _utc_day(session: Session) -> Any:  # noqa: ANN401 - SQLAlchemy's function, of either database
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return func.date(EventRow.at) if is_sqlite else func.date(func.timezone("UTC", EventRow.at))


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
