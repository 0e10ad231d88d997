"""Opening: the days and hours in which a channel has somebody, as `portal.toml` says them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_TIME = r"(\d{1,2})(?::(\d{2}))?"
_OPENING = re.compile(rf"([a-z]{{3}})(?:-([a-z]{{3}}))? {_TIME}-{_TIME}")


class NoOpening(ValueError):
    """No days and hours are said here."""


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A time of one day of the week, by the clock of the channel's time zone."""

    day: int
    """0 is Monday."""
    begin: int
    """Minutes since midnight."""
    end: int
    """The same, at most 1440; the first minute in which nobody is there any more."""


def read_openings(lines: tuple[str, ...]) -> tuple[Opening, ...]:
    """Return what `Mon-Fri 9:00-17:00` and its like say, in order.

    Hours that end before they begin go on until the next day. Raises NoOpening.
    """
    return tuple(sorted(set(chain.from_iterable(_read(line) for line in lines))))


def _read(line: str) -> Iterator[Opening]:
    found = _OPENING.fullmatch(re.sub(r"\s*[-–]\s*", "-", " ".join(line.lower().split())))
    if not found or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise NoOpening(line)
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    begin, end = _minutes(found[3], found[4]), _minutes(found[5], found[6])
    if begin in {end, DAY_MINUTES} or max(begin, end) > DAY_MINUTES:
        raise NoOpening(line)
    for step in range((last - first) % len(DAYS) + 1):
        yield from _on((first + step) % len(DAYS), begin, end)


def _minutes(hours: str, minutes: str | None) -> int:
    if int(minutes or 0) > 59:  # noqa: PLR2004 - an hour's last minute
        raise NoOpening(minutes)
    return 60 * int(hours) + int(minutes or 0)


def _on(day: int, begin: int, end: int) -> Iterator[Opening]:
    """Give the hours of one day; those past midnight are the next day's."""
    if begin < end:
        yield Opening(day, begin, end)
        return
    yield Opening(day, begin, DAY_MINUTES)
    if end:
        yield Opening((day + 1) % len(DAYS), 0, end)
