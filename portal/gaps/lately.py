"""Lately: what was searched in the last days and not answered, straight from the events, before any gap is looked for.

Nobody else's wording is told unless enough different people used it; the rest are numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from portal.events.kinds import Event
from portal.gaps.unmet import as_typed, wording
from portal.visits.episodes import Episode, episodes
from portal.visits.outcome import UNRESOLVED, judge
from portal.visits.robots import is_robot
from portal.visits.sessionise import sessionise

Key = TypeVar("Key", str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class Searched:
    """A wording that enough different people used without an answer, and how many of them."""

    lang: str
    text: str
    """As it was typed first."""
    people: int

    @property
    def wording(self) -> str:
        """The name under which gaps know it."""
        return wording(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What was not answered. Every count is one of different people, but for `times`."""

    people: int
    times: int
    """How many needs they had."""
    asked: int
    """How many searched at all, answered or not."""
    searched: tuple[Searched, ...]
    """The most frequent first."""
    unshown: int
    """Other wordings, each of too few people to be read by others."""
    outcomes: tuple[tuple[str, int], ...]
    """(outcome, people), the most frequent first."""


def lately(events: Iterable[Event], *, least: int) -> Lately:
    """Judge every need as far as it is known by now; a visit that is still going on may yet end well.

    events: sorted by (visitor, at). least: so many different people make a wording readable for others (*k*).
    """
    said, ended = defaultdict[tuple[str, str], set[str]](set), defaultdict[str, set[str]](set)
    typed: dict[tuple[str, str], str] = {}
    asked, unmet, times = set[str](), set[str](), 0
    for episode in _of_people(events):
        asked.add(episode.visitor)
        outcome = judge(episode)
        text = as_typed(episode.wordings[0])
        if outcome not in UNRESOLVED or not text:
            continue
        times += 1
        unmet.add(episode.visitor)
        ended[outcome.value].add(episode.visitor)
        key = (episode.lang, wording(text))
        said[key].add(episode.visitor)
        typed.setdefault(key, text)
    shown = [(key, people) for key, people in _by_size(said) if people >= least]
    return Lately(
        people=len(unmet),
        times=times,
        asked=len(asked),
        searched=tuple(Searched(key[0], typed[key], people) for key, people in shown),
        unshown=len(said) - len(shown),
        outcomes=tuple(_by_size(ended)),
    )


def _of_people(events: Iterable[Event]) -> Iterable[Episode]:
    for visit in sessionise(events):
        if not visit.is_staff and not is_robot(visit):
            yield from episodes(visit)


def _by_size(what: Mapping[Key, set[str]]) -> list[tuple[Key, int]]:
    sized = [(key, len(people)) for key, people in what.items()]
    return sorted(sized, key=lambda one: (-one[1], one[0]))
