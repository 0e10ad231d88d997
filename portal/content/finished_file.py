"""Finished file: an SQLite file that nobody writes any more, such as a shelf; each thread that asks opens it once."""

import sqlite3
import threading
import weakref
from pathlib import Path
from typing import Any


class _Owner:
    """Goes with its thread or its file, and closes that thread's connection.

    By itself it would wait for the garbage collector, and an open file keeps the room that a pruned generation took.
    """


class FinishedFile:
    """Safe for threads: each opens the file for itself."""

    def __init__(self, path: Path) -> None:
        """path: complete, and never changed again."""
        self._path = path
        self._local = threading.local()

    def one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row, None without any."""
        row: tuple[Any, ...] | None = self._connection().execute(query, values).fetchone()
        return row

    def all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return every row."""
        return self._connection().execute(query, values).fetchall()

    def meta(self, key: str) -> str:
        """Return what the file says of itself under this key, as JSON; `{}` where it says nothing."""
        row = self.one("SELECT value FROM meta WHERE key = ?", key)
        return str(row[0]) if row else "{}"

    def has_table(self, name: str) -> bool:
        """Whether this table is there; a file of an earlier version may lack it until it is published anew."""
        return self.one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name) is not None

    def close(self) -> None:
        """Close this thread's connection; the others close with their threads."""
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection, self._local.owner

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            self._local.connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._local.owner = _Owner()
            weakref.finalize(self._local.owner, self._local.connection.close)
        connection: sqlite3.Connection = self._local.connection
        return connection
