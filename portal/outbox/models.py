"""Delivery: a message on its way. Webhook: a program that hears of what happens, as admins set it up."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model
from portal.text import one_line


class Channel(StrEnum):
    """How it goes."""

    WEBHOOK = "webhook"
    TRACKER = "tracker"
    MAIL = "mail"


class DeliveryState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    """Given up after the last try; shown to admins, who may send it again."""


class Delivery(Model):
    """One message. `uid` names it to the receiver, so that the same one twice is one; `gap` is what it tells of."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "next_at"), Index(None, "target", "created_at"))

    uid: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[Channel] = mapped_column(
        Enum(Channel, name="channel", length=10, native_enum=False, create_constraint=True, values_callable=list)
    )
    target: Mapped[str] = mapped_column(String(1000))
    """Address of a mail, name of a tracker of `portal.toml`, uid of a webhook; the URL of `PORTAL_WEBHOOK_URL`."""
    event: Mapped[str] = mapped_column(String(40))
    """Such as gap.accepted."""
    gap: Mapped[int | None] = mapped_column(index=True)
    conversation: Mapped[int | None] = mapped_column(index=True)
    """Number of the conversation that it tells of, if it tells of one."""
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(
        Enum(DeliveryState, name="state", length=10, native_enum=False, create_constraint=True, values_callable=list)
    )
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(500))
    status: Mapped[int | None]
    """What a webhook answered last; None where it did not answer."""
    answer: Mapped[str | None] = mapped_column(Text)
    """JSON of what a tracker said: the issue's id and the address that people open. Kept as long as the gap."""

    @property
    def receiver(self) -> str:
        """Who gets it, for lists; of an e-mail address its host alone, as lists are pasted into tickets.

        Of a webhook its uid; `receivers.names` knows what it is called.
        """
        is_address = self.channel is Channel.MAIL and self.target
        return f"…@{self.target.rpartition('@')[2]}" if is_address else one_line(self.target)


class Webhook(Model):
    """A receiver of news that an admin set up. Its secret is kept nowhere: `receiver.secret_of` makes it anew."""

    __tablename__ = "webhooks"

    uid: Mapped[str] = mapped_column(String(16), primary_key=True)
    """Drawn, never used again: `deliveries.target`, and a part of what its secret is made of."""
    name: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(1000))
    events: Mapped[str] = mapped_column(String(1000))
    """What it hears of, with blanks between: events, or gap.* and conversation.* for all of a kind."""
    generation: Mapped[int]
    """Of its secret, from 1."""
    renewed_at: Mapped[datetime | None]
    """When the secret before this one was replaced."""
    since: Mapped[datetime]
    """What happened before is not told: when it was made, or last switched on."""
    off_at: Mapped[datetime | None]
    off_by: Mapped[str] = mapped_column(String(100))
    """Name of who switched it off; empty while it is on, and where it was given up by itself."""
    failures: Mapped[int]
    """Messages that were given up in a row."""
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(100))
