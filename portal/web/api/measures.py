"""`/api/v1/measures`: the figures of docs/measures.md, each as a count of n with its interval."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from pydantic import Field

from portal import clock
from portal.bootstrap import Portal
from portal.db import unavailable_when_away
from portal.errors import NotFound
from portal.programs.scopes import Scope
from portal.visits import measures, totals
from portal.visits.measures import Measure
from portal.web.api.members import Shape
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.validation import Day as Daily
from portal.web.api.validation import Whole
from portal.web.context import the

TAG = "Measures"
READ = Scope.MEASURES_READ
MOST_DAYS = 400
FORMULAS: Mapping[str, str] = MappingProxyType(
    {
        measures.PEOPLE: "different visitors of each day",
        measures.VISITS: "visits with a search / visits",
        measures.SELF_SERVICE: "needs that ended confirmed, assumed or refined / needs whose outcome is known",
        measures.ZERO_RESULTS: "searches that were told that nothing fits / searches",
        measures.CLICK_THROUGH: "searches for which something was opened / searches with hits, in watched visits",
        measures.REFINEMENT: "needs with more than one wording / needs with a search",
        measures.CONTACT: "visits in which a message was sent / visits",
        measures.READ: "articles looked at for 10 seconds or longer / articles opened, each once a visit",
        measures.HELPFUL: "helpful votes / votes",
        measures.LINK: "conversations into which an agent put an article / those, and articles that agents asked for",
    }
)
"""As docs/measures.md has them; the only figures that are answered one by one."""

bp = resource("measures", "/measures")


class Figure(Shape):
    """One share: `count` of `n`."""

    name: str
    formula: str = Field(description="What is counted / of what; docs/measures.md says more.")
    n: int
    count: int
    rate: float | None = Field(description="count / n; null where there was nothing to count.")
    low: float = Field(description="Where the share lies with 95 % confidence, by Wilson's score interval.")
    high: float


class Figures(Shape):
    """The figures of some days, both ends included."""

    since: date
    until: date
    lang: str | None
    median_first_click_seconds: float | None = Field(description="From a need's first search to its first click.")
    measures: tuple[Figure, ...]
    outcomes: dict[str, int] = Field(description="How many needs ended in each way.")


class Day(Shape):
    """One day of a figure (UTC)."""

    day: date
    n: int
    count: int
    rate: float | None


class Series(Shape):
    """One figure by day, oldest first."""

    name: str
    formula: str
    lang: str | None
    days: tuple[Day, ...]


class DaysQuery(Shape):
    """Which days."""

    days: Whole = Field(default=28, ge=1, le=MOST_DAYS, description="How many days, the last one included.")
    until: Daily | None = Field(default=None, description="The last day (UTC); today by default.")
    lang: str | None = Field(default=None, description="A language alone; all of them by default.")


@bp.get("")
@operation(TAG, READ, answer=Figures)
def read_measures(query: DaysQuery) -> Figures:
    """Read all figures of some days: self-service rate, zero-result rate, click-through, link rate and the others."""
    since, until = _span(query)
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = totals.measures(session, since=since, until=until, lang=_lang(query))
    none = {name: Measure(name, 0, 0) for name in FORMULAS}
    return Figures(
        since=since,
        until=until,
        lang=query.lang or None,
        median_first_click_seconds=measures.median_first_click_seconds(found),
        measures=tuple(_figure(found.get(name, none[name])) for name in FORMULAS),
        outcomes={
            name.removeprefix(measures.OUTCOME): one.count
            for name, one in sorted(found.items())
            if name.startswith(measures.OUTCOME)
        },
    )


@bp.get("/<name>")
@operation(TAG, READ, answer=Series)
def read_measure(name: str, query: DaysQuery) -> Series:
    """Read one figure by day."""
    if name not in FORMULAS:
        raise NotFound(f"There is no such figure. There are {', '.join(FORMULAS)}.")
    since, until = _span(query)
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = totals.series(session, name, since=since, until=until, lang=_lang(query))
    days = tuple(Day(day=day, n=one.n, count=one.count, rate=one.rate) for day, one in found)
    return Series(name=name, formula=FORMULAS[name], lang=query.lang or None, days=days)


def _figure(one: Measure) -> Figure:
    low, high = one.interval
    formula = FORMULAS[one.name]
    return Figure(name=one.name, formula=formula, n=one.n, count=one.count, rate=one.rate, low=low, high=high)


def _span(query: DaysQuery) -> tuple[date, date]:
    until = query.until or clock.now().date()
    earliest = date.min.toordinal()
    return date.fromordinal(max(earliest, until.toordinal() - query.days + 1)), until


def _lang(query: DaysQuery) -> str | None:
    return query.lang.replace("\x00", "") if query.lang else None
