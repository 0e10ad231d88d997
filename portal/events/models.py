"""EventRow: the one table of this room."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model


class EventRow(Model):
    """One event. `data` is JSON of what its kind has beside uid, at, visitor and lang; personal data is out of it."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "visitor", "at"), Index(None, "at"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    visitor: Mapped[str] = mapped_column(String(40))
    lang: Mapped[str] = mapped_column(String(35))
    data: Mapped[str] = mapped_column(Text)
