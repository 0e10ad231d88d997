"""Job: a piece of work at set times, and who is at it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model

RESULT_LIMIT = 500
"""Characters of a result; what is longer is cut."""


class Job(Model):
    """`holder` is at it until `held_until`; whoever dies at it loses it then."""

    __tablename__ = "jobs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(64))
    held_until: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When it last ended well."""
    retry_at: Mapped[datetime | None]
    """After a failure: not to be tried again before; none after it ended well."""
    result: Mapped[str] = mapped_column(String(RESULT_LIMIT), default="")
    """Its line of counts, or what went wrong."""
    failures: Mapped[int] = mapped_column(default=0)
    """In a row."""
