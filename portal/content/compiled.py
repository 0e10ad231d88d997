"""CompiledStore: what each blob came to, kept so that only what changed is parsed and rendered again.

A cache beside the generations: it may be thrown away at any time, and throws itself away when damaged.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter

from portal.content.article import Article, article_from_json, article_to_json
from portal.content.problem import Problem
from portal.content.rendered import Link, Rendered, rendered_from_json, rendered_to_json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS compiled (
    path TEXT NOT NULL, blob TEXT NOT NULL, recipe TEXT NOT NULL, used TEXT NOT NULL,
    article TEXT, problems TEXT NOT NULL, links TEXT NOT NULL, rendered TEXT,
    PRIMARY KEY (path, blob)
) WITHOUT ROWID
"""
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""What SQLite says of a file that is damaged, or was laid out by another version; a full disk is no such reason."""
_PROBLEMS = TypeAdapter(tuple[Problem, ...])
_LINKS = TypeAdapter(tuple[Link, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What one file's bytes came to. `article` is None where they can't be published; `problems` say why."""

    path: str
    blob: str
    recipe: str
    """Fingerprint of all else that the outcome depends on: versions, languages, topics."""
    used: tuple[tuple[str, str], ...]
    """(path, object id) of every file included; the id is empty where it was missing."""
    article: Article | None
    problems: tuple[Problem, ...]
    links: tuple[Link, ...] = ()


class CompiledStore:
    """One SQLite file; used by one publishing process at a time, under the publishing lock."""

    def __init__(self, path: Path) -> None:
        """path: made when it is missing, made anew when it is damaged."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open()
        except sqlite3.DatabaseError as error:
            self._throw_away(error)
            self._db = self._open()

    def find(self, recipe: str) -> dict[tuple[str, str], Compiled]:
        """Return everything that was compiled by this recipe, by path and blob."""
        columns = "path, blob, used, article, problems, links"
        try:
            rows = self._db.execute(f"SELECT {columns} FROM compiled WHERE recipe = ?", (recipe,)).fetchall()
            return {(row[0], row[1]): _compiled(recipe, row) for row in rows}
        except (sqlite3.DatabaseError, ValueError) as error:
            self._db.close()
            self._throw_away(error)
            self._db = self._open()
            return {}

    def keep(self, compiled: Compiled, rendered: Rendered | None) -> None:
        """Keep an outcome; written to disk by `save`."""
        row = (
            compiled.path,
            compiled.blob,
            compiled.recipe,
            json.dumps(compiled.used),
            article_to_json(compiled.article) if compiled.article else None,
            _PROBLEMS.dump_json(compiled.problems).decode(),
            _LINKS.dump_json(compiled.links).decode(),
            rendered_to_json(rendered) if rendered else None,
        )
        self._db.execute("INSERT OR REPLACE INTO compiled VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def rendered(self, path: str, blob: str) -> Rendered:
        """Return the rendered body that `find` or `keep` knows. Raises KeyError; DatabaseError on damage."""
        row = self._db.execute("SELECT rendered FROM compiled WHERE path = ? AND blob = ?", (path, blob)).fetchone()
        if row is None or row[0] is None:
            raise KeyError(path, blob)
        try:
            return rendered_from_json(row[0])
        except ValueError as error:
            message = f"{self._path.name} is damaged"
            raise sqlite3.DatabaseError(message) from error

    def save(self) -> None:
        """Write to disk what was kept since."""
        self._db.commit()

    def prune(self, wanted: Collection[tuple[str, str]]) -> None:
        """Forget all but these paths and blobs."""
        have = set(self._db.execute("SELECT path, blob FROM compiled"))
        gone = have.difference(wanted)
        self._db.executemany("DELETE FROM compiled WHERE path = ? AND blob = ?", sorted(gone))
        self._db.commit()

    def close(self) -> None:
        """Save and let go of the file."""
        with suppress(sqlite3.DatabaseError):
            self._db.commit()
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; where damage has shown itself meanwhile, throw the file away, so that the next time goes well."""
        self.close()
        if isinstance(error, sqlite3.DatabaseError):
            with suppress(sqlite3.DatabaseError):
                self._throw_away(error)

    def _throw_away(self, error: Exception) -> None:
        """Remove the file and what SQLite keeps beside it; raise an error again that is no fault of theirs."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        if code & 0xFF not in _BROKEN:
            raise error
        for file in self._path.parent.glob(self._path.name + "*"):
            file.unlink()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute(_SCHEMA)
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db


def is_current(compiled: Compiled, oids: Mapping[str, str]) -> bool:
    """Whether every file that was included is still the same, and none that was missing has come."""
    return all(oids.get(path, "") == oid for path, oid in compiled.used)


def _compiled(recipe: str, row: tuple[str, str, str, str | None, str, str]) -> Compiled:
    path, blob, used, article, problems, links = row
    return Compiled(
        path=path,
        blob=blob,
        recipe=recipe,
        used=tuple((name, oid) for name, oid in json.loads(used)),
        article=article_from_json(article) if article else None,
        problems=_PROBLEMS.validate_json(problems),
        links=_LINKS.validate_json(links),
    )
