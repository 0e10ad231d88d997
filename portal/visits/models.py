"""Daily totals: what is left when the events are gone. And how far they have been counted."""

from datetime import date, datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model

TEXT_LIMIT = 200
"""Characters of a wording; what is longer is cut."""


class VisitDay(Model):
    """One figure of one day in one language: `count` of `n`. `name` is a measure of measures.py. Kept for good."""

    __tablename__ = "visit_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(String(35), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int]
    count: Mapped[int]


class AskedDay(Model):
    """One wording of one day: how many different people asked it, how many of them were helped by it, and by what.

    Kept as long as events are; the wording went through redaction. `askers` and `helped` are sketches of who they were
    (sketch.py), so that people of several days can be counted once.
    """

    __tablename__ = "asked_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(String(35), primary_key=True)
    text: Mapped[str] = mapped_column(String(TEXT_LIMIT), primary_key=True)
    people: Mapped[int]
    resolved: Mapped[int]
    askers: Mapped[str] = mapped_column(Text)
    helped: Mapped[str] = mapped_column(Text)
    article: Mapped[str | None] = mapped_column(String(64))
    """The article that helped most of them."""


class Counted(Model):
    """How far totals have been counted: one row, `id` 1."""

    __tablename__ = "visits_counted"

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[int] = mapped_column(BigInteger)
    """Number of the last event that was there."""
    open_from: Mapped[datetime]
    """Days from here on are to be counted again, whatever has come in."""
