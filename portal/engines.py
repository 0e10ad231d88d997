"""From a database's URL to a SQLAlchemy engine, with all that SQLite and PostgreSQL each want for themselves.

Every wait is short, so that a click is answered within two seconds or so even when the database is not
there (reliability paper, section 3); only migrations wait longer for their turn.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from portal.errors import SettingsError

WRITES = {"portal_writes": True}
"""Execution option of a connection whose transaction takes SQLite's one place for writers at its beginning."""
SETTING = "PORTAL_DATABASE_URL"
BUSY_SECONDS = 1.5
"""How long a statement may take or wait for another writer: two seconds less the time for the page itself."""
CONNECT_SECONDS = 2
"""How long PostgreSQL may take to connect, and the pool to lend a connection; libpq takes no less."""
TURN_SECONDS = 60
"""How long a migration waits until another one is through."""
_POSTGRESQL = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
_SQLITE = frozenset({"sqlite", "sqlite+pysqlite"})


def read_url(text: str) -> URL:
    """Understand `sqlite:///FILE` and `postgresql://…` (`postgres://` too). Raises SettingsError on anything else."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # its text may hold a password, so it is not repeated
        message = f"{SETTING} is not a URL. Write sqlite:////folder/portal.sqlite or postgresql://user@host/name."
        raise SettingsError(message) from error
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in _SQLITE:
        message = f"{SETTING}: {url.drivername!r} is not understood. Use sqlite:/// or postgresql://."
        raise SettingsError(message)
    if url.database in {None, "", ":memory:"} or url.query:
        message = f"{SETTING}: SQLite needs a file and takes no options. Write sqlite:////folder/portal.sqlite."
        raise SettingsError(message)
    return url


def for_visitors(url: URL) -> Engine:
    """Make the engine that answers people: pooled, impatient. Opens nothing before it is asked, and never makes a file.

    Raises SettingsError when the driver is missing.
    """
    if url.drivername in _SQLITE:
        # Threads are bounded by the server; a thread must never queue here for a connection to a local file.
        engine = _sqlite(url, mode="rw", seconds=BUSY_SECONDS, pool_size=8, max_overflow=-1)
        event.listen(engine, "connect", _keep_references)
        return engine
    limits = {"statement_timeout": BUSY_SECONDS}
    return _postgresql(url, limits, pool_pre_ping=True, pool_timeout=CONNECT_SECONDS, pool_size=5, max_overflow=10)


def for_migrations(url: URL) -> Engine:
    """Make an engine that keeps no connection, is patient, and makes SQLite's file where there is none.

    Raises SettingsError when the driver is missing.
    """
    if url.drivername not in _SQLITE:
        return _postgresql(url, {"lock_timeout": TURN_SECONDS}, poolclass=NullPool)
    # Foreign keys stay off: SQLite alters a table by making it anew, and dropping the old one would cascade.
    return _sqlite(url, mode="rwc", seconds=TURN_SECONDS, poolclass=NullPool)


@contextmanager
def turn(url: URL) -> Iterator[None]:
    """Let one process after the other make SQLite's file; PostgreSQL has locks of its own.

    SQLite can't be asked for this, since two processes that turn a new file to WAL at once refuse each other without
    waiting. The lock is the kernel's and ends with its process. Raises SettingsError when the folder can't be used.
    """
    if url.drivername not in _SQLITE:
        yield
        return
    path = _sqlite_file(url)
    try:
        lock = path.with_name(f"{path.name}.lock").open("ab")
    except OSError as error:
        message = f"{SETTING}: can't write to {path.parent}: {error.strerror}. Make the folder, or name another."
        raise SettingsError(message) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sqlite_file(url: URL) -> Path:
    return Path(str(url.database)).absolute()


def _sqlite(url: URL, *, mode: str, seconds: float, **pool: object) -> Engine:
    file = _sqlite_file(url)
    address = f"{file.as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        if file.exists() and not os.access(file, os.W_OK, effective_ids=True):
            # SQLite would open it all the same, and leave files beside it that stay read-only for good.
            message = f"{file} may not be written"
            raise sqlite3.OperationalError(message)
        # Without an isolation level the driver begins nothing by itself; `_begin` does.
        return sqlite3.connect(address, uri=True, timeout=seconds, isolation_level=None, check_same_thread=False)

    def remember(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(file)
        _run(connection, "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")

    def compare(_connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        # An open connection would go on writing into a file that has been moved or replaced, and lose it all.
        if record.info.get("file") != _identity(file):
            message = f"{file} is not the file that was opened"
            raise DisconnectionError(message)

    engine = create_engine(url, creator=connect, **pool)
    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(url: URL, limits: dict[str, float], **pool: object) -> Engine:
    ours = [f"-c {name}={seconds * 1000:.0f}" for name, seconds in limits.items()]
    arguments = {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": CONNECT_SECONDS * 1000,  # a host that vanished does not even refuse
        "options": " ".join([str(url.query.get("options", "")), *ours]).strip(),
    }
    try:
        return create_engine(url, connect_args=arguments, **pool)
    except ModuleNotFoundError as error:
        message = f"{SETTING}: the driver for PostgreSQL is missing. Run: pip install 'signpost-portal[postgres]'."
        raise SettingsError(message) from error


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - asked at every checkout
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _keep_references(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    _run(connection, "PRAGMA foreign_keys=ON")


def _run(connection: DBAPIConnection, *statements: str) -> None:
    cursor = connection.cursor()
    try:
        for statement in statements:
            cursor.execute(statement)
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("portal_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
