"""Intervals: how sure a share is, and how sure the difference of two is, from how many people it was seen of."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and the bounds that it lies between in 95 of 100 cases."""

    value: float
    low: float
    high: float


def wilson(count: int, n: int) -> Interval:
    """Return the share `count / n` with Wilson's score interval (1927); 0 to 1 where nobody was seen."""
    if n == 0:
        return Interval(0.0, 0.0, 1.0)
    share = count / n
    middle = share + Z * Z / (2 * n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    whole = 1 + Z * Z / n
    return Interval(share, max((middle - half) / whole, 0.0), min((middle + half) / whole, 1.0))


def fall(before: Interval, after: Interval) -> Interval:
    """Return how far a share fell, from one group of people to another, with Newcombe's interval (1998, method 10).

    Less than nothing where it rose.
    """
    value = before.value - after.value
    low = value - sqrt((before.value - before.low) ** 2 + (after.high - after.value) ** 2)
    high = value + sqrt((before.high - before.value) ** 2 + (after.value - after.low) ** 2)
    return Interval(value, max(low, -1.0), min(high, 1.0))
