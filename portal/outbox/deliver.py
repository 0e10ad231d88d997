"""Deliver: take what is due, send it outside of any transaction, and mark it.

Several are sent at once, but never two to one receiver, and one that did not take a message has its other ones later:
whoever is away or slow holds up nobody else.
"""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from portal.content.loop import Tracker
from portal.db import Database, transaction
from portal.errors import PortalError, Unavailable
from portal.outbox import store, trackers, webhook
from portal.outbox.mail import Mailer
from portal.outbox.models import Channel
from portal.outbox.parcel import Lane, Parcel, Taken
from portal.outbox.reach import Reach
from portal.outbox.tracker_kinds import Tokens
from portal.settings import Settings

MOST_AT_ONCE = 200
"""Messages of one run, so that other work has its turn."""
ABREAST = 4
"""Receivers that are sent to at once: so many may hang, each for as long as `reach` waits, and the next goes on."""

Send = Callable[[Parcel], Taken | None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run came to."""

    sent: int = 0
    failed: int = 0
    dead: int = 0

    def line(self) -> str:
        """Say it in one line of counts."""
        return f"{self.sent} sent, {self.failed} to be tried again, {self.dead} given up."


def deliver(
    database: Database, send: Send, *, at: datetime, most: int = MOST_AT_ONCE, abreast: int = ABREAST
) -> Delivered:
    """Send what is due. A failure stops nothing but its receiver's turn. Raises Unavailable without a database."""
    run = _Run(database, send, at, most)
    with ThreadPoolExecutor(abreast, thread_name_prefix="deliver") as pool:
        lanes = [pool.submit(run.work) for _ in range(abreast)]
        try:
            counts = [lane.result() for lane in lanes]
        finally:
            run.left = 0  # whoever is stopped stops the others after the message that they are at
    return Delivered(*map(sum, zip(*counts, strict=True)))


@dataclass(slots=True)
class _Run:
    """One run, shared by its threads."""

    database: Database
    send: Send
    at: datetime
    left: int
    """How many messages may be taken yet."""
    busy: set[Lane] = field(default_factory=set)
    away: set[Lane] = field(default_factory=set)
    """Who did not take a message in this run."""
    turn: threading.Lock = field(default_factory=threading.Lock)
    """Whose turn it is to write: SQLite has one writer, and who asks for it in vain waits longer than one message."""

    def work(self) -> tuple[int, int, int]:
        """Send one message after the other while there are any; return how many were sent, failed, given up."""
        sent = failed = dead = 0
        while parcel := self._take():
            try:
                is_sent, is_dead = self._send(parcel)
            finally:
                with self.turn:
                    self.busy.discard(parcel.lane)
            sent, failed, dead = sent + is_sent, failed + (not is_sent and not is_dead), dead + is_dead
        return sent, failed, dead

    def _take(self) -> Parcel | None:
        """Take a message for somebody who is not being sent to."""
        with self.turn:
            if self.left <= 0:
                return None
            with self.database.session() as session, transaction(session):
                parcel = store.take(session, self.at, passing_over=self.busy | self.away)
            if parcel is not None:
                self.busy.add(parcel.lane)
                self.left -= 1
            return parcel

    def _send(self, parcel: Parcel) -> tuple[bool, bool]:
        """Send one; return whether it is sent, and whether it was given up."""
        try:
            taken = self.send(parcel) or Taken()
        except (PortalError, ValueError, LookupError, TypeError) as error:  # what is no good stops nothing else
            problem, status = str(error) or type(error).__name__, getattr(error, "status", None)
            with self.turn, self.database.session() as session, transaction(session):
                if parcel.channel is not Channel.MAIL:
                    self.away.add(parcel.lane)
                return False, store.failed(session, parcel.uid, problem, at=self.at, status=status)
        with self.turn, self.database.session() as session, transaction(session):
            store.sent(session, parcel.uid, at=self.at, answer=taken.issue, status=taken.status)
        return True, False


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends a parcel by its channel."""

    settings: Settings
    trackers: Sequence[Tracker]
    at: datetime
    reach: Reach
    mailer: Mailer

    def __call__(self, parcel: Parcel) -> Taken:
        """Send it. Raises Unavailable and Invalid, in words."""
        if parcel.channel is Channel.WEBHOOK:
            secrets = parcel.receiver.secrets(self.settings) if parcel.receiver else ()
            return Taken(status=webhook.send(parcel, self.reach, secrets, at=self.at))
        if parcel.channel is Channel.MAIL:
            letter = json.loads(parcel.payload)
            self.mailer.send(
                parcel.target,
                letter["subject"],
                letter["text"],
                list_unsubscribe=letter.get("list_unsubscribe"),
                headers=letter.get("headers"),
            )
            return Taken()
        tracker = next((one for one in self.trackers if one.name == parcel.target), None)
        if tracker is None:
            raise Unavailable(f"portal.toml has no tracker {parcel.target!r} any more.")
        return Taken(issue=trackers.send(parcel, tracker, self.reach, Tokens.read(self.settings.tracker_token)))
