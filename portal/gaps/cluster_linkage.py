"""Linkage: average linkage, exactly, without a table of all pairs.

With inner products as likeness, the mean over all pairs of two clusters is the product of their means, so that means
are all that is kept. A merged cluster is never nearer to a third than the nearer of its two parts was (Bruynooghe,
1977), so that pairs that are nearest to each other may merge in any order, many in one round.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
FREE = -1
"""Pinned to no gap."""
_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Bonds:
    """What adds to the likeness of pairs of rows; each pair once."""

    a: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    b: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    worth: Floats = field(default_factory=lambda: np.zeros(0, np.float32))


def link(rows: Floats, least: float, begun: Ints, pins: Ints, bonds: Bonds) -> Ints:
    """Return a number for each row, the same for those in one cluster.

    least: mean likeness of two clusters that still merge. begun: a number for each row; those with one number begin
    together. pins: the gap of each row, or FREE; rows of two gaps never come together, which `begun` must heed.
    """
    _, of = np.unique(begun, return_inverse=True)
    state = _State(rows, of.astype(np.int64), pins, bonds)
    while state.merge_nearest(least):
        pass
    return state.of


class _State:
    """Clusters, of which some are done: nothing left is near enough to them, nor ever will be."""

    def __init__(self, rows: Floats, of: Ints, pins: Ints, bonds: Bonds) -> None:
        self.of = of
        """Cluster of each row."""
        count = int(of.max()) + 1 if len(of) else 0
        self._sizes = np.bincount(of, minlength=count).astype(np.float32)
        self._sums = np.zeros((count, rows.shape[1]), np.float32)
        np.add.at(self._sums, of, rows)
        self._pins = np.full(count, FREE, np.int64)
        np.maximum.at(self._pins, of, pins)
        self._bonds = bonds
        self._names = np.arange(count)
        """Number in `of` of each cluster that is not done."""
        self._nearest = np.zeros(count, np.int64)
        self._likeness = np.full(count, -np.inf, np.float32)
        self._is_stale = np.ones(count, bool)

    def merge_nearest(self, least: float) -> bool:
        """Merge all pairs that are nearest to each other and near enough; return whether there were any."""
        self._look()
        is_live = self._likeness >= least
        is_live[self._nearest[is_live]] = True  # rounding may have told the two differently
        self._set_aside(is_live)
        if len(self._names) == 0:
            return False
        here = np.arange(len(self._names))
        is_mutual = (self._nearest[self._nearest] == here) & (here < self._nearest)
        first = here[is_mutual]
        if len(first) == 0:  # rounding made a ring of equals; the nearest two of all break it
            first = np.array([int(self._likeness.argmax())])
        self._merge(first, self._nearest[first])
        return True

    def _look(self) -> None:
        """Find the nearest of each cluster that lost it, or is new."""
        stale = np.flatnonzero(self._is_stale)
        means = self._sums / self._sizes[:, None]
        bonds = self._bonds_now()
        for start in range(0, len(stale), _AT_ONCE):
            some = stale[start : start + _AT_ONCE]
            likeness = means[some] @ means.T
            _add(likeness, some, bonds, self._sizes)
            likeness[np.arange(len(some)), some] = -np.inf
            apart = np.flatnonzero(self._pins[some] != FREE)
            if len(apart):
                theirs = self._pins[some[apart], None]
                is_barred = (self._pins != FREE) & (self._pins != theirs)
                likeness[apart] = np.where(is_barred, -np.inf, likeness[apart])
            self._nearest[some] = likeness.argmax(axis=1)
            self._likeness[some] = likeness[np.arange(len(some)), self._nearest[some]]
        self._is_stale[:] = False

    def _bonds_now(self) -> tuple[Ints, Ints, Floats]:
        """Return the bonds between clusters that are not done, both ways, summed."""
        places = np.full(int(self.of.max(initial=-1)) + 1, -1, np.int64)
        places[self._names] = np.arange(len(self._names))
        a, b = places[self.of[self._bonds.a]], places[self.of[self._bonds.b]]
        is_live = (a >= 0) & (b >= 0) & (a != b)
        a, b, worth = a[is_live], b[is_live], self._bonds.worth[is_live]
        return np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([worth, worth])

    def _set_aside(self, is_live: NDArray[np.bool_]) -> None:
        """Forget clusters that are done. What is left has its nearest among what is left, or would be done too."""
        places = np.cumsum(is_live) - 1
        self._names, self._sums, self._sizes = self._names[is_live], self._sums[is_live], self._sizes[is_live]
        self._pins, self._likeness = self._pins[is_live], self._likeness[is_live]
        self._nearest = places[self._nearest[is_live]]
        self._is_stale = np.zeros(len(self._names), bool)

    def _merge(self, first: Ints, second: Ints) -> None:
        names = np.arange(int(self.of.max()) + 1)
        names[self._names[second]] = self._names[first]
        self.of = names[self.of]
        self._sums[first] += self._sums[second]
        self._sizes[first] += self._sizes[second]
        self._pins[first] = np.maximum(self._pins[first], self._pins[second])
        is_touched = np.zeros(len(self._names), bool)
        is_touched[first] = is_touched[second] = True
        self._is_stale = is_touched | is_touched[self._nearest]
        is_gone = np.zeros(len(self._names), bool)
        is_gone[second] = True
        stale = self._is_stale[~is_gone]
        self._set_aside(~is_gone)
        self._is_stale = stale


def _add(likeness: Floats, some: Ints, bonds: tuple[Ints, Ints, Floats], sizes: Floats) -> None:
    """Add to a few rows of likeness what their bonds are worth, as a mean over all pairs of the two clusters."""
    a, b, worth = bonds
    if len(a) == 0:
        return
    lines = np.full(likeness.shape[1], -1, np.int64)
    lines[some] = np.arange(len(some))
    is_here = lines[a] >= 0
    a, b = a[is_here], b[is_here]
    np.add.at(likeness, (lines[a], b), worth[is_here] / (sizes[a] * sizes[b]))
