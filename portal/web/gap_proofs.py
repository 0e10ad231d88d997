"""What shows that a gap is closed: the searches tried again on a draft, and how people fared before and since.

For the desk and for programs.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.gaps.models import Gap, State
from portal.gaps.replay import Replayed, Seen
from portal.gaps.verify import Measure

MOST_TRIED = 30
"""Wordings that are told one by one, those of most people first."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One wording on both sides: the place of the best article that is to answer; 0 where none is found."""

    text: str
    lang: str
    people: int
    before: int
    after: int
    is_answered: bool
    """Whether it is found among the first three now."""
    was_answered: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """A wording that worked and gets worse: its place before and after; 0 for not on the first page any more."""

    text: str
    lang: str
    people: int
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The last replay. Only wordings of enough different people are told; `hidden` counts the others."""

    revision: str
    answered: int
    answered_before: int
    of: int
    people: int
    people_answered: int
    tried: tuple[Tried, ...]
    hidden: int
    worse: int
    lost: tuple[Lost, ...]
    worked: int


@dataclass(frozen=True, slots=True)
class Fared:
    """How many of so many people were left without an answer, in percent, and between which bounds that lies."""

    unresolved: int
    n: int
    percent: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Before publication, since, and when it was published; None where nobody has measured yet."""

    since: datetime | None
    before: Fared | None
    after: Fared | None


def replay_of(gap: Gap, *, least: int) -> Replay | None:
    """Return the last replay, None before the first, and for one that another version of the portal wrote."""
    try:
        found = Replayed.from_json(gap.replay) if gap.replay else None
    except ValueError:
        return None
    if found is None:
        return None
    shown = found.wordings[:MOST_TRIED] if gap.people >= least else ()
    lost = [one for one in found.worse if one.people >= least][:MOST_TRIED]
    return Replay(
        revision=found.revision,
        answered=found.answered,
        answered_before=found.answered_before,
        of=len(found.wordings),
        people=found.people,
        people_answered=found.people_answered,
        tried=tuple(_tried(one.text, one.lang, one.people, one.before, one.after) for one in shown),
        hidden=len(found.wordings) - len(shown),
        worse=len(found.worse),
        lost=tuple(Lost(one.text, one.lang, one.people, one.before, one.after or 0) for one in lost),
        worked=found.worked,
    )


def watch_of(gap: Gap) -> Watch | None:
    """Return how people fare since something was published; None while nothing is watched or was."""
    if gap.state is not State.WATCHING and not gap.before and not gap.after:
        return None
    return Watch(gap.watched_from, _fared(gap.before), _fared(gap.after))


def _tried(text: str, lang: str, people: int, before: Seen, after: Seen) -> Tried:
    return Tried(text, lang, people, before.rank or 0, after.rank or 0, after.is_answered, before.is_answered)


def _fared(written: str | None) -> Fared | None:
    measure = Measure.from_json(written)
    if not measure.n:
        return None
    share = measure.unresolved()
    bounds = (round(100 * one) for one in (share.value, share.low, share.high))
    return Fared(measure.n - measure.resolved, measure.n, *bounds)
