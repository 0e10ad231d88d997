"""Kept vectors: what was encoded once is not encoded again; and what is still to be encoded, for whoever does it.

A cache in the data folder, that may be deleted at any time. Encoding takes milliseconds a passage, so a first
publishing goes live on words alone, and its texts wait here until a process of its own has encoded them.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from portal.search.meaning.encoder import Encoder, encoder_for

AT_ONCE = 150
"""Texts that a publishing encodes itself, under a second; where more are new, words go live first."""
BATCH = 64
MOST_KEPT = 400_000
"""Vectors that are kept, about 1 kB each; the oldest go first."""
_ASKED = 500
"""Keys in one statement; SQLite takes at least 999 values."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS waiting (key BLOB PRIMARY KEY, lang TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
"""
_log = logging.getLogger(__name__)
Floats = NDArray[np.float32]


class KeptVectors:
    """One SQLite file; several processes may use it at once."""

    def __init__(self, path: Path, choice: str, *, at_once: int = AT_ONCE) -> None:
        """path: made when it is missing, made anew when it is damaged. choice: the setting PORTAL_ENCODER.

        at_once: texts that are encoded as they are asked for; all others wait.
        """
        self._at_once = at_once
        self._path = path
        self._choice = choice
        self._spent = 0
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            _log.warning("%s is damaged and made anew; texts are encoded again.", path.name)
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            self._db = self._open()

    def encoder(self, lang: str) -> Encoder | None:
        """Return the encoder for a language; None where there is none."""
        return encoder_for(lang, self._choice)

    def vectors(self, lang: str, texts: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
        """Return a row for each text, and which of them are there; the others wait to be encoded.

        A few are encoded at once. Raises ValueError for a language without encoder.
        """
        encoder = self.encoder(lang)
        if encoder is None:
            raise ValueError(f"no encoder knows {lang}")
        keys = [_key(encoder, text) for text in texts]
        known = self._find(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if self._spent + len(missing) <= self._at_once:
            self._spent += len(missing)
            known |= self._encode(encoder, missing)
        else:
            rows = [(key, lang, text) for key, text in missing.items()]
            with self._db:
                self._db.executemany("INSERT OR IGNORE INTO waiting VALUES (?, ?, ?)", rows)
        found = np.zeros((len(texts), encoder.dims), np.float32)
        is_known = np.array([key in known for key in keys], bool)
        if is_known.any():
            raw = b"".join(known[key] for key in keys if key in known)
            found[is_known] = np.frombuffer(raw, np.float16).reshape(-1, encoder.dims)
        return found, is_known

    def waiting(self) -> int:
        """Return how many texts wait to be encoded."""
        (count,) = self._db.execute("SELECT count(*) FROM waiting").fetchone()
        return int(count)

    def encode_waiting(self, progress: Callable[[int], None] | None = None) -> int:
        """Encode all that waits, the commonest work of a process of its own; return how many.

        Safe to be killed: what was encoded is kept batch by batch. progress: told how many still wait.
        """
        done = 0
        while rows := self._db.execute("SELECT key, lang, text FROM waiting LIMIT ?", (BATCH,)).fetchall():
            for lang in {lang for _, lang, _ in rows}:
                encoder = self.encoder(lang)
                if encoder is not None:
                    self._encode(encoder, {key: text for key, of, text in rows if of == lang})
            with self._db:
                self._db.executemany("DELETE FROM waiting WHERE key = ?", [(key,) for key, _, _ in rows])
            done += len(rows)
            if progress:
                progress(self.waiting())
        return done

    def forget_waiting(self) -> None:
        """Take back what waits: a newer publishing asks anew for what it needs."""
        with self._db:
            self._db.execute("DELETE FROM waiting")

    def prune(self) -> None:
        """Let the oldest vectors go where there are too many."""
        with self._db:
            self._db.execute("DELETE FROM vectors WHERE number <= (SELECT max(number) FROM vectors) - ?", (MOST_KEPT,))

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.DatabaseError):
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _encode(self, encoder: Encoder, texts: dict[bytes, str]) -> dict[bytes, bytes]:
        """Encode and keep; vectors are rounded to half precision, so that kept ones and new ones are the same."""
        keys = list(texts)
        encoded: dict[bytes, bytes] = {}
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            rows = encoder.encode([texts[key] for key in some]).astype(np.float16)
            encoded |= {key: row.tobytes() for key, row in zip(some, rows, strict=True)}
        with self._db:
            rows_kept = list(encoded.items())
            self._db.executemany("INSERT OR IGNORE INTO vectors (key, vector) VALUES (?, ?)", rows_kept)
        return encoded

    def _find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        distinct = list(dict.fromkeys(keys))
        for start in range(0, len(distinct), _ASKED):
            some = distinct[start : start + _ASKED]
            marks = ", ".join("?" * len(some))
            found |= dict(self._db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some).fetchall())
        return found

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(_SCHEMA)
        db.execute("SELECT count(*) FROM waiting").fetchone()
        return db


def _key(encoder: Encoder, text: str) -> bytes:
    """Return the name under which a text's vector is kept: whoever encodes and what."""
    return hashlib.sha256(f"{encoder.name}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]
