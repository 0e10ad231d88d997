"""Completion of titles and headings while typing, from one small SQLite file that is never changed once it is read."""

import re
import shutil
import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from portal.search.hits import Completion
from portal.text import fold

TITLE = "title"
MOST_OF_AN_ARTICLE = 3
"""Suggestions that one article may have at a time."""
MOST_ALIKE = 5
"""A heading that more articles have (`See also`) helps nobody to choose, so it is no suggestion."""
LONGEST_TYPED = 100
"""Characters of what was typed, and of a word, that are read."""
_MOST_WORDS = 8
_SHORT = 2
_KEPT_FOR_SHORT = 200
"""Entries kept ready for each beginning of up to `_SHORT` letters, which thousands of titles may share."""
_AFTER_TITLES = 1_000_000
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff]")
_COLUMNS = ("text", "url", "kind", "article", "title", "topic")
_SCHEMA = """
CREATE TABLE entries (
    entry INTEGER PRIMARY KEY, folded TEXT NOT NULL, text TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL,
    article TEXT NOT NULL, title TEXT NOT NULL, topic TEXT
);
CREATE INDEX entries_of_article ON entries (article);
CREATE INDEX entries_alike ON entries (folded, article);
CREATE TABLE words (
    word TEXT NOT NULL, rank INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (word, rank, entry)
) WITHOUT ROWID;
CREATE INDEX words_of_entry ON words (entry, word);
CREATE TABLE short (
    beginning TEXT NOT NULL, rank INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (beginning, rank, entry)
) WITHOUT ROWID;
CREATE INDEX short_of_entry ON short (entry);
"""


def write_completions(path: Path, entries: Iterable[Completion]) -> None:
    """Write a new file at `path`, in place of an older one."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA journal_mode = OFF")
        db.executescript(_SCHEMA)
        _put(db, entries)


def update_completions(old: Path, new: Path, removed: Collection[str], entries: Iterable[Completion]) -> None:
    """Write `new` as `old` without the articles `removed`, and with `entries`. `old` is only read."""
    shutil.copyfile(old, new)
    with closing(sqlite3.connect(new)) as db, db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA secure_delete = ON")
        alike: set[str] = set()
        for article in removed:
            rows = db.execute("SELECT entry, folded FROM entries WHERE article = ?", (article,)).fetchall()
            alike.update(folded for _, folded in rows)
            _forget(db, [entry for entry, _ in rows])
            db.execute("DELETE FROM entries WHERE article = ?", (article,))
        _put(db, entries, alike)


class Completions:
    """Reads one file; safe for threads, which share one connection behind a lock."""

    def __init__(self, path: Path) -> None:
        """path: written by `write_completions`; opened with the first question."""
        self._path = path
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None

    def starting_with(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Return titles, then headings, short ones first, that have all words typed; the last may be a beginning."""
        typed = _WORD.findall(fold(text[:LONGEST_TYPED]))[:_MOST_WORDS]
        if not typed or limit < 1:
            return ()
        query, values = _question(typed)
        with self._lock:
            if self._db is None:
                uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
                self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
                weakref.finalize(self, self._db.close)  # by itself it would wait for the garbage collector
            rows = self._db.execute(query, (*values, limit * MOST_OF_AN_ARTICLE + 20)).fetchall()
        return _few_of_each((Completion(**dict(zip(_COLUMNS, row, strict=True))) for row in rows), limit)

    def close(self) -> None:
        """Close the file; a later question opens it again."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None


def _question(typed: list[str]) -> tuple[str, tuple[str, ...]]:
    """Return SQL that goes through few candidates, or through them in the order of the answer."""
    *whole, last = typed
    between = (last, last + "\U0010ffff")
    if whole:
        has = " AND EXISTS (SELECT 1 FROM words WHERE entry = typed.entry AND word {})"
        tests = has.format("= ?") * len(whole) + has.format(">= ? AND word < ?")
        return _select(f"SELECT rank, entry FROM words AS typed WHERE word = ?{tests}"), (
            max(whole, key=len),
            *whole,
            *between,
        )
    if len(last) <= _SHORT:
        return _select("SELECT rank, entry FROM short WHERE beginning = ?"), (last,)
    return _select("SELECT DISTINCT rank, entry FROM words WHERE word >= ? AND word < ?"), between


def _select(places: str) -> str:
    columns = ", ".join(_COLUMNS)
    found = f"{places} ORDER BY rank, entry LIMIT ?"
    return f"SELECT {columns} FROM ({found}) JOIN entries USING (entry) ORDER BY rank, entry"


def _put(db: sqlite3.Connection, entries: Iterable[Completion], alike: Collection[str] = ()) -> None:
    """Add entries, and settle anew which of those that read `alike` or like them are suggested."""
    rows = [(fold(one.text), *(getattr(one, name) for name in _COLUMNS)) for one in dict.fromkeys(entries)]
    places = f"folded, {', '.join(_COLUMNS)}"
    db.executemany(f"INSERT INTO entries ({places}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    pairs: list[tuple[str, int, int]] = []
    for folded in sorted({*alike, *(row[0] for row in rows)}):
        pairs += _settle(db, folded)
    db.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?)", sorted(pairs))
    db.executemany("INSERT OR IGNORE INTO short VALUES (?, ?, ?)", _short(pairs))


def _settle(db: sqlite3.Connection, folded: str) -> list[tuple[str, int, int]]:
    """Return (word, rank, entry) of those entries of one wording that are to be suggested; forget the others."""
    found = db.execute("SELECT entry, kind, article, text FROM entries WHERE folded = ?", (folded,)).fetchall()
    is_common = len({article for _, kind, article, _ in found if kind != TITLE}) > MOST_ALIKE
    if is_common:
        _forget(db, [entry for entry, kind, _, _ in found if kind != TITLE])
    kept = [(entry, len(text) + _AFTER_TITLES * (kind != TITLE)) for entry, kind, _, text in found
            if kind == TITLE or not is_common]  # fmt: skip
    return [(word, rank, entry) for word in set(_beginnings(folded)) for entry, rank in kept]


def _forget(db: sqlite3.Connection, entries: Iterable[int]) -> None:
    keys = [(entry,) for entry in entries]
    db.executemany("DELETE FROM words WHERE entry = ?", keys)
    db.executemany("DELETE FROM short WHERE entry = ?", keys)


def _beginnings(folded: str) -> Iterator[str]:
    """Yield all that a person may begin to type: words, and without blanks every place in them."""
    for word in _WORD.findall(folded):
        yield word[:LONGEST_TYPED]
        if _UNSPACED.search(word):
            yield from (word[i : i + LONGEST_TYPED] for i in range(1, min(len(word), LONGEST_TYPED)))


def _short(pairs: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    places: dict[str, set[tuple[int, int]]] = {}
    for word, rank, entry in pairs:
        for length in range(1, _SHORT + 1):
            places.setdefault(word[:length], set()).add((rank, entry))
    return [(start, *place) for start in sorted(places) for place in sorted(places[start])[:_KEPT_FOR_SHORT]]


def _few_of_each(found: Iterable[Completion], limit: int) -> tuple[Completion, ...]:
    counts: Counter[str] = Counter()
    chosen: list[Completion] = []
    for one in found:
        counts[one.article] += 1
        if counts[one.article] <= MOST_OF_AN_ARTICLE and len(chosen) < limit:
            chosen.append(one)
    return tuple(chosen)
