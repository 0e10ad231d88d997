"""SentLink: an article that an agent sent to somebody, and what came of it. No customer is named."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model

TOKEN_LENGTH = 10
"""Letters and digits of a token: 62^10, so that guessing finds none, and short enough for a line."""


class Origin(StrEnum):
    """Where the link was made."""

    REPLY = "reply"
    PICKER = "picker"
    SIDEBAR = "sidebar"
    API = "api"


class SentLink(Model):
    """One article in one reply. `token` is what stands behind `via=` in its address.

    Made when it is picked; `sent_at` when the reply went out, or when it was copied at the picker. Programs that look
    through mails open links too: those that say what they are do not count.
    """

    __tablename__ = "sent_links"
    __table_args__ = (Index(None, "article", "sent_at"),)

    token: Mapped[str] = mapped_column(String(16), primary_key=True)
    article: Mapped[str] = mapped_column(String(64))
    anchor: Mapped[str] = mapped_column(String(300))
    """The section's; empty for the whole article."""
    lang: Mapped[str] = mapped_column(String(35))
    origin: Mapped[Origin] = mapped_column(
        Enum(Origin, name="origin", length=20, native_enum=False, create_constraint=True, values_callable=list)
    )
    user: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    conversation: Mapped[int | None] = mapped_column(index=True)
    message: Mapped[str | None] = mapped_column(String(32), index=True)
    """uid of the reply that it stands in."""
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    """The first time."""
    opened: Mapped[int]
    is_helpful: Mapped[bool | None]
    """The last vote of those who came by it."""
    came_back_at: Mapped[datetime | None]
    """When the customer wrote again after it was sent, or came by it and turned to a person."""
