"""Numbers: which known gap lives on in which cluster, and what of a known gap begins together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portal.gaps.cluster_linkage import FREE, Bonds, link

SLACK = 0.15
"""By how much less a known gap must hold together than strangers must be alike, so that ids don't flicker."""
Floats = NDArray[np.float32]


class Placed(Protocol):
    """A wording with what is known of it."""

    @property
    def people(self) -> int:
        """How many have it."""

    @property
    def gap(self) -> int | None:
        """Where it was last time."""

    @property
    def is_pinned(self) -> bool:
        """Whether a person put it there."""


def held_together(said: Sequence[Placed], rows: Floats, least: float) -> NDArray[np.int64]:
    """Return a number for each wording of one language, the same for those of a known gap that are still alike.

    A gap's wordings are clustered among themselves, at `least` less SLACK; those that are pinned to it stay together
    however unlike.
    """
    begun = np.arange(len(said))
    for _, members in sorted(_by_gap(said).items()):
        some = np.array(members)
        numbers = link(rows[some], least - SLACK, np.arange(len(some)), np.full(len(some), FREE), Bonds())
        is_pinned = np.array([said[i].is_pinned for i in members])
        numbers[np.isin(numbers, numbers[is_pinned])] = -1
        _, first, of = np.unique(numbers, return_index=True, return_inverse=True)
        begun[some] = some[first[of]]
    return begun


def carried(said: Sequence[Placed], groups: Sequence[Sequence[int]]) -> list[int | None]:
    """Return the known gap of each group, each gap once: a pin decides, then how many of its people are there."""
    claims: Counter[tuple[int, int]] = Counter()
    pinned: set[tuple[int, int]] = set()
    for number, group in enumerate(groups):
        for i in group:
            if (gap := said[i].gap) is not None:
                claims[gap, number] += said[i].people
                if said[i].is_pinned:
                    pinned.add((gap, number))
    found: list[int | None] = [None] * len(groups)
    taken: set[int] = set()
    for gap, number in sorted(claims, key=lambda claim: (claim not in pinned, -claims[claim], claim)):
        if gap not in taken and found[number] is None:
            found[number] = gap
            taken.add(gap)
    return found


def _by_gap(said: Iterable[Placed]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for i, one in enumerate(said):
        if one.gap is not None:
            found[one.gap].append(i)
    return found
