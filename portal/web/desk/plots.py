"""Plots of the desk, as numbers that a template draws: small bars, a row of shares, and where 80 % are reached."""

from collections.abc import Sequence
from dataclasses import dataclass

BAR, GAP = 6, 2
"""Units of a plot's width that a bar takes, and the space after it."""
SPARK_HEIGHT = 20
PLOT_HEIGHT = 72
LEAST_TOP = 4
"""As many fill a bar's height at least, so that one person does not look like a crowd."""
ENOUGH = 0.8
"""The share of people at which the line is drawn: Pareto's 80 %, as gaps.md has it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the plot's units from its upper left corner."""

    x: int
    y: float
    height: float
    value: int
    ago: int
    """How many steps before the last one."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Equal steps of time as bars, oldest first."""

    bars: tuple[Bar, ...]
    width: int
    height: int

    @property
    def values(self) -> tuple[int, ...]:
        """The numbers themselves, oldest first."""
        return tuple(bar.value for bar in self.bars)

    @property
    def has_any(self) -> bool:
        """Whether there is anything to be seen."""
        return any(self.values)


@dataclass(frozen=True, slots=True)
class Share:
    """One of several kinds: how many of how many."""

    label: str
    count: int
    of: int

    @property
    def percent(self) -> float:
        """The share from 0 to 100; 0 where there is nothing to share."""
        return round(100 * self.count / self.of, 1) if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Pareto:
    """The first `count` of `total` gaps hold `percent` of the people."""

    count: int
    total: int
    percent: int

    def is_after(self, place: int) -> bool:
        """Whether the line is drawn after the row at this place, from 1; never after the last one of all."""
        return place == self.count < self.total


def bars(values: Sequence[int], height: int = SPARK_HEIGHT) -> Bars:
    """Return bars as high as their share of the largest, or of LEAST_TOP; any but 0 is one unit high at least."""
    most = max(*values, LEAST_TOP) if values else 0
    drawn = []
    for place, value in enumerate(values):
        tall = max(height * value / most, 1.0) if most and value > 0 else 0.0
        drawn.append(Bar(place * (BAR + GAP), round(height - tall, 2), round(tall, 2), value, len(values) - 1 - place))
    return Bars(tuple(drawn), max(len(values) * (BAR + GAP) - GAP, 0), height)


def pareto(sizes: Sequence[float]) -> Pareto | None:
    """Return how many of the largest hold 80 %. None where nobody is counted, or where a line would tell nothing.

    sizes: in any order; the line belongs into a list that is sorted by them.
    """
    whole = sum(sizes)
    if whole <= 0 or len(sizes) < 3:  # noqa: PLR2004 - of two, one can't be "these few"
        return None
    held = 0.0
    for count, size in enumerate(sorted(sizes, reverse=True), 1):
        held += size
        if held >= ENOUGH * whole:
            return Pareto(count, len(sizes), round(100 * held / whole))
    return None
