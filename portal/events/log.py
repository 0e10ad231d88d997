"""The log of events: appended to, read in order, forgotten. The only questions that are asked of the table."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from sqlite3 import Cursor
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Select, Table, delete, func, select, text, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from portal.events.coding import Row, from_row, to_row
from portal.events.kinds import Event
from portal.events.models import EventRow

AT_ONCE = 5000
"""Rows that one statement writes, and that are fetched at once: some 2 MB."""
EXPIRED_AT_ONCE = 5000
"""Rows that one call of `expire` deletes: tens of milliseconds of the one place that SQLite has for writers."""
READ_SECONDS = 600
"""How long PostgreSQL may take to sort what is read; its sessions are impatient otherwise (engines.py)."""
_TABLE = cast("Table", EventRow.__table__)
_COLUMNS = tuple(_TABLE.c[name] for name in ("uid", "kind", "at", "visitor", "lang", "data"))


def append(session: Session, events: Iterable[Event]) -> int:
    """Write events; one whose uid is there already is passed over. Return how many are new.

    Raises ValueError, before anything of its thousands is written, for an event that does not fit into the table.
    """
    write = _write_to_sqlite if _is_sqlite(session) else _write_to_postgresql
    written, waiting = 0, iter(events)
    while rows := [to_row(event) for event in islice(waiting, AT_ONCE)]:
        written += write(session.connection(), rows)
    return written


def read(session: Session, *, since: datetime, until: datetime | None = None) -> Iterator[Event]:
    """Yield the events from `since` on, and before `until`, sorted by (visitor, at), as of the first one.

    Streamed: a million take no more memory than a thousand. The transaction has to stay open meanwhile, so whoever
    reads does not commit on this session. Events of a kind that this version does not know are passed over.
    """
    asked = _events().where(EventRow.at >= since).order_by(EventRow.visitor, EventRow.at, EventRow.id)
    yield from _stream(session, asked.where(EventRow.at < until) if until else asked)


def of_visitor(session: Session, visitor: str) -> list[Event]:
    """Return all events of one visitor, oldest first."""
    return list(_stream(session, _events().where(EventRow.visitor == visitor).order_by(EventRow.at, EventRow.id)))


def erase(session: Session, visitor: str) -> int:
    """Delete all events of one visitor. Return how many there were."""
    gone = session.connection().execute(delete(_TABLE).where(_TABLE.c.visitor == visitor))
    return gone.rowcount


def take_back(session: Session, uid: str) -> bool:
    """Delete one event, by its uid. Return whether it was there."""
    return session.connection().execute(delete(_TABLE).where(_TABLE.c.uid == uid)).rowcount > 0


def expire(session: Session, before: datetime, *, limit: int = EXPIRED_AT_ONCE) -> int:
    """Delete events from before a moment, the oldest first, at most `limit`. Return how many.

    Edges call it again, each time in a transaction of its own, until fewer than `limit` were there.
    """
    oldest = select(_TABLE.c.id).where(_TABLE.c.at < before).order_by(_TABLE.c.at).limit(limit)
    return session.connection().execute(delete(_TABLE).where(_TABLE.c.id.in_(oldest))).rowcount


def count(session: Session, *, before: datetime | None = None) -> int:
    """Return how many events there are, or how many from before a moment."""
    asked = select(func.count()).select_from(_TABLE)
    return session.execute(asked.where(_TABLE.c.at < before) if before else asked).scalar_one()


def _write_to_sqlite(connection: Connection, rows: list[Row]) -> int:
    new = sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["uid"])
    return cast("CursorResult[Any]", connection.execute(new, rows)).rowcount


def _write_to_postgresql(connection: Connection, rows: list[Row]) -> int:
    """Write rows in few statements; their number is known only by what they return."""
    new = postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["uid"]).returning(_TABLE.c.id)
    return len(connection.execute(new, rows).all())


def _events() -> Select[Any]:
    """Select what an event is made of; moments as the driver gives them, for a column type costs more than its row."""
    return select(*(type_coerce(column, NullType()) if column.name == "at" else column for column in _COLUMNS))


def _stream(session: Session, asked: Select[Any]) -> Iterator[Event]:
    rows = _from_sqlite(session, asked) if _is_sqlite(session) else _from_postgresql(session, asked)
    for uid, kind, at, visitor, lang, data in rows:
        event = from_row(uid, kind, at, visitor, lang, data)
        if event is not None:
            yield event


def _from_sqlite(session: Session, asked: Select[Any]) -> Iterator[Sequence[Any]]:
    """Yield rows of the driver, past SQLAlchemy's, which cost a quarter of a read; moments there don't say UTC."""
    moment = datetime.fromisoformat
    with session.connection().execute(asked) as found:  # no `yield_per`: it would have fetched a row by now
        cursor = cast("Cursor", found.cursor)
        while rows := cursor.fetchmany(AT_ONCE):
            for uid, kind, at, visitor, lang, data in rows:
                yield uid, kind, moment(at + "+00:00"), visitor, lang, data


def _from_postgresql(session: Session, asked: Select[Any]) -> Iterator[Sequence[Any]]:
    session.execute(text(f"SET LOCAL statement_timeout = '{READ_SECONDS}s'"))
    with session.connection().execute(asked, execution_options={"yield_per": AT_ONCE}) as found:
        for rows in found.partitions():
            for uid, kind, at, visitor, lang, data in rows:
                yield uid, kind, at.astimezone(UTC), visitor, lang, data


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
