"""The list of gaps as values: rows, filters, the line at 80 %, and what to say where there is nothing to list."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext

from portal.gaps.desk_store import NOBODY, Facets, LastRun, Listed, Order
from portal.gaps.models import Cause, State
from portal.web.desk.frame import DeskPage
from portal.web.desk.gap_filters import EVERY_STATE, LIST, NO_TOPIC, OPEN_ONES, PAGE, Asked
from portal.web.desk.gap_words import CAUSES, STATES, said
from portal.web.desk.plots import SPARK_HEIGHT, Bars, Pareto, bars, pareto
from portal.web.languages import own_name


class Empty(StrEnum):
    """Why a list has no rows."""

    NO_NEEDS = "no_needs"
    """Nobody was ever left without an answer, as far as is known: most likely nobody has searched yet."""
    NO_GAPS = "no_gaps"
    """There are needs, but none that enough people share."""
    NOTHING_OPEN = "nothing_open"
    TOO_NARROW = "too_narrow"
    NO_SUCH_PAGE = "no_such_page"


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter and all that may be chosen; the first choice is the usual one."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, which sorts by it. `sorted` is a value of aria-sort."""

    name: str
    label: str
    url: str
    sorted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """One gap in the list."""

    id: int
    url: str
    title: str
    lang: str
    topic: str
    people: int
    people_a_week: float
    trend: Bars
    cause: str
    state: State
    stands: str
    """The state in words."""
    owner: str
    created_at: datetime
    version: int
    is_above_the_line: bool = False
    """Whether the line at 80 % is drawn after this row."""

    @property
    def is_new(self) -> bool:
        """Whether nobody has judged it yet."""
        return self.state is State.SUGGESTED


@dataclass(frozen=True, slots=True, kw_only=True)
class GapsPage(DeskPage):
    """desk/gaps.html."""

    rows: tuple[GapRow, ...]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    is_narrow: bool
    order: Order
    is_falling: bool
    empty: Empty | None
    total: int
    people_a_week: float
    """Of all gaps that are asked for, on whatever page."""
    line: Pareto | None
    first: int
    """Place of the first row, from 1."""
    earlier: str
    later: str
    here: str
    """This very list, to come back to."""
    csv: str
    json: str
    last_run: LastRun
    least: int
    """People it takes for a gap."""
    may_change: bool
    done: str = ""
    """What was just done, in words; empty for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the store had to say for a list."""

    rows: Sequence[Listed]
    sizes: Sequence[float]
    people_a_week: float
    """Of the open ones alone."""
    facets: Facets
    has_gaps: bool
    has_needs: bool
    last_run: LastRun
    topics: Mapping[str, str]
    """Slug -> name."""
    least: int
    """People it takes for a gap."""


def page_of(asked: Asked, found: Found, *, may_change: bool, done: str) -> GapsPage:
    """Return the list. done: what the reader has just done, in words."""
    first = (asked.number - 1) * PAGE + 1
    line = pareto(found.sizes)
    is_ranked = asked.order is Order.PEOPLE and asked.is_falling
    rows = (_row(one, found.topics, line if is_ranked else None, place) for place, one in enumerate(found.rows, first))
    return GapsPage(
        title=gettext("Gaps"),
        rows=tuple(rows),
        columns=tuple(_columns(asked)),
        filters=tuple(_filters(asked, found.facets, found.topics)),
        is_narrow=asked.is_narrow,
        order=asked.order,
        is_falling=asked.is_falling,
        empty=None if found.rows else _why_empty(asked, found),
        total=len(found.sizes),
        people_a_week=found.people_a_week,
        line=line,
        first=first,
        earlier=asked.url(page=asked.number - 1 if asked.number > 2 else "") if asked.number > 1 else "",  # noqa: PLR2004
        later=asked.url(page=asked.number + 1) if first - 1 + len(found.rows) < len(found.sizes) else "",
        here=asked.url(page=asked.number if asked.number > 1 else ""),
        csv=asked.url(".csv"),
        json=asked.url(".json"),
        last_run=found.last_run,
        least=found.least,
        may_change=may_change,
        done=done,
    )


def trend_of(raw: str, height: int = SPARK_HEIGHT) -> Bars:
    """Return the bars of a gap's weeks."""
    return bars([int(one) for one in json.loads(raw or "[]")], height)


def _row(one: Listed, topics: Mapping[str, str], line: Pareto | None, place: int) -> GapRow:
    gap = one.gap
    return GapRow(
        id=gap.id,
        url=f"{LIST}/{gap.id}",
        title=gap.title,
        lang=gap.lang,
        topic=topics.get(gap.topic or "", gap.topic or ""),
        people=gap.people,
        people_a_week=gap.people_a_week,
        trend=trend_of(gap.trend),
        cause=said(CAUSES, gap.cause),
        state=gap.state,
        stands=said(STATES, gap.state),
        owner=one.owner,
        created_at=gap.created_at,
        version=gap.version,
        is_above_the_line=line is not None and line.is_after(place),
    )


def _columns(asked: Asked) -> Iterable[Column]:
    labels = {
        Order.TITLE: gettext("What people need"),
        Order.PEOPLE: gettext("People a week"),
        Order.CAUSE: gettext("Cause"),
        Order.AGE: gettext("Age"),
        Order.OWNER: gettext("Owner"),
        Order.STATE: gettext("State"),
    }
    way = "descending" if asked.is_falling else "ascending"
    for order, label in labels.items():
        yield Column(order, label, asked.sorted_by(order), way if order is asked.order else "")


def _filters(asked: Asked, facets: Facets, topics: Mapping[str, str]) -> Iterable[Filter]:
    states = {"": gettext("Open"), EVERY_STATE: gettext("All")} | {one.value: said(STATES, one) for one in State}
    causes = {"": gettext("Any cause")} | {one.value: said(CAUSES, one) for one in Cause}
    named = {one: topics.get(one, one) for one in facets.topics}
    groups = (
        ("state", gettext("State"), states),
        ("cause", gettext("Cause"), causes),
        ("topic", gettext("Topic"), {"": gettext("Any topic")} | named | {NO_TOPIC: gettext("No topic")}),
        ("lang", gettext("Language"), {"": gettext("Any language")} | {one: own_name(one) for one in facets.languages}),
        ("owner", gettext("Owner"), {"": gettext("Anybody"), str(NOBODY): gettext("Nobody")} | _owners(facets)),
    )
    for name, label, choices in groups:
        chosen = asked.chosen.get(name, "")
        chosen = "" if chosen == OPEN_ONES or chosen not in choices else chosen
        if len(choices) > 2 or chosen:  # noqa: PLR2004 - any, and one: there is nothing to choose
            yield Filter(name, label, tuple(Choice(key, said, key == chosen) for key, said in choices.items()))


def _owners(facets: Facets) -> dict[str, str]:
    return {str(key): name for key, name in facets.owners}


def _why_empty(asked: Asked, found: Found) -> Empty:
    if found.sizes:
        return Empty.NO_SUCH_PAGE
    if not found.has_gaps:
        return Empty.NO_GAPS if found.has_needs else Empty.NO_NEEDS
    return Empty.TOO_NARROW if asked.is_narrow else Empty.NOTHING_OPEN
