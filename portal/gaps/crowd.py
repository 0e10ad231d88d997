"""Crowd: visitors who are made up, for trials and the demo. What they ask is given; what they do is drawn.

How they behave is assumed, not measured: they look down the list and lose patience (the examination part of the
cascade model, Craswell et al. 2008), know their answer when they see it, try other words half of the time, and leave.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypedDict

from portal.events.kinds import Clicked, Contacted, Event, Searched, Step, Viewed, Voted

PATIENCE = 0.85
"""Chance of looking at the next hit."""
LAST_LOOKED_AT = 10
TRIES_OTHER_WORDS = 0.5
MOST_TRIES = 3
TAKES_A_WRONG_ONE = 0.25
"""Chance that somebody who saw nothing that fits opens the first hit all the same, and is back at once."""
SAYS_YES = 0.2
SAYS_NO = 0.7
"""Chance that somebody whom the answer let down says so; far more than in life, where most just leave."""
ASKS_A_PERSON = 0.05


@dataclass(frozen=True, slots=True)
class Shown:
    """What a search shows: articles, best first; `is_empty` where the page says that none of them answers."""

    articles: tuple[str, ...]
    is_empty: bool
    confidence: float | None = None
    generation: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a need: how they say it, how else they may, and the article that answers it, if there is one."""

    wordings: tuple[str, ...]
    """The first one first."""
    article: str | None
    lang: str = "en"
    tries: float = TRIES_OTHER_WORDS
    """Chance to try other words each time."""
    reasons: tuple[str, ...] = ()
    """Why that article does not help after all, values of feedback's Reason, of which one is given; empty: it helps."""


Look = Callable[[str], Shown]


class _Now(TypedDict):
    """What every event has."""

    uid: str
    at: datetime
    visitor: str
    lang: str


def visits(people: Sequence[Person], look: Look, *, began: datetime, days: float, seed: int) -> Iterator[Event]:
    """Let each person visit once, at some moment of so many days from `began`; events in the order of people."""
    rng = Random(seed)  # noqa: S311 - chance, not secrecy
    for person in people:
        at = began + timedelta(seconds=rng.random() * days * 86_400)
        yield from _Visitor(person, rng, at).visit(look)


@dataclass(slots=True)
class _Visitor:
    """One person at their screen; `at` is now for them."""

    person: Person
    rng: Random
    at: datetime
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = _uid(self.rng)

    def visit(self, look: Look) -> Iterator[Event]:
        """Search until the answer is there, or patience is gone."""
        search = ""
        for number, wording in enumerate(self.person.wordings[:MOST_TRIES]):
            if number and self.rng.random() > self.person.tries:
                break
            self._wait(*((8, 40) if number else (0, 0)))
            shown = look(wording)
            searched = self._search(wording, shown)
            search = searched.uid
            yield searched
            yield Viewed(**self._now(), article="", seconds=self.rng.uniform(3, 20), search=search)
            place = self._place_seen(shown)
            if place is not None:
                judge = self._leave if self.person.reasons else self._read
                yield from judge(shown.articles[place], place, search)
                return
            if shown.articles and not shown.is_empty and self.rng.random() < TAKES_A_WRONG_ONE:
                yield from self._open(shown.articles[0], 0, search, seconds=4.0, depth=0.1)
        if self.rng.random() < ASKS_A_PERSON:
            self._wait(10, 30)
            yield Contacted(**self._now(), step=Step.OPENED, search=search)

    def _search(self, wording: str, shown: Shown) -> Searched:
        return Searched(
            **self._now(),
            query=wording,
            hits=0 if shown.is_empty else len(shown.articles),
            confidence=shown.confidence,
            offered=shown.articles[:10],
            generation=shown.generation,
        )

    def _place_seen(self, shown: Shown) -> int | None:
        """Return where the answer stands, counted from 0, if this person looks so far."""
        for place, article in enumerate(shown.articles[:LAST_LOOKED_AT]):
            if place and self.rng.random() > PATIENCE:
                return None
            if article == self.person.article:
                return place
        return None

    def _read(self, article: str, place: int, search: str) -> Iterator[Event]:
        yield from self._open(article, place, search, self.rng.uniform(30, 150), self.rng.uniform(0.5, 1))
        if self.rng.random() < SAYS_YES:
            self._wait(1, 3)
            yield Voted(**self._now(), article=article, revision="", is_helpful=True)

    def _leave(self, article: str, place: int, search: str) -> Iterator[Event]:
        yield from self._open(article, place, search, self.rng.uniform(4, 9), self.rng.uniform(0.1, 0.4))
        if self.rng.random() < SAYS_NO:
            reason = self.rng.choice(self.person.reasons)
            self._wait(1, 3)
            yield Voted(**self._now(), article=article, revision="", is_helpful=False, reason=reason)

    def _open(self, article: str, place: int, search: str, seconds: float, depth: float) -> Iterator[Event]:
        self._wait(2, 9)
        yield Clicked(**self._now(), search=search, article=article, position=place + 1)
        self._wait(seconds, seconds)
        yield Viewed(**self._now(), article=article, seconds=seconds, depth=depth, search=search)

    def _wait(self, least: float, most: float) -> None:
        self.at += timedelta(seconds=self.rng.uniform(least, most))

    def _now(self) -> _Now:
        return {"uid": _uid(self.rng), "at": self.at, "visitor": self.key, "lang": self.person.lang}


def _uid(rng: Random) -> str:
    return f"{rng.getrandbits(128):032x}"
