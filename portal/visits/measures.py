"""Measures: each defined once, here, as `count` of `n`. Pure. docs/measures.md says them in words.

What is unknown is not zero: it is in neither. Everything is counted on the day (UTC) and in the language in which its
visit began; keystrokes and repeated queries are one search; robots and staff are no visitors.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import sqrt

from portal.events.kinds import Contacted, Event, Linked, Requested, Step, Viewed, Voted, Where
from portal.visits.digest import Judged
from portal.visits.episodes import Episode
from portal.visits.outcome import RESOLVED, STRAIGHT_BACK_SECONDS, Outcome
from portal.visits.sessionise import Visit

PEOPLE, VISITS = "people", "visits"
SELF_SERVICE, CONTACT, REFINEMENT = "self_service", "contact", "refinement"
ZERO_RESULTS, CLICK_THROUGH = "zero_results", "click_through"
READ, HELPFUL, LINK = "read", "helpful", "link"
OUTCOME = "outcome_"
_OUTCOME_NAMES = {outcome: OUTCOME + outcome.value for outcome in Outcome}
FIRST_CLICK = "first_click_"
FIRST_CLICK_SECONDS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233)
"""Upper ends of the classes in which times to the first click are kept, so that days can be added up."""
_CLASSES = (*map(str, FIRST_CLICK_SECONDS), "more")
Z = 1.959964
"""Of the standard normal distribution, for 95 %."""

Cells = dict[str, list[int]]
"""Name -> [n, count]."""


@dataclass(frozen=True, slots=True)
class Measure:
    """`count` of `n`."""

    name: str
    n: int
    count: int

    @property
    def rate(self) -> float | None:
        """Return the share; None where there was nothing to count."""
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return where the share lies, with 95 % confidence, by Wilson's score interval (JASA 22, 1927).

        It holds what it says for few cases and for shares near 0 and 1, where the usual one doesn't (Brown, Cai and
        DasGupta, Statistical Science 16, 2001). (0, 1) where there was nothing to count.
        """
        if not self.n:
            return 0.0, 1.0
        share, square = self.count / self.n, Z * Z / self.n
        middle = (share + square / 2) / (1 + square)
        half = Z / (1 + square) * sqrt(share * (1 - share) / self.n + square / (4 * self.n))
        return max(0.0, middle - half), min(1.0, middle + half)


class Tally:
    """Counts judged visits by day and language, as they come: by visitor."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.cells: dict[tuple[date, str], Cells] = {}
        """By day and language."""
        self._visitor = ""
        self._days: set[tuple[date, str]] = set()

    def add(self, judged: Judged) -> None:
        """Count one visit."""
        visit = judged.visit
        key = visit.began.date(), visit.events[0].lang
        cells = self.cells.get(key)
        if cells is None:
            cells = self.cells[key] = {}
        if visit.is_staff:
            _count_reaches(cells, visit.events)
            return
        if visit.visitor != self._visitor:
            self._visitor, self._days = visit.visitor, set()
        if key not in self._days:
            self._days.add(key)
            _count(cells, PEOPLE, 1)
        _count_visit(cells, visit, has_searched=any(need.searches for need, _ in judged.needs))
        for need, outcome in judged.needs:
            _count_need(cells, need, outcome)


def _count(cells: Cells, name: str, count: int) -> None:
    cell = cells.get(name)
    if cell is None:
        cell = cells[name] = [0, 0]
    cell[0] += 1
    cell[1] += count


def _count_reaches(cells: Cells, events: Iterable[Event]) -> None:
    """Count, of the times an agent reached for an article, those when there was one."""
    for _ in {event.conversation or event.uid for event in events if isinstance(event, Linked)}:
        _count(cells, LINK, 1)
    for event in events:
        if isinstance(event, Requested):
            _count(cells, LINK, 0)


def _count_visit(cells: Cells, visit: Visit, *, has_searched: bool) -> None:
    has_written = False
    longest: dict[str, float] = {}
    for event in visit.events:
        if isinstance(event, Viewed):
            if event.article:
                longest[event.article] = max(longest.get(event.article, 0.0), event.seconds)
        elif isinstance(event, Contacted):
            has_written = has_written or event.step is Step.SENT
        elif isinstance(event, Voted):
            _count(cells, HELPFUL, event.is_helpful)
    _count(cells, VISITS, has_searched)
    _count(cells, CONTACT, has_written)
    for seconds in longest.values():
        _count(cells, READ, seconds >= STRAIGHT_BACK_SECONDS)


def _count_need(cells: Cells, need: Episode, outcome: Outcome) -> None:
    _count(cells, _OUTCOME_NAMES[outcome], 1)
    if outcome is not Outcome.UNKNOWN:
        _count(cells, SELF_SERVICE, outcome in RESOLVED)
    if not need.searches:
        return
    _count(cells, REFINEMENT, len(need.wordings) > 1)
    clicked = {click.search for click in need.clicks}
    for search in need.searches:
        if search.where is not Where.TYPING:
            _count(cells, ZERO_RESULTS, not search.hits)
            if search.hits and need.is_watched:
                _count(cells, CLICK_THROUGH, search.uid in clicked)
    if need.clicks:
        seconds = (min(click.at for click in need.clicks) - need.began).total_seconds()
        _count(cells, FIRST_CLICK + _CLASSES[bisect_left(FIRST_CLICK_SECONDS, seconds)], 1)


def median_first_click_seconds(measures: Mapping[str, Measure]) -> float | None:
    """Return the median time from the first search of a need to its first click; None where nothing was opened.

    Read from classes, as if times were even within each, so it is right to the class's width: a second below five, a
    third of the figure above. Where more than half take longer than the last class, its end.
    """
    found = [measures.get(FIRST_CLICK + name) for name in _CLASSES]
    counts = [measure.count if measure else 0 for measure in found]
    before, half = 0, sum(counts) / 2
    for (low, high), count in zip(pairwise((0.0, *map(float, FIRST_CLICK_SECONDS))), counts, strict=False):
        if count and before + count >= half:
            return low + (high - low) * (half - before) / count
        before += count
    return float(FIRST_CLICK_SECONDS[-1]) if any(counts) else None
