"""Score: how much a gap weighs, how it has been lately, and how few gaps make up most of all."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WEEK = timedelta(days=7)
TREND_WEEKS = 12
HALF_LIFE_DAYS = 28.0
"""A need of four weeks ago counts half: as long as a published answer is watched, so that what was met, or has passed,
makes room within a watch."""
Seen = tuple[str, datetime, float]
"""Visitor, moment and weight of one need."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a gap's needs add up to. Every person counts once, however often they came."""

    people: int
    people_a_week: float
    """Over the window, or since the first need where that is later, but at least a week."""
    weight: float
    """people_a_week x mean weight of the people's worst outcomes x freshness."""
    trend: tuple[int, ...]
    """People of each of the last twelve ISO weeks, oldest first; the last one is not over."""
    last_at: datetime


def score(seen: Sequence[Seen], *, at: datetime, window: timedelta) -> Score:
    """Return what needs add up to. seen: not empty.

    Freshness is the mean over people of `0.5 ** (days since their last need / HALF_LIFE_DAYS)`.
    """
    worst: dict[str, float] = {}
    last: dict[str, datetime] = {}
    for visitor, moment, weight in seen:
        worst[visitor] = max(weight, worst.get(visitor, 0.0))
        last[visitor] = max(moment, last.get(visitor, moment))
    people = len(worst)
    first = max(min(moment for _, moment, _ in seen), at - window)
    weeks = max((at - first) / WEEK, 1.0)
    fresh = sum(0.5 ** (max((at - moment) / timedelta(days=1), 0.0) / HALF_LIFE_DAYS) for moment in last.values())
    a_week = people / weeks
    weight = a_week * sum(worst.values()) / people * fresh / people
    return Score(people, round(a_week, 3), round(weight, 4), trend(seen, at=at), max(last.values()))


def trend(seen: Iterable[Seen], *, at: datetime) -> tuple[int, ...]:
    """Return the different people of each of the last TREND_WEEKS ISO weeks, oldest first, this week last."""
    this = _week(at)
    people: defaultdict[int, set[str]] = defaultdict(set)
    for visitor, moment, _ in seen:
        people[this - _week(moment)].add(visitor)
    return tuple(len(people[ago]) for ago in reversed(range(TREND_WEEKS)))


def read_trend(raw: str) -> tuple[int, ...]:
    """Read `gaps.trend`."""
    return tuple(int(one) for one in json.loads(raw or "[]"))


def covers(sizes: Iterable[float], share: float) -> int:
    """Return how few gaps have this share of all people a week between them (Pareto); 0 where there are none.

    sizes: people a week of each gap. share: from 0 to 1.
    """
    sorted_sizes = sorted((size for size in sizes if size > 0), reverse=True)
    wanted, reached = share * sum(sorted_sizes), 0.0
    for count, size in enumerate(sorted_sizes, 1):
        reached += size
        if reached >= wanted - 1e-9:
            return count
    return 0


def _week(at: datetime) -> int:
    """Return the number of the ISO week since the first Monday of the calendar, which was its first day."""
    return (at.toordinal() - 1) // 7
