"""One language of one reading level as a Whoosh index: written anew or on top of an older one, read by many threads."""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from whoosh.codec.base import Segment
from whoosh.index import create_in, open_dir
from whoosh.query import And, Prefix, Query, Term
from whoosh.reading import SegmentReader
from whoosh.writing import IndexWriter

from portal.search.document import IndexDocument
from portal.search.impacts import ImpactReader, rarest
from portal.search.parts import WHOLE, Parts
from portal.search.query import Asked, articles_meeting, parse
from portal.search.ranking import Found, Impacts, Sought, Weights, add_up, further, rank, top
from portal.search.schema import TEXT_FIELDS, exact, fields_of, schema_for

MOST_SEGMENTS = 6
"""Segments that an update may leave, for each word is looked up in each; at that number the small ones are merged."""
MOST_GONE = 0.2
"""Share of deleted sections after which an index is better written anew: they still take room and time."""
_LOCK_FILE = "MAIN_WRITELOCK"
_MEMORY_MB = 256
_BUDGET = 30_000
"""Postings that one query may go through, some 50 ms if none of its words was asked before; see `rarest`."""
_SURE_WORDS = 3
"""Words, and beginnings of words, that a query may have whatever they cost."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article with its best section; `section` is its number in this index, for `TextIndex.section`."""

    article: str
    section: int
    score: float
    further: tuple[int, ...] = ()
    """Numbers of other sections of it that fit, the best first."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """`total` counts articles; `ranked` are the best of them, best first; `words` are what to mark in texts."""

    total: int = 0
    ranked: tuple[Ranked, ...] = ()
    words: frozenset[str] = frozenset()
    confidence: float | None = None
    """How likely it is that one of them answers, from 0 to 1; None where nothing was asked."""
    corrected: str | None = None
    """The text with other words in the place of some, where it was searched for so."""


@dataclass(frozen=True, slots=True)
class StoredSection:
    """A section as it was indexed."""

    anchor: str
    heading: str
    text: str


def write_index(folder: Path, lang: str, documents: Iterable[IndexDocument]) -> int:
    """Write a new index into an empty folder, made where missing; return the number of sections."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = create_in(folder, schema_for(lang)).writer(limitmb=_MEMORY_MB)
    count = _add(writer, documents)
    writer.commit(optimize=True)
    (folder / _LOCK_FILE).unlink(missing_ok=True)
    return count


def update_index(folder: Path, lang: str, *, removed: Collection[str], documents: Iterable[IndexDocument]) -> int:
    """Take whole articles out and put whole articles in; one that comes again is replaced. Return sections added.

    No file that is there is written to, so they may be hard links to those of a live index; some are unlinked.
    Words that no section has any more stay in the older segments, unseen by searches but on the disk:
    where an article has left this reading level, write the index anew instead.
    """
    (folder / _LOCK_FILE).unlink(missing_ok=True)
    added = list(documents)
    writer = open_dir(folder, schema=schema_for(lang)).writer(limitmb=_MEMORY_MB)
    for article in {*removed, *(document.article for document in added)}:
        writer.delete_by_term("article", article)
    _add(writer, added)
    writer.commit(mergetype=_merge_small)
    (folder / _LOCK_FILE).unlink(missing_ok=True)
    return len(added)


def needs_rebuild(folder: Path) -> bool:
    """Whether so much is deleted that writing the index anew is better."""
    reader = open_dir(folder, readonly=True).reader()
    try:
        everything = reader.doc_count_all()
        return bool(everything - reader.doc_count() > MOST_GONE * max(everything, 1))
    finally:
        reader.close()


def count_sections(folder: Path) -> int:
    """Return the number of sections that a search can find."""
    return int(open_dir(folder, readonly=True).doc_count())


def _merge_small(writer: IndexWriter, segments: list[Segment]) -> list[Segment]:
    """Write what lies beside the largest segment into one, once there are many; Whoosh asks for this as a function.

    The largest holds nearly everything and stays as it is, so that an update costs what it changes.
    """
    if len(segments) < MOST_SEGMENTS:
        return segments
    *small, largest = sorted(segments, key=lambda segment: segment.doc_count_all())
    for segment in small:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [largest]


def _add(writer: IndexWriter, documents: Iterable[IndexDocument]) -> int:
    article, count = None, 0
    for count, document in enumerate(documents, start=1):  # noqa: B007 - the last count is the answer
        writer.add_document(**fields_of(document, is_first=document.article != article))
        article = document.article
    return count


class TextIndex:
    """Searches one index; safe for threads, which wait for one another only while files are read."""

    def __init__(self, folder: Path, lang: str) -> None:
        """folder: written by `write_index` for the same language; opened with the first search."""
        self._folder = folder
        self._lang = lang
        self._schema = schema_for(lang)
        self._opening = threading.Lock()
        self._reader: ImpactReader | None = None

    def search(self, text: str, *, want: int, skip: int = 0, parts: Parts = WHOLE, **filters: str) -> Ranking:
        """Return the `want` best articles for a text that `query.read` made safe.

        filters: topic, tag, product and stage, as in `hits.Query`; they come before the cut.
        skip: articles of the `want` whose `further` nobody needs, from the first.
        parts: what takes part; all of it, unless it is to be measured.
        """
        asked = parse(text, self._schema, self._lang)
        del parts
        reader = self._open()
        sought = self._look_up(asked, reader)
        allowed = self._allowed(asked, filters, reader)
        weights = add_up([word for _, word in sought])
        if sought:
            found = rank(weights, reader.article_of, reader.first_section, allowed)
        else:
            plain = allowed if asked.condition is not None and allowed is not None else ()
            found = [Found(article, reader.first_section[article], 0.0) for article in plain]
        best = top(found, want)
        ranked = [Ranked(reader.articles[one.article], one.section, one.score) for one in best[:skip]]
        ranked += [_ranked(one, weights, reader) for one in best[skip:]]
        return Ranking(len(found), tuple(ranked), _to_mark(sought, asked, reader))

    def section(self, section: int) -> StoredSection:
        """Return a section that a Ranking of this index named."""
        stored = self._open().stored(section)
        return StoredSection(stored["anchor"], stored["heading"], stored["text"])

    def place(self, section: int) -> tuple[str, str]:
        """Return the anchor and the heading of a section that a Ranking of this index named."""
        return self._open().place(section)

    def close(self) -> None:
        """Close the files; a later search opens them again."""
        with self._opening:
            if self._reader is not None:
                self._reader.close()
                self._reader = None

    def _open(self) -> ImpactReader:
        with self._opening:
            if self._reader is None:
                self._reader = ImpactReader(open_dir(self._folder, readonly=True, schema=self._schema))
            return self._reader

    @staticmethod
    def _look_up(asked: Asked, reader: ImpactReader) -> list[tuple[str, Sought]]:
        strong = _heard(reader, asked.words, _SURE_WORDS) + [
            (f"{prefix}*", reader.impacts(f"{prefix}*")) for prefix in asked.prefixes[:_SURE_WORDS]
        ]
        weak = _heard(reader, asked.weak, 0) if strong else []
        sought = [(word, Sought(impacts, is_weak=False)) for word, impacts in strong]
        return sought + [(word, Sought(impacts, is_weak=True)) for word, impacts in weak]

    @staticmethod
    def _allowed(asked: Asked, filters: Mapping[str, str], reader: ImpactReader) -> frozenset[int] | None:
        """Return the articles that meet all filters and the condition; None where there is neither."""
        conditions: list[Query] = [Term(name, exact(name, value)) for name, value in filters.items()]
        conditions += [asked.condition] if asked.condition is not None else []
        if not conditions:
            return None
        return articles_meeting(And(conditions), lambda leaf: _articles_having(leaf, reader))


def _ranked(found: Found, weights: Weights, reader: ImpactReader) -> Ranked:
    others = further(weights, found, reader.article_of, reader.first_section)
    return Ranked(reader.articles[found.article], found.section, found.score, others)


def _to_mark(sought: list[tuple[str, Sought]], asked: Asked, reader: ImpactReader) -> frozenset[str]:
    strong = {word for word, found in sought if not found.is_weak}
    begun = {word for prefix in asked.prefixes for name in TEXT_FIELDS for word in reader.words_from(name, prefix)}
    return frozenset(strong | begun)


def _heard(reader: ImpactReader, words: Collection[str], sure: int) -> list[tuple[str, Impacts]]:
    """Return those words that any section has, rarest first, as far as the budget goes."""
    found = ((word, reader.impacts(word)) for word in rarest(reader, words, _BUDGET, sure))
    return [(word, impacts) for word, impacts in found if impacts.sections or impacts.articles]


def _articles_having(leaf: Query, reader: ImpactReader) -> frozenset[int]:
    if isinstance(leaf, Term):
        sections = reader.sections_with(leaf.fieldname, leaf.text)
    elif isinstance(leaf, Prefix):
        begun = reader.words_from(leaf.fieldname, leaf.text)
        sections = [section for word in begun for section in reader.sections_with(leaf.fieldname, word)]
    else:
        sections = reader.sections_for(leaf)
    return frozenset(reader.article_of[section] for section in sections)
