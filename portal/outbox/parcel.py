"""Parcel: a delivery as a value, before it is kept and on its way, and what its receiver said."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from portal.outbox.models import Channel
from portal.outbox.receiver import Receiver

Lane = tuple[Channel, str]
"""Whose messages go one after the other: a webhook's, a tracker's; all mails together, with an empty name."""


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
    """As `Delivery.target` says."""
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
    receiver: Receiver | None = None
    """Of what goes to a webhook; None where that is gone."""

    @property
    def lane(self) -> Lane:
        """Whom it goes to, as far as being held up counts."""
        return self.channel, "" if self.channel is Channel.MAIL else self.target


@dataclass(frozen=True, slots=True)
class Taken:
    """What a receiver said when it took a parcel."""

    status: int | None = None
    issue: Issue | None = None
