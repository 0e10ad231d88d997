"""Daily totals: what is left when the events are gone."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model


class VisitDay(Model):
    """One figure of one day in one language: `count` of `n`. `name` is a measure of measures.py."""

    __tablename__ = "visit_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(String(35), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int]
    count: Mapped[int]


class AskedDay(Model):
    """One wording of one day: how many different people asked it, how many of them were helped, and by what.

    Kept as long as events are; the wording went through redaction.
    """

    __tablename__ = "asked_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(String(35), primary_key=True)
    text: Mapped[str] = mapped_column(String(200), primary_key=True)
    people: Mapped[int]
    resolved: Mapped[int]
    article: Mapped[str | None] = mapped_column(String(64))
    """The article that helped most of them."""
