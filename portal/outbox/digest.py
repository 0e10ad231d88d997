"""Digest: the weekly mail about gaps. Counts and the titles of gaps that people accepted; no wordings, no visitors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A gap in the digest."""

    gap: int
    title: str
    people_a_week: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What a week came to."""

    name: str
    """The help centre's."""
    until: date
    suggested: int
    """Gaps that wait for somebody's word; their titles stay on the desk until then."""
    top: Sequence[Line]
    """Gaps that are being worked on, the most people a week first."""
    closed: Sequence[Line]
    reopened: Sequence[Line]
    url: str
    """Of the list of gaps."""


def write_digest(week: Week) -> tuple[str, str]:
    """Return the mail's subject and its text."""
    open_people = sum(line.people_a_week for line in week.top)
    subject = f"{week.name}: {_count(open_people)} a week without an answer"
    rows = [f"{week.name}, the week until {week.until.isoformat()}", ""]
    rows += _part("Being worked on", week.top)
    rows += _part("Closed, as visits proved", week.closed)
    rows += _part("Opened again", week.reopened)
    waiting = f"{week.suggested} {'suggestion waits' if week.suggested == 1 else 'suggestions wait'} for your word."
    return subject, "\n".join([*rows, waiting if week.suggested else "No suggestion waits.", "", week.url]) + "\n"


def _part(heading: str, lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    yield f"{heading}: {len(lines)}"
    for line in lines[:MOST_NAMED]:
        yield f"  {line.gap}. {line.title} ({_count(line.people_a_week)} a week)"
    if len(lines) > MOST_NAMED:
        yield f"  and {len(lines) - MOST_NAMED} more"
    yield ""


def _count(people: float) -> str:
    return f"{people:.0f} {'person' if round(people) == 1 else 'people'}"
