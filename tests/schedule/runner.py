"""A node of its own: takes a job again and again, and tells who had it when."""

from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from portal.db import Database, transaction
from portal.schedule import jobs

BEGAN = datetime(2026, 11, 22, 12, tzinfo=UTC)


def take_turns(url: str, holder: str, turns: int, telling: Connection) -> None:
    """Try to take the job of each turn; each turn is a second of the clock that is handed in."""
    database = Database(url)
    had: list[int] = []
    telling.send("ready")
    telling.recv()
    for turn in range(turns):
        at = BEGAN + timedelta(seconds=turn)
        with database.session() as session, transaction(session):
            if jobs.take(session, "find-gaps", holder=holder, at=at, seconds=0.9):
                had.append(turn)
    telling.send(had)
    database.close()
