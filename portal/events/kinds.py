"""The kinds of events: what a visitor did, as values. `data` of the table holds all but what every event has."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Where(StrEnum):
    """Where something was searched."""

    PAGE = "page"
    TYPING = "typing"
    """A suggestion was chosen while typing."""
    WIDGET = "widget"
    FORM = "form"
    DESK = "desk"
    API = "api"


class Step(StrEnum):
    """How far somebody went towards a person."""

    OPENED = "opened"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    """A suggested article helped, so nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has."""

    uid: str
    """32 hexadecimal digits, made where it happened; the same event written twice is one."""
    at: datetime
    visitor: str
    """HMAC of the visit key, 32 hexadecimal digits; for what staff do, `user-` and the account's id."""
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched(Event):
    """A search; `uid` is its search_id."""

    query: str
    where: Where = Where.PAGE
    filters: dict[str, str] = field(default_factory=dict)
    hits: int = 0
    """How many articles were said to fit; 0 where the page said honestly that nothing does."""
    confidence: float | None = None
    offered: tuple[str, ...] = ()
    """Ids of the articles shown, best first, up to ten; those shown as nearest where there are no hits."""
    corrected: str | None = None
    generation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked(Event):
    """A hit was opened."""

    search: str
    """uid of the search."""
    article: str
    anchor: str = ""
    position: int = 0
    """From 1; 0 for the answer on top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed(Event):
    """An article was looked at, or a page of results."""

    article: str
    """Empty for a page of results: it says that the visitor's browser tells what happens."""
    revision: str = ""
    seconds: float = 0.0
    """How long it was visible."""
    depth: float = 0.0
    """How far it was read, from 0 to 1."""
    search: str = ""
    """uid of the search that led here; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted(Event):
    """A vote, as the visit saw it; the vote itself is in feedback."""

    article: str
    revision: str
    is_helpful: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacted(Event):
    """Somebody turned to a person."""

    step: Step
    channel: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Event):
    """An agent put an article into a reply."""

    article: str
    conversation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged(Event):
    """An agent said that an article is wrong."""

    article: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested(Event):
    """Somebody said what they were looking for, or an agent asked for an article; what they wrote is in feedback."""

    text: str
    search: str = ""
    request: str = ""
    """uid of the row in `requests`."""


KINDS: tuple[type[Event], ...] = (Searched, Clicked, Viewed, Voted, Contacted, Linked, Flagged, Requested)
