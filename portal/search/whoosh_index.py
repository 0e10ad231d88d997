"""The Whoosh index of one language of one reading level: written anew or on top of an older one, and read.

Whoosh keeps the sections' texts and answers what needs places of words: phrases. Scores come from `impacts`.
"""

import threading
from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment
from whoosh.index import create_in, open_dir
from whoosh.query import Prefix, Query, Term
from whoosh.reading import SegmentReader
from whoosh.writing import IndexWriter

from portal.search.document import IndexDocument
from portal.search.impacts import MOST_BEGUN
from portal.search.schema import fields_of, schema_for

MOST_SEGMENTS = 6
"""Segments that an update may leave, for each word is looked up in each; at that number the small ones are merged."""
MOST_GONE = 0.2
"""Share of deleted sections after which an index is better written anew: they still take room and time."""
_LOCK_FILE = "MAIN_WRITELOCK"
_MEMORY_MB = 256


def write_whoosh(folder: Path, lang: str, documents: Iterable[IndexDocument]) -> None:
    """Write a new index into a folder that has none."""
    writer = create_in(folder, schema_for(lang)).writer(limitmb=_MEMORY_MB)
    _add(writer, documents)
    writer.commit(optimize=True)
    (folder / _LOCK_FILE).unlink(missing_ok=True)


def update_whoosh(folder: Path, lang: str, *, removed: Collection[str], documents: Iterable[IndexDocument]) -> None:
    """Take whole articles out and put whole articles in; one that comes again is to be among the removed.

    No file that is there is written to, so they may be hard links to those of a live index; some are unlinked.
    Words that no section has any more stay in the older segments, unseen by searches but on the disk:
    where an article has left this reading level, write the index anew instead.
    """
    (folder / _LOCK_FILE).unlink(missing_ok=True)
    writer = open_dir(folder, schema=schema_for(lang)).writer(limitmb=_MEMORY_MB)
    for article in removed:
        writer.delete_by_term("article", article)
    _add(writer, documents)
    writer.commit(mergetype=_merge_small)
    (folder / _LOCK_FILE).unlink(missing_ok=True)


def needs_rebuild(folder: Path) -> bool:
    """Whether so much is deleted that writing the index anew is better."""
    reader = open_dir(folder, readonly=True).reader()
    try:
        everything = reader.doc_count_all()
        return bool(everything - reader.doc_count() > MOST_GONE * max(everything, 1))
    finally:
        reader.close()


def documents_of(folder: Path, articles: Iterable[str]) -> NDArray[np.int32]:
    """Return the numbers of the documents of articles, article by article, each article's in its own order."""
    reader = open_dir(folder, readonly=True).reader()
    try:
        places: dict[str, list[int]] = {}
        if reader.doc_count():
            column = reader.column_reader("article")
            for document in reader.all_doc_ids():
                places.setdefault(column[document], []).append(document)
        return np.array([document for article in articles for document in places[article]], np.int32)
    finally:
        reader.close()


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


def _add(writer: IndexWriter, documents: Iterable[IndexDocument]) -> None:
    article = None
    for document in documents:
        writer.add_document(**fields_of(document, is_first=document.article != article))
        article = document.article


class WhooshReader:
    """One open index behind a lock: shared without one, Whoosh's readers give wrong hits.

    It keeps its files open, and goes on reading after they were deleted.
    """

    def __init__(self, folder: Path, lang: str) -> None:
        """folder: written by `write_whoosh` for the same language."""
        self._searcher = open_dir(folder, readonly=True, schema=schema_for(lang)).searcher()
        self._reader = self._searcher.reader()
        self._lock = threading.Lock()
        self._places = self._reader.column_reader("place") if self._reader.has_column("place") else None

    def documents_for(self, leaf: Query) -> list[int]:
        """Return the numbers of the documents that have a term, a phrase, or a word that begins so."""
        with self._lock:
            if isinstance(leaf, Prefix):
                begun = [word.decode() for word in _first(self._reader.expand_prefix(leaf.fieldname, leaf.text))]
                return [one for word in begun for one in Term(leaf.fieldname, word).docs(self._searcher)]
            return list(leaf.docs(self._searcher))

    def stored(self, document: int) -> dict[str, str]:
        """Return a section's stored fields."""
        with self._lock:
            return dict(self._reader.stored_fields(document))

    def place(self, document: int) -> tuple[str, str]:
        """Return a section's anchor and heading, some twenty times faster than `stored`; empty in an older index."""
        if self._places is None:  # and never by its truth: Whoosh's column of several segments has a length of 0
            return "", ""
        with self._lock:
            anchor, _, heading = self._places[document].decode().partition("\n")
        return anchor, heading

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            self._searcher.close()


def _first(words: Iterable[bytes]) -> Iterable[bytes]:
    return (word for word, _ in zip(words, range(MOST_BEGUN), strict=False))
