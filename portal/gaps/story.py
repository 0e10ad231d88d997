"""Story: what the needs of a gap tell together, such that nobody's own way through the help centre can be seen.

Every count is one of different people.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.gaps.unmet import Unmet

MOST_OFFERED = 8
"""Articles that are worth naming; beyond them hardly anybody looked."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An article that those people were shown: how many of them, and how many opened it and were not helped."""

    article: str
    people: int
    opened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happened to everybody who had this need."""

    people: int
    times: int
    """How often it was had; one person may come again."""
    outcomes: tuple[tuple[str, int], ...]
    """(outcome, people), the most frequent first; a person who ended in two ways counts in both."""
    offered: tuple[Offered, ...]
    """By how many saw them."""
    nothing: int
    """People who at least once were shown no article at all."""
    written: int
    """How many wrote themselves what they were looking for."""


def tell(needs: Sequence[Unmet]) -> Story:
    """Put the needs of one gap together."""
    ended, saw, opened = (defaultdict[str, set[str]](set) for _ in range(3))
    for need in needs:
        ended[need.outcome].add(need.visitor)
        for article in need.offered:
            saw[article].add(need.visitor)
        for article, _ in need.clicked:
            opened[article].add(need.visitor)
    seen = _by_size(saw)[:MOST_OFFERED]
    return Story(
        people=_people(needs),
        times=len(needs),
        outcomes=tuple(_by_size(ended)),
        offered=tuple(Offered(article, people, len(opened[article])) for article, people in seen),
        nothing=_people(need for need in needs if not need.offered),
        written=_people(need for need in needs if need.request),
    )


def _people(needs: Iterable[Unmet]) -> int:
    return len({need.visitor for need in needs})


def _by_size(what: dict[str, set[str]]) -> list[tuple[str, int]]:
    sized = [(name, len(people)) for name, people in what.items()]
    return sorted(sized, key=lambda one: (-one[1], one[0]))
