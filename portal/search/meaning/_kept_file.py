"""Kept file: the SQLite file under `kept`. A cache: whatever becomes of it, whoever asks goes on.

Damage: it is thrown away and made anew. A disk that is full, or refuses: from then on it has nothing and keeps
nothing, and `trouble` says why.
"""

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

_ASKED = 500
"""Keys in one statement; SQLite takes at least 999 values."""
_BUSY_SECONDS = 30
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS waiting (key BLOB PRIMARY KEY, lang TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
"""
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""What SQLite says of a file that is damaged, or was laid out by another version."""
_log = logging.getLogger(__name__)
Row = tuple[bytes, str, str]
Found = TypeVar("Found")


class KeptFile:
    """Vectors by key, and the texts that wait for theirs; several processes may use it at once. Never raises."""

    def __init__(self, path: Path) -> None:
        """path: made when it is missing."""
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._was_renewed = False
        self.trouble = ""
        """Why nothing is kept; empty as long as all is well."""

    def find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors that are kept."""
        return self._do(lambda db: _find(db, list(dict.fromkeys(keys))), {})

    def keep(self, vectors: Mapping[bytes, bytes]) -> None:
        """Keep vectors; their texts wait no more."""

        def write(db: sqlite3.Connection) -> None:
            db.executemany("INSERT OR IGNORE INTO vectors (key, vector) VALUES (?, ?)", vectors.items())
            db.executemany("DELETE FROM waiting WHERE key = ?", [(key,) for key in vectors])

        self._do(write, None)

    def let_wait(self, rows: Sequence[Row]) -> None:
        """Note texts, each with its key and language, that are to be encoded."""
        self._do(lambda db: db.executemany("INSERT OR IGNORE INTO waiting VALUES (?, ?, ?)", rows), None)

    def waiting(self) -> int:
        """Return how many texts wait."""
        return self._do(lambda db: int(db.execute("SELECT count(*) FROM waiting").fetchone()[0]), 0)

    def some_waiting(self, most: int) -> list[Row]:
        """Return some of what waits."""
        return self._do(lambda db: db.execute("SELECT key, lang, text FROM waiting LIMIT ?", (most,)).fetchall(), [])

    def forget_waiting(self, keys: Sequence[bytes] | None = None) -> None:
        """Let texts wait no more: these, or all."""
        if keys is None:
            self._do(lambda db: db.execute("DELETE FROM waiting"), None)
        else:
            self._do(lambda db: db.executemany("DELETE FROM waiting WHERE key = ?", [(key,) for key in keys]), None)

    def prune(self, most: int) -> None:
        """Let the oldest vectors go where there are more than so many."""
        statement = "DELETE FROM vectors WHERE number <= (SELECT max(number) FROM vectors) - ?"
        self._do(lambda db: db.execute(statement, (most,)), None)

    def can_keep(self) -> bool:
        """Whether the disk takes something: a row is written and taken out again."""

        def probe(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR IGNORE INTO waiting VALUES (x'', '', '')")
            db.execute("DELETE FROM waiting WHERE key = x''")

        self._do(probe, None)
        return not self.trouble

    def close(self) -> None:
        """Close the file; asked again, it is opened again."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
        self._db = None

    def _do(self, work: Callable[[sqlite3.Connection], Found | object], otherwise: Found) -> Found:
        """Work in a transaction of its own: on a damaged file once more with a new one, without any not at all."""
        while not self.trouble:
            try:
                if self._db is None:
                    self._db = self._open()
                with self._db:
                    found: Found = work(self._db)  # type: ignore[assignment]
                    return found
            except (sqlite3.Error, OSError) as error:
                self._give_way(error)
        return otherwise

    def _give_way(self, error: Exception) -> None:
        """Throw a damaged file away, once; else go without."""
        self.close()
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_IOERR)
        if code & 0xFF not in _BROKEN or self._was_renewed:
            self.trouble = f"{self._path.name} can't be used: {error}"
            return
        self._was_renewed = True
        _log.warning("%s is damaged and made anew; texts are encoded again.", self._path.name)
        for file in self._path.parent.glob(self._path.name + "*"):
            with suppress(OSError):
                file.unlink()

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(self._path, timeout=_BUSY_SECONDS)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA secure_delete = ON")  # a text that waits no more is gone from the file, too
            db.executescript(_SCHEMA)
        except sqlite3.Error:
            db.close()
            raise
        return db


def _find(db: sqlite3.Connection, keys: list[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for start in range(0, len(keys), _ASKED):
        some = keys[start : start + _ASKED]
        marks = ", ".join("?" * len(some))
        found |= dict(db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some).fetchall())
    return found
