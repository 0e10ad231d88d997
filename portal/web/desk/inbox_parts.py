"""The parts of a conversation's page, as values."""

from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from portal.conversations.models import Kind


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a message."""

    uid: str
    name: str
    url: str
    media_type: str
    size_bytes: int
    is_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message, or one event as a thin line."""

    uid: str
    kind: Kind
    by: str
    at: datetime
    html: Markup
    """What was said, or the event's sentence."""
    files: tuple[File, ...] = ()
    is_new: bool = False
    """Whether it came while somebody was writing a reply."""
    goes_at: datetime | None = None
    """Of a reply that can still be taken back: when it goes."""
    undo: str = ""
    """Where its author takes it back."""
    by_hand: str = ""
    """Of a reply that went out where the portal sends no mail: what opens it in the agent's own mail program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What stands in the reply box."""

    uid: str
    text: str
    files: tuple[File, ...] = ()
    """That go along already: of a reply that was taken back, or that could not be sent."""
    is_typed: bool = False
    """Whether somebody wrote it already; a browser's own copy is older then."""
    is_kept: bool = False
    """Whether it is kept as a draft, and not in this page alone."""
    is_stale: bool = False
    """Whether something came since its writer looked, which they are to see first."""
    saved: tuple[int, ...] = ()
    """Saved replies that went into it."""
    missing: tuple[str, ...] = ()
    """Variables that stand in it still."""
    note: str = ""
    """What stands in the box for notes."""

    def with_note(self, note: str) -> "Box":
        """Return the same box with words in the one for notes."""
        return replace(self, note=note)


@dataclass(frozen=True, slots=True)
class Step:
    """One search of the customer before they wrote; articles as (title, url), the url empty for one that is gone."""

    at: datetime
    query: str
    hits: int
    opened: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Another conversation of the same customer, or the one that this is to be merged into."""

    id: int
    subject: str
    who: str
    url: str
    stands: str
    at: datetime
    lang: str
