"""A process that votes without end, to be killed."""

from datetime import UTC, datetime
from itertools import count
from multiprocessing.connection import Connection

from portal.db import Database, transaction
from portal.feedback import votes


def vote_for_ever(url: str, round_number: int, committed: Connection) -> None:
    """Send each voter after their vote is committed."""
    database = Database(url)
    for number in count():
        voter = f"{round_number:032x}{number:032x}"
        with database.session() as session, transaction(session):
            votes.cast(
                session,
                article="reset",
                revision="r1",
                lang="en",
                voter=voter,
                is_helpful=True,
                at=datetime(2026, 11, 22, 12, tzinfo=UTC),
            )
        committed.send(voter)
