"""After linkage: what is too loose comes apart again, and what hands or people tied together comes together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portal.gaps.cluster_ids import Placed
from portal.gaps.cluster_linkage import FREE, Bonds

LOOSE = 0.4
"""Mean likeness below which a few wordings are no cluster. On the development halves of three shops' live traffic,
pairs and triples below it were of one intent in 5 to 21 of a hundred cases; docs/gaps-clusters.md."""
MOST_LOOSE = 3
LINKED_PEOPLE = 2
LINKED_SHARE = 0.5
"""From so many people, and such a share of the smaller side's, clusters of two languages are one. Our own judgement."""
Floats = NDArray[np.float32]


class Spoken(Placed, Protocol):
    """A wording in its language."""

    @property
    def lang(self) -> str:
        """BCP 47 tag."""


class Tie(Protocol):
    """Two wordings, by place, that people used for one need."""

    @property
    def a(self) -> int:
        """One."""

    @property
    def b(self) -> int:
        """The other."""

    @property
    def strength(self) -> float:
        """How many people."""


def by_number(numbers: Iterable[int]) -> list[list[int]]:
    """Return the places of each number, groups and places rising."""
    groups: dict[int, list[int]] = defaultdict(list)
    for i, number in enumerate(numbers):
        groups[int(number)].append(i)
    return list(groups.values())


def loosened(groups: Iterable[list[int]], said: Sequence[Placed], rows: Floats, bonds: Bonds) -> list[list[int]]:
    """Take groups of MOST_LOOSE wordings or fewer apart whose mean likeness is below LOOSE.

    Not where a person pinned or people went between them, nor a gap that was known before.
    """
    tied: dict[int, set[int]] = defaultdict(set)
    for a, b in zip(bonds.a.tolist(), bonds.b.tolist(), strict=True):
        tied[a].add(b)
    found = []
    for group in groups:
        if _is_loose(group, said, rows) and all(tied[i].isdisjoint(group) for i in group):
            found += [[i] for i in group]
        else:
            found.append(group)
    return found


def _is_loose(group: Sequence[int], said: Sequence[Placed], rows: Floats) -> bool:
    if not 1 < len(group) <= MOST_LOOSE or any(said[i].is_pinned for i in group):
        return False
    known = Counter(said[i].gap for i in group if said[i].gap is not None)
    if max(known.values(), default=0) > 1:
        return False
    likeness = rows[group] @ rows[group].T
    return float(likeness[np.triu_indices(len(group), 1)].mean()) < LOOSE


def joined(said: Sequence[Spoken], groups: Sequence[list[int]], links: Sequence[Tie]) -> list[list[int]]:
    """Bring groups together that are pinned to one gap, and those of two languages that most of their people link."""
    pins = [_pin(said, group) for group in groups]
    first: dict[int, int] = {}
    into = [number if pin == FREE else first.setdefault(pin, number) for number, pin in enumerate(pins)]
    people = [sum(said[i].people for i in group) for group in groups]
    for (a, b), strength in _between_languages(said, groups, links):
        one, other = sorted((_root(into, a), _root(into, b)))
        is_barred = pins[one] != pins[other] and FREE not in {pins[one], pins[other]}
        if one != other and not is_barred and strength >= max(LINKED_PEOPLE, LINKED_SHARE * min(people[a], people[b])):
            into[other] = one
            pins[one] = max(pins[one], pins[other])
    merged: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        merged[_root(into, number)] += group
    return [sorted(group) for group in merged.values()]


def _between_languages(
    said: Sequence[Spoken], groups: Sequence[list[int]], links: Sequence[Tie]
) -> list[tuple[tuple[int, int], float]]:
    """Return how many people went between two groups of different languages, the most first."""
    of = {i: number for number, group in enumerate(groups) for i in group}
    found: dict[tuple[int, int], float] = defaultdict(float)
    for tie in links:
        if said[tie.a].lang != said[tie.b].lang:
            a, b = sorted((of[tie.a], of[tie.b]))
            found[a, b] += tie.strength
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _root(into: Sequence[int], number: int) -> int:
    while into[number] != number:
        number = into[number]
    return number


def _pin(said: Sequence[Placed], group: Iterable[int]) -> int:
    """Return the gap that a group is pinned to, or FREE."""
    gaps = (said[i].gap for i in group if said[i].is_pinned)
    return max((gap for gap in gaps if gap is not None), default=FREE)
