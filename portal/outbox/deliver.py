"""Deliver: take what is due, send it outside of any transaction, and mark it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.content.loop import Tracker
from portal.db import Database, transaction
from portal.errors import PortalError, Unavailable
from portal.outbox import store, trackers, webhook
from portal.outbox.mail import Mailer
from portal.outbox.models import Channel
from portal.outbox.parcel import Issue, Parcel
from portal.outbox.reach import Reach
from portal.outbox.tracker_kinds import Tokens
from portal.settings import Settings

MOST_AT_ONCE = 200
"""Messages of one run, so that other work has its turn."""

Send = Callable[[Parcel], Issue | None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run came to."""

    sent: int = 0
    failed: int = 0
    dead: int = 0

    def line(self) -> str:
        """Say it in one line of counts."""
        return f"{self.sent} sent, {self.failed} to be tried again, {self.dead} given up."


def deliver(database: Database, send: Send, *, at: datetime, most: int = MOST_AT_ONCE) -> Delivered:
    """Send what is due, one message after the other. A failure stops nothing. Raises Unavailable without a database."""
    sent = failed = dead = 0
    for _ in range(most):
        with database.session() as session, transaction(session):
            parcel = store.take(session, at)
        if parcel is None:
            break
        try:
            issue = send(parcel)
        except (PortalError, ValueError, LookupError, TypeError) as error:  # what is no good stops nothing else
            with database.session() as session, transaction(session):
                is_dead = store.failed(session, parcel.uid, str(error) or type(error).__name__, at=at)
            failed, dead = failed + (not is_dead), dead + is_dead
        else:
            with database.session() as session, transaction(session):
                store.sent(session, parcel.uid, at=at, answer=issue)
            sent += 1
    return Delivered(sent, failed, dead)


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends a parcel by its channel."""

    settings: Settings
    trackers: Sequence[Tracker]
    at: datetime
    reach: Reach
    mailer: Mailer

    def __call__(self, parcel: Parcel) -> Issue | None:
        """Send it. Raises Unavailable and Invalid, in words."""
        if parcel.channel is Channel.WEBHOOK:
            webhook.send(parcel, self.reach, self.settings.webhook_secret, at=self.at)
        elif parcel.channel is Channel.MAIL:
            letter = json.loads(parcel.payload)
            self.mailer.send(
                parcel.target,
                letter["subject"],
                letter["text"],
                list_unsubscribe=letter.get("list_unsubscribe"),
                headers=letter.get("headers"),
            )
        else:
            tracker = next((one for one in self.trackers if one.name == parcel.target), None)
            if tracker is None:
                raise Unavailable(f"portal.toml has no tracker {parcel.target!r} any more.")
            return trackers.send(parcel, tracker, self.reach, Tokens.read(self.settings.tracker_token))
        return None
