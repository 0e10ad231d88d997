"""What the demo's visitors want: needs in our own sentences, and who comes with which of them, when."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from portal.gaps.crowd import TRIES_OTHER_WORDS, Person

FOLDER = Path(__file__).resolve().parent.parent / "demo"
"""Needs, and the articles that answer two of them."""
PREFIX = "demo-"
"""What the names of all made-up visitors begin with; a real one's has hexadecimal digits alone."""
_OTHER_WORDS = 2
_PERSISTENT = 0.9
"""Chance to try other words, of those who know some that lead further."""
_STEEP = {"steady": 0.0, "rising": 3.0, "fading": -3.0}
"""How the number of people goes from the first day to the last, as an exponent of e."""
_WEEKEND = 0.35
"""Of the people of a working day."""
_HOURS = (6, 21, 10)
"""When people are about, UTC: from, until, mostly."""


@dataclass(frozen=True, slots=True)
class Need:
    """One line of `needs.jsonl`."""

    name: str
    article: str | None
    """Id of the article that answers it, once that is published; None for none."""
    people: int
    wordings: tuple[str, ...]
    """How people ask, the likeliest first."""
    then: tuple[str, ...] = ()
    """How they ask when that leads nowhere; empty for others of `wordings`."""
    shape: str = "steady"
    """steady, rising or fading."""
    reasons: tuple[str, ...] = ()
    """Why the article does not help."""
    comments: tuple[str, ...] = ()
    """What some of those write who say so, each once."""
    answer: str = ""
    """File in `answers` that is published for it."""
    desk: str = ""
    """What happens to its gap at the desk; see demo_story."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who comes once: when, who, and what for."""

    at: datetime
    visitor: str
    need: Need
    person: Person
    seed: int
    comment: str | None = None
    """What they write if they say that the article did not help."""


def read_needs(file: Path = FOLDER / "needs.jsonl") -> list[Need]:
    """Read the needs."""
    return [Need(**_tupled(json.loads(line))) for line in file.read_text("utf-8").splitlines()]


def draw(needs: Sequence[Need], *, until: datetime, days: int, seed: int) -> list[Coming]:
    """Draw who comes in so many days before `until`, the first one first. The same seed draws the same."""
    rng = Random(seed)  # noqa: S311 - chance, not secrecy
    coming = sorted(((at, need) for need in needs for at in _moments(need, until, days, rng)), key=lambda one: one[0])
    comments = {need.name: _spaced(need) for need in needs}
    return [
        Coming(at, f"{PREFIX}{number:05d}", need, _person(need, rng), rng.getrandbits(32), next(comments[need.name]))
        for number, (at, need) in enumerate(coming)
    ]


def _tupled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _moments(need: Need, until: datetime, days: int, rng: Random) -> Iterator[datetime]:
    first = (until - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    every = [first + timedelta(days=day) for day in range(days + 1)]
    weights = [
        math.exp(_STEEP[need.shape] * place / days) * (_WEEKEND if day.weekday() > 4 else 1)  # noqa: PLR2004 - Saturday
        for place, day in enumerate(every)
    ]
    for day in rng.choices(every, weights, k=need.people):
        at = day + timedelta(hours=rng.triangular(*_HOURS))
        yield at if at < until else at - timedelta(days=7)


def _spaced(need: Need) -> Iterator[str | None]:
    """Give each comment to somebody, at even distances; most people write none."""
    apart = max(need.people // (len(need.comments) + 1), 1)
    for number in range(need.people):
        place = number // apart
        yield need.comments[place] if number % apart == 0 and place < len(need.comments) else None


def _person(need: Need, rng: Random) -> Person:
    first = rng.choices(need.wordings, [1 / math.sqrt(place + 1) for place in range(len(need.wordings))])[0]
    others: Sequence[str] = need.then or [text for text in need.wordings if text != first]
    again = rng.sample(others, min(_OTHER_WORDS, len(others)))
    tries = _PERSISTENT if need.then else TRIES_OTHER_WORDS
    return Person((first, *again), need.article, tries=tries, reasons=need.reasons)
