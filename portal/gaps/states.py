"""States: how a gap goes from suggested to closed. Which verb may follow which state, and the words that say so."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from portal.gaps.models import State

MACHINE = "Signpost"
"""Who did it, where nobody did."""
UNSEEN = (State.SUGGESTED,)
UNDER_WAY = (State.ACCEPTED, State.ASSIGNED, State.DRAFTED)
BEFORE_PUBLICATION = (*UNSEEN, *UNDER_WAY)
PROVING = (State.PUBLISHED, State.WATCHING)
OPEN = (*BEFORE_PUBLICATION, *PROVING)
"""States of gaps that somebody has yet to do something about, or to wait for."""
OVER = (State.CLOSED, State.DISMISSED)
STANDING = (*OPEN, *OVER)
"""All but merged ones, which live on in another."""


class Verb(StrEnum):
    """What was done to a gap, as its history tells it."""

    FOUND = "found"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    DISMISSED = "dismissed"
    REOPENED = "reopened"
    MERGED = "merged"
    SPLIT = "split"
    RENAMED = "renamed"
    MOVED = "moved"
    DRAFTED = "drafted"
    PUBLISHED = "published"
    WATCHED = "watched"
    CLOSED = "closed"


ALLOWED: Mapping[Verb, tuple[State, ...]] = MappingProxyType(
    {
        Verb.ACCEPTED: UNSEEN,
        Verb.ASSIGNED: OPEN,
        Verb.DISMISSED: OPEN,
        Verb.REOPENED: (*OVER, *PROVING),
        Verb.MERGED: STANDING,
        Verb.SPLIT: STANDING,
        Verb.RENAMED: STANDING,
        Verb.MOVED: STANDING,
        Verb.DRAFTED: BEFORE_PUBLICATION,
        Verb.PUBLISHED: (*OPEN, State.DISMISSED),
        Verb.WATCHED: PROVING,
        Verb.CLOSED: OPEN,
    }
)
"""From which states each verb may be done."""

_PAST: Mapping[Verb, str] = MappingProxyType(
    {
        Verb.FOUND: "found this",
        Verb.ACCEPTED: "accepted this",
        Verb.ASSIGNED: "assigned this",
        Verb.DISMISSED: "dismissed this",
        Verb.REOPENED: "opened this again",
        Verb.MERGED: "merged this",
        Verb.SPLIT: "split this",
        Verb.RENAMED: "renamed this",
        Verb.MOVED: "moved a wording of this",
        Verb.DRAFTED: "drafted this",
        Verb.PUBLISHED: "published this",
        Verb.WATCHED: "began to watch this",
        Verb.CLOSED: "closed this",
    }
)
_WANTED: Mapping[Verb, str] = MappingProxyType(
    {
        Verb.ACCEPTED: "accepted",
        Verb.ASSIGNED: "assigned",
        Verb.DISMISSED: "dismissed",
        Verb.REOPENED: "opened again",
        Verb.MERGED: "merged",
        Verb.SPLIT: "split",
        Verb.RENAMED: "renamed",
        Verb.MOVED: "given away word by word",
        Verb.DRAFTED: "drafted",
        Verb.PUBLISHED: "published",
        Verb.WATCHED: "watched",
        Verb.CLOSED: "closed",
    }
)
_STANDS: Mapping[State, str] = MappingProxyType(
    {
        State.SUGGESTED: "is only suggested; accept it first",
        State.ACCEPTED: "is accepted",
        State.ASSIGNED: "is assigned",
        State.DRAFTED: "is drafted",
        State.PUBLISHED: "is published",
        State.WATCHING: "is being watched",
        State.CLOSED: "is closed; open it again first",
        State.DISMISSED: "is dismissed; open it again first",
        State.MERGED: "was merged into another",
    }
)
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def why_not(verb: Verb, number: int, state: State, merged_into: int | None) -> str | None:
    """Return in words why a verb can't be done to a gap in this state; None where it can."""
    if state in ALLOWED[verb]:
        return None
    if state is State.MERGED and merged_into is not None:
        return f"Gap {number} was merged into gap {merged_into}. Change that one."
    return f"Gap {number} can't be {_WANTED[verb]}: it {_STANDS[state]}."


def too_late(by: str, verb: str, ago: timedelta) -> str:
    """Say who was quicker, such as "Cleo accepted this 2 minutes ago"."""
    return f"{by} {_PAST[Verb(verb)]} {time_ago(ago)}. Look at it again before you change it."


def time_ago(ago: timedelta) -> str:
    """Say a span as people do: just now, 2 minutes ago, 3 days ago."""
    seconds = ago.total_seconds()
    if seconds < _MINUTE:
        return "just now"
    for size, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        count = int(seconds // size)
        if count:
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def after_assigning(state: State, *, has_owner: bool) -> State:
    """Return the state of a gap whose owner changes: later states stay, as the work goes on."""
    if has_owner and state in (State.SUGGESTED, State.ACCEPTED):
        return State.ASSIGNED
    return State.ACCEPTED if state is State.ASSIGNED and not has_owner else state


def after_reopening(state: State, *, has_owner: bool) -> State:
    """Return where a gap goes on: dismissed ones are judged anew, others are known to be work."""
    if state is State.DISMISSED:
        return State.SUGGESTED
    return State.ASSIGNED if has_owner else State.ACCEPTED


def is_back(people: int, dismissed_people: int | None) -> bool:
    """Whether a dismissed gap has doubled since (gaps.md), so that it is to be judged anew."""
    return people >= 2 * max(dismissed_people or 0, 1)
