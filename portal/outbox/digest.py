"""Digest: the weekly mail about gaps. Counts and the titles of gaps that people accepted; no wordings, no visitors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

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
    """The help centre's, in the mail's language."""
    until: date
    suggested: int
    """Gaps that wait for somebody's word; their titles stay on the desk until then."""
    top: Sequence[Line]
    """Gaps that are being worked on, the most people a week first."""
    closed: Sequence[Line]
    reopened: Sequence[Line]
    url: str
    """Of the list of gaps."""


class _Words(NamedTuple):
    """All words of one language; each pair is for one and for several."""

    subject: str
    heading: str
    day: str
    """A date, as `strftime` writes it."""
    people: tuple[str, str]
    a_week: str
    under_way: str
    closed: str
    reopened: str
    more: str
    waiting: tuple[str, str]
    nothing: str


_WORDS = {
    "en": _Words(
        subject="{name}: {people} a week without an answer",
        heading="{name}, the week until {day}",
        day="%Y-%m-%d",
        people=("{count} person", "{count} people"),
        a_week="{people} a week",
        under_way="Being worked on",
        closed="Closed, as visits proved",
        reopened="Opened again",
        more="and {count} more",
        waiting=("{count} suggestion waits for your word.", "{count} suggestions wait for your word."),
        nothing="No suggestion waits.",
    ),
    "de": _Words(
        subject="{name}: {people} pro Woche ohne Antwort",
        heading="{name}, die Woche bis {day}",
        day="%d.%m.%Y",
        people=("{count} Person", "{count} Personen"),
        a_week="{people} pro Woche",
        under_way="In Arbeit",
        closed="Geschlossen, wie Besuche gezeigt haben",
        reopened="Wieder geöffnet",
        more="und {count} weitere",
        waiting=("{count} Vorschlag wartet auf Ihr Wort.", "{count} Vorschläge warten auf Ihr Wort."),
        nothing="Kein Vorschlag wartet.",
    ),
}


def write_digest(week: Week, lang: str = "en") -> tuple[str, str]:
    """Return the mail's subject and its text. A language that we don't speak gets English."""
    words = _WORDS.get(lang.partition("-")[0].casefold(), _WORDS["en"])
    open_people = sum(line.people_a_week for line in week.top)
    subject = words.subject.format(name=week.name, people=_count(open_people, words))
    rows = [words.heading.format(name=week.name, day=week.until.strftime(words.day)), ""]
    rows += _part(words.under_way, week.top, words)
    rows += _part(words.closed, week.closed, words)
    rows += _part(words.reopened, week.reopened, words)
    waiting = words.waiting[week.suggested != 1].format(count=week.suggested) if week.suggested else words.nothing
    return subject, "\n".join([*rows, waiting, "", week.url]) + "\n"


def _part(heading: str, lines: Sequence[Line], words: _Words) -> Iterator[str]:
    if not lines:
        return
    yield f"{heading}: {len(lines)}"
    for line in lines[:MOST_NAMED]:
        yield f"  {line.gap}. {line.title} ({words.a_week.format(people=_count(line.people_a_week, words))})"
    if len(lines) > MOST_NAMED:
        yield f"  {words.more.format(count=len(lines) - MOST_NAMED)}"
    yield ""


def _count(people: float, words: _Words) -> str:
    return words.people[round(people) != 1].format(count=f"{people:.0f}")
