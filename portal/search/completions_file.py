"""The file of completions of one level and language: a small SQLite file that is never changed once it is read.

It holds every title, other name and heading, and beside them, as arrays, which of them have which word.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from portal.search.hits import Completion
from portal.search.word_places import pack, words_to_type
from portal.text import fold

TITLE, OTHER_NAME, HEADING = "title", "aka", "heading"
MOST_ALIKE = 5
"""A heading that more articles have (`See also`) helps nobody to choose, so it is no suggestion; so for other names."""
COLUMNS = ("text", "url", "kind", "article", "title", "topic")
_ONE_KIND = 1_000_000
"""More than any text has characters: within a kind short ones go first."""
_SCHEMA = """
CREATE TABLE entries (
    entry INTEGER PRIMARY KEY, folded TEXT NOT NULL, place INTEGER NOT NULL, is_offered INTEGER NOT NULL DEFAULT 1,
    text TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, article TEXT NOT NULL, title TEXT NOT NULL, topic TEXT
);
CREATE INDEX entries_of_article ON entries (article);
CREATE INDEX entries_alike ON entries (folded);
CREATE TABLE arrays (name TEXT PRIMARY KEY, content BLOB NOT NULL);
"""


def write_completions(path: Path, entries: Iterable[Completion]) -> None:
    """Write a new file at `path`, in place of an older one."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA journal_mode = OFF")
        db.executescript(_SCHEMA)
        _keep(db, pack(_put(db, entries), _order(db)))


def update_completions(old: Path, new: Path, removed: Collection[str], entries: Iterable[Completion]) -> None:
    """Write `new` as `old` without the articles `removed`, and with `entries`. `old` is only read."""
    shutil.copyfile(old, new)
    with closing(sqlite3.connect(new)) as db, db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA secure_delete = ON")
        alike: set[str] = set()
        for article in removed:
            gone = db.execute("DELETE FROM entries WHERE article = ? RETURNING folded", (article,))
            alike.update(folded for (folded,) in gone.fetchall())
        pairs = _put(db, entries, alike)
        _keep(db, pack(pairs, _order(db), arrays(db)))


def arrays(db: sqlite3.Connection) -> dict[str, bytes]:
    """Read what `word_places` keeps in a file."""
    return dict(db.execute("SELECT name, content FROM arrays").fetchall())


def _keep(db: sqlite3.Connection, kept: dict[str, bytes]) -> None:
    db.executemany("INSERT OR REPLACE INTO arrays VALUES (?, ?)", kept.items())


def _order(db: sqlite3.Connection) -> list[int]:
    """Return the keys of what is offered: titles, then other names, then headings, short ones first."""
    return [key for (key,) in db.execute("SELECT entry FROM entries WHERE is_offered ORDER BY place, entry")]


def _put(db: sqlite3.Connection, entries: Iterable[Completion], alike: Collection[str] = ()) -> list[tuple[str, int]]:
    """Add entries, and settle anew which of those that read `alike` or like them are suggested.

    Returns (word, entry) of all that are settled, but for those that are no suggestion.
    """
    kinds = (TITLE, OTHER_NAME, HEADING)
    rows = [
        (fold(one.text), kinds.index(one.kind) * _ONE_KIND + len(one.text), *(getattr(one, name) for name in COLUMNS))
        for one in dict.fromkeys(entries)
    ]
    places = f"folded, place, {', '.join(COLUMNS)}"
    db.executemany(f"INSERT INTO entries ({places}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    pairs: list[tuple[str, int]] = []
    for folded in sorted({*alike, *(row[0] for row in rows)}):
        offered = _settle(db, folded)
        pairs += [(word, entry) for word in words_to_type(folded) for entry in offered]
    return pairs


def _settle(db: sqlite3.Connection, folded: str) -> list[int]:
    """Decide which entries of one wording are suggestions, and return these."""
    found = db.execute("SELECT entry, kind, article, is_offered FROM entries WHERE folded = ?", (folded,)).fetchall()
    articles = Counter(kind for kind, _ in {(kind, article) for _, kind, article, _ in found})
    are_many = {kind for kind, count in articles.items() if count > MOST_ALIKE and kind != TITLE}
    changed = [(kind not in are_many, entry) for entry, kind, _, is_offered in found
               if is_offered == (kind in are_many)]  # fmt: skip
    db.executemany("UPDATE entries SET is_offered = ? WHERE entry = ?", changed)
    return [entry for entry, kind, _, _ in found if kind not in are_many]
