"""Parcel: a delivery as a value, before it is kept and on its way, and what its receiver said."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from portal.outbox.models import Channel


@dataclass(frozen=True, slots=True)
class Issue:
    """A gap's issue in a tracker: its id there, and the address that people open."""

    id: str
    url: str = ""

    def to_json(self) -> str:
        """Write it for `deliveries.answer`."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(written: str) -> "Issue":
        """Read what `to_json` wrote."""
        return Issue(**json.loads(written))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to be kept. `uid` names it for ever: the same one twice is one."""

    uid: str
    channel: Channel
    target: str
    """URL, address, or name of a tracker of `portal.toml`."""
    event: str
    payload: str
    at: datetime
    gap: int | None = None
    conversation: int | None = None
    not_before: datetime | None = None
    """When it may go at the earliest; None for at once. Until then it can be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message, on its way."""

    uid: str
    channel: Channel
    target: str
    event: str
    gap: int | None
    payload: str
    attempt: int
    """From 1."""
    created_at: datetime
    issue: Issue | None = None
    """What the tracker called this gap before."""
