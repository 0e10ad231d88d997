"""Who may see what: one rule, asked by everything that shows, counts, suggests or keeps an article.

A reader stands on a level. An article names its audience, its status and the moments
between which it is public. Anything unclear hides.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """Where a reader stands; each level sees all that the one before it sees."""

    PUBLIC = "public"
    CUSTOMERS = "customers"
    STAFF = "staff"


class Audience(StrEnum):
    """Whom an article is written for. NOBODY is what an unreadable value becomes."""

    PUBLIC = "public"
    CUSTOMERS = "customers"
    STAFF = "staff"
    NOBODY = "nobody"


class Status(StrEnum):
    """How far an article has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


LEVELS = tuple(Level)
_REACH = {
    Audience.PUBLIC: frozenset(LEVELS),
    Audience.CUSTOMERS: frozenset({Level.CUSTOMERS, Level.STAFF}),
    Audience.STAFF: frozenset({Level.STAFF}),
    Audience.NOBODY: frozenset[Level](),
}


@dataclass(frozen=True, slots=True)
class Visibility:
    """All that the rule needs to know of an article. `publish_at` and `until` are aware."""

    audience: Audience = Audience.PUBLIC
    status: Status = Status.PUBLISHED
    publish_at: datetime | None = None
    until: datetime | None = None


def may_see(level: Level, thing: Visibility, at: datetime) -> bool:
    """Whether a reader on `level` may know at `at` that this exists.

    Drafts, archived articles and those outside their time are for staff alone.
    """
    if level not in _REACH[thing.audience]:
        return False
    return level is Level.STAFF or (thing.status is Status.PUBLISHED and _is_open(thing, at))


def next_change(thing: Visibility, at: datetime) -> datetime | None:
    """Return the next moment after `at` when `may_see` answers differently by time alone."""
    if thing.status is not Status.PUBLISHED or thing.audience is Audience.NOBODY:
        return None
    return min((edge for edge in (thing.publish_at, thing.until) if edge and edge > at), default=None)


def stricter(one: Visibility, other: Visibility) -> Visibility:
    """Combine two so that whoever is refused by either is refused by the result."""
    starts = [edge for edge in (one.publish_at, other.publish_at) if edge]
    ends = [edge for edge in (one.until, other.until) if edge]
    statuses = (one.status, other.status)
    return Visibility(
        audience=min(one.audience, other.audience, key=lambda audience: len(_REACH[audience])),
        status=next((s for s in statuses if s is not Status.PUBLISHED), Status.PUBLISHED),
        publish_at=max(starts, default=None),
        until=min(ends, default=None),
    )


def _is_open(thing: Visibility, at: datetime) -> bool:
    has_begun = thing.publish_at is None or thing.publish_at <= at
    return has_begun and (thing.until is None or at < thing.until)
