"""The database: the base of all models, sessions, the edge of a write, and the schema's upgrade.

Rooms are handed a `Session`, add and flush; edges open it, and commit by `transaction`.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, DateTime, Dialect, Engine, Insert, MetaData, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session as Session  # noqa: PLC0414 - whoever is handed one takes its name from here
from sqlalchemy.types import TypeDecorator

from portal import engines
from portal.errors import Conflict, PortalError, Unavailable

MIGRATIONS = Path(__file__).with_name("migrations")
_TURN = 0x5349474E504F5354
"""Number of the PostgreSQL advisory lock that a migration holds; the letters SIGNPOST."""
_AWAY_STATES = frozenset({"25006", "42P01"})
"""PostgreSQL's read-only transaction (a standby answers) and undefined table (not upgraded yet)."""
_BROKEN_FILES = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class Moment(TypeDecorator[datetime]):
    """A moment, aware, in UTC, to the microsecond. Refuses a naive one, which could mean any hour."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn an aware moment to UTC. Raises ValueError on a naive one."""
        if value is not None and value.utcoffset() is None:
            message = f"{value!r} has no time zone; hand in an aware moment"
            raise ValueError(message)
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return it aware; SQLite keeps no zone, and what stands there is UTC."""
        if value is None or value.tzinfo is None:
            return value and value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Model(DeclarativeBase):
    """Base of every table. Constraints are named by one rule, so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Moment()}


class Database:
    """One database, known by its URL. Nothing is opened before the first question."""

    def __init__(self, url: str) -> None:
        """url: `sqlite:///FILE` or `postgresql://…`. Raises SettingsError, with the mend, on any other."""
        self._url = engines.read_url(url)
        self._engines: dict[int, Engine] = {}

    def __repr__(self) -> str:
        """Name it without its password."""
        return f"Database({self._url.render_as_string(hide_password=True)!r})"

    @property
    def engine(self) -> Engine:
        """The engine of this process, made on first use.

        After a fork the child makes its own; its parent's stays in the dict, since a child that closed
        inherited connections would close them for its parent too.
        """
        pid = os.getpid()
        return self._engines.get(pid) or self._engines.setdefault(pid, engines.for_visitors(self._url))

    def session(self) -> Session:
        """Return a new session, to be closed by `with` or `close()`; it connects at its first question."""
        return Session(self.engine, expire_on_commit=False)

    def close(self) -> None:
        """Close this process's idle connections; the next question opens new ones."""
        self.engine.dispose()

    def ping(self) -> bool:
        """Whether the database answers, known within about two seconds."""
        # SQLite answers SELECT 1 without a look at its file.
        question = "PRAGMA schema_version" if self.engine.dialect.name == "sqlite" else "SELECT 1"
        try:
            with unavailable_when_away(), self.engine.connect() as connection:
                connection.execute(text(question))
        except Unavailable:
            return False
        return True

    def is_current(self) -> bool:
        """Whether the schema is the one this program was written for. Raises Unavailable."""
        with unavailable_when_away(), self.engine.connect() as connection:
            at = set(MigrationContext.configure(connection).get_current_heads())
            return at == set(ScriptDirectory.from_config(alembic_config(connection)).get_heads())

    def upgrade(self) -> None:
        """Bring the schema to this program's, whole or not at all; does nothing where it is there already.

        Two processes may do so at once: one waits for the other.
        Raises Unavailable; SettingsError when SQLite's folder can't be used; Conflict when the database is newer.
        """
        with self.alone() as connection:
            try:
                command.upgrade(alembic_config(connection), "head")
            except CommandError as error:
                message = f"The database can't be upgraded, perhaps a newer Signpost made it: {error}"
                raise Conflict(message) from error

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Lend one connection in a transaction that no other migration runs beside; commits at the end."""
        engine = engines.for_migrations(self._url)
        own_turn, writing = engines.turn(self._url), engine.execution_options(**engines.WRITES)
        with own_turn, unavailable_when_away(), writing.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
            yield connection


def alembic_config(connection: Connection) -> Config:
    """Return what Alembic's commands want, bound to a connection that somebody else commits."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    return config


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """Write: all that the block does is committed at its end, or nothing is. For edges.

    Whatever the session did before is committed first: SQLite can't make a writer of one who has been reading
    while others wrote, so a writer says so before its first question. Not to be nested.
    Raises Unavailable; other errors pass as they are, after the rollback.
    """
    if session.info.get("is_writing"):
        message = "a transaction is open on this session already"
        raise RuntimeError(message)
    session.info["is_writing"] = True
    try:
        with unavailable_when_away():
            session.commit()
            session.connection(execution_options=engines.WRITES)
            yield session
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["is_writing"] = False


def write_rows(session: Session, insert: Insert, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows, whose values come in the order of `names`, all columns of the statement.

    On SQLite past SQLAlchemy's look at each value of each row, which takes longer than to write it.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        connection.execute(insert, [dict(zip(names, row, strict=True)) for row in rows])
        return
    compiled = insert.compile(dialect=connection.dialect, column_keys=list(names))
    kinds = [insert.table.c[name].type.dialect_impl(connection.dialect) for name in names]
    turns = [(at, turn) for at, kind in enumerate(kinds) if (turn := kind.bind_processor(connection.dialect))]
    order = [names.index(name) for name in compiled.positiontup or ()]
    written = []
    for row in rows:
        values = list(row)
        for at, turn in turns:
            values[at] = turn(values[at])
        written.append(tuple([values[at] for at in order]))
    connection.exec_driver_sql(str(compiled), written)


@contextmanager
def unavailable_when_away() -> Iterator[None]:
    """Raise Unavailable in place of the driver's error when the database is away, busy, full or read-only.

    A broken rule (IntegrityError) or a mistake of ours passes as it is.
    """
    try:
        yield
    except PortalError:
        raise
    except (DBAPIError, PoolTimeout) as error:
        if not _is_away(error):
            raise
        message = "The database can't be reached at the moment. Please try again in a minute."
        raise Unavailable(message) from error


def _is_away(error: DBAPIError | PoolTimeout) -> bool:
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError) or error.connection_invalidated:
        return True
    is_broken_file = str(getattr(error.orig, "sqlite_errorname", "")).startswith(_BROKEN_FILES)
    is_away_state = getattr(error.orig, "sqlstate", None) in _AWAY_STATES
    return is_broken_file or is_away_state
