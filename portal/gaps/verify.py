"""Verify: whether a published answer helps, told by the visits since, never by the commit itself.

The same wordings are measured before publication and after: how many different people asked, and how many of them were
helped. What is decided, and why so, stands in docs/replay.md.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.gaps.intervals import Interval, fall, wilson

ENOUGH = 0.5
"""A share without an answer has fallen enough at half of what it was: the answer reaches more than it misses."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One episode of one person: what they asked, in their words, and whether they were helped; None where unknown."""

    visitor: str
    at: datetime
    lang: str
    texts: tuple[str, ...]
    is_resolved: bool | None


@dataclass(frozen=True, slots=True)
class Measure:
    """How many different people asked, and how many of them were helped in the end."""

    n: int = 0
    resolved: int = 0

    def unresolved(self) -> Interval:
        """Return the share without an answer."""
        return wilson(self.n - self.resolved, self.n)

    def to_json(self) -> str:
        """Write it for `gaps.before` and `gaps.after`, with the bounds for whoever shows it."""
        return json.dumps(asdict(self) | {"unresolved": asdict(self.unresolved())}, sort_keys=True)

    @staticmethod
    def from_json(written: str | None) -> "Measure":
        """Read what `to_json` wrote; nothing is nobody."""
        fields = json.loads(written or "{}")
        return Measure(int(fields.get("n", 0)), int(fields.get("resolved", 0)))


class Verdict(StrEnum):
    """What becomes of a gap that is watched."""

    CLOSE = "close"
    REOPEN = "reopen"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, and why, in one plain sentence with its numbers."""

    verdict: Verdict
    because: str


@dataclass(frozen=True, slots=True)
class Watch:
    """How long and how many people a gap is watched; `portal.toml` says."""

    days: int = 28
    people: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What one look at all watched gaps came to; each its gap's number."""

    began: tuple[int, ...] = ()
    """Published ones that are watched from now on."""
    closed: tuple[int, ...] = ()
    reopened: tuple[int, ...] = ()
    watching: tuple[int, ...] = ()

    def line(self) -> str:
        """Say it in one line of counts."""
        return (
            f"{len(self.closed)} closed, {len(self.reopened)} opened again, "
            f"{len(self.watching)} watched ({len(self.began)} newly)."
        )


def measure(
    seen: Iterable[Seen], wordings: Collection[tuple[str, str]], *, since: datetime, until: datetime
) -> Measure:
    """Count the people who asked with one of these wordings, and those whose last such episode ended well.

    wordings: (language, text in lower case). Who asks 500 times is one. Episodes of which nobody knows how they ended
    don't count. since: included, until: not.
    """
    last: dict[str, tuple[datetime, bool]] = {}
    for one in seen:
        is_about_it = any((one.lang, text.casefold()) in wordings for text in one.texts)
        if one.is_resolved is None or not since <= one.at < until or not is_about_it:
            continue
        if one.visitor not in last or last[one.visitor][0] <= one.at:
            last[one.visitor] = (one.at, one.is_resolved)
    return Measure(len(last), sum(is_resolved for _, is_resolved in last.values()))


def decide(before: Measure, after: Measure, watch: Watch, *, began: datetime, at: datetime) -> Decision:
    """Say what becomes of a gap whose answer was published at `began`.

    Enough people (`watch.people`): it closes as soon as the share without an answer has clearly fallen (the interval of
    the fall is above nothing) to half or less; it opens again as soon as the interval excludes a fall by half.
    After `watch.days` it is decided by the shares alone, and closed without proof where nobody asked.
    """
    fell = fall(before.unresolved(), after.unresolved())
    wanted = before.unresolved().value * ENOUGH
    told = f"{_told(after)} since, {_told(before)} before"
    if after.n >= watch.people and before.n:
        if fell.low > 0 and after.unresolved().value <= wanted:
            return Decision(Verdict.CLOSE, f"Proved: {told}; {_fall(fell)}.")
        if fell.high < wanted:
            return Decision(Verdict.REOPEN, f"It did not help: {told}; {_fall(fell)}.")
    if at - began < timedelta(days=watch.days):
        return Decision(Verdict.WATCH, f"Too early to tell: {told}.")
    return _at_the_end(before, after, watch, told)


def _at_the_end(before: Measure, after: Measure, watch: Watch, told: str) -> Decision:
    """Decide by what there is."""
    if after.n == 0:
        return Decision(Verdict.CLOSE, f"Quiet, so not proved: nobody asked in {watch.days} days.")
    bound = before.unresolved().value * ENOUGH if before.n else ENOUGH
    if after.unresolved().value <= bound:
        return Decision(Verdict.CLOSE, f"Likely: after {watch.days} days {told}.")
    return Decision(Verdict.REOPEN, f"It did not help: after {watch.days} days {told}.")


def _told(measure: Measure) -> str:
    return f"{measure.n - measure.resolved} of {measure.n} people without an answer"


def _fall(fell: Interval) -> str:
    return f"the share fell by {100 * fell.value:.0f} points ({100 * fell.low:.0f} to {100 * fell.high:.0f})"
