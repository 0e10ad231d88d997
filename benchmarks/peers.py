"""Peers: engines that others wrote, over the very sections that ours searches, asked for the ten best.

Each gets what a sensible user of it would give: the language's stemming where it brings that along, words joined
by OR. They hand back sections, of which several may be one article's; ours finds articles and counts them all.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import bm25s  # type: ignore[import-untyped]
import Stemmer
import tantivy

from benchmarks.sections import Section

Ask = Callable[[str], Sequence[object]]
"""Returns the numbers of the ten best sections for a text, at most."""
HITS = 10
K1, B = 1.2, 0.75
_FIELDS = ["title", "heading", "body"]
_TITLES_FIRST = "bm25(1.2, 1.0, 1.0)"
_STEMMED = {"en": "english", "de": "german"}
_TANTIVY_BYTES = 256 * 1024 * 1024
_WORD = re.compile(r"\w+")


def tantivy_over(folder: Path, lang: str, sections: Sequence[Section]) -> dict[str, Ask]:
    """Three text fields and a stored number; once counting all that match, as ours does, once the ten alone."""
    schema = tantivy.SchemaBuilder().add_unsigned_field("id", stored=True)
    for name in _FIELDS:
        schema = schema.add_text_field(name, tokenizer_name="en_stem" if lang == "en" else "default")
    index = tantivy.Index(schema.build(), path=str(folder))
    writer = index.writer(_TANTIVY_BYTES, 1)
    for number, one in enumerate(sections):
        writer.add_document(tantivy.Document(id=number, title=one.title, heading=one.heading, body=one.body))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(text: str, *, is_counting: bool) -> list[int]:
        query = index.parse_query(" ".join(_words(text)), _FIELDS)
        return [searcher.doc(where)["id"][0] for _, where in searcher.search(query, HITS, count=is_counting).hits]

    return {
        "Tantivy": lambda text: ask(text, is_counting=True),
        "Tantivy, without the total": lambda text: ask(text, is_counting=False),
    }


def bm25s_over(folder: Path, lang: str, sections: Sequence[Section]) -> dict[str, Ask]:
    """All text as one field, scored eagerly, in NumPy; saved for its size alone, searched from memory."""
    name = _STEMMED.get(lang)
    stemmer = Stemmer.Stemmer(name) if name else None

    def cut(texts: list[str]) -> list[list[str]]:
        found = bm25s.tokenize(texts, stopwords=name or [], stemmer=stemmer, return_ids=False, show_progress=False)
        assert isinstance(found, list)
        return found

    scores = bm25s.BM25(method="lucene", k1=K1, b=B, backend="numpy")
    scores.index(cut([f"{one.title} {one.heading} {one.body}" for one in sections]), show_progress=False)
    scores.save(folder)
    wanted = min(HITS, len(sections))

    def ask(text: str) -> list[int]:
        found = scores.retrieve(cut([text]), k=wanted, n_threads=0, show_progress=False)
        return [int(one) for one, score in zip(found.documents[0], found.scores[0], strict=True) if score > 0]

    return {"BM25S": ask}


def fts5_over(folder: Path, lang: str, sections: Sequence[Section]) -> dict[str, Ask]:
    """SQLite's own full text search: three fields, without the texts, in a file."""
    database = sqlite3.connect(folder / "sections.sqlite")
    tokenizer = "porter unicode61" if lang == "en" else "unicode61"
    database.execute(f"CREATE VIRTUAL TABLE fts USING fts5({', '.join(_FIELDS)}, content='', tokenize='{tokenizer}')")
    database.execute("INSERT INTO fts(fts, rank) VALUES ('rank', ?)", (_TITLES_FIRST,))
    rows = ((number, one.title, one.heading, one.body) for number, one in enumerate(sections, start=1))
    database.executemany("INSERT INTO fts(rowid, title, heading, body) VALUES (?, ?, ?, ?)", rows)
    database.execute("INSERT INTO fts(fts) VALUES ('optimize')")
    database.commit()

    def ask(text: str) -> list[int]:
        query = " OR ".join(f'"{word}"' for word in _words(text))
        if not query:
            return []
        found = database.execute("SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT ?", (query, HITS))
        return [row[0] for row in found]

    return {"SQLite FTS5": ask}


PEERS: Mapping[str, Callable[[Path, str, Sequence[Section]], dict[str, Ask]]] = {
    "Tantivy": tantivy_over,
    "BM25S": bm25s_over,
    "SQLite FTS5": fts5_over,
}
"""Each writes its index into an empty folder and returns what can be asked of it, by name."""


def _words(text: str) -> list[str]:
    """Cut a query so that no sign or word of it means anything to a parser; `"` is what nothing here can hold."""
    return [word.lower() for word in _WORD.findall(text)]
