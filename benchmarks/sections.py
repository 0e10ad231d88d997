"""The very sections that a published level is searched by, as words to be given to peers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from whoosh.index import open_dir

from portal.search.document import IndexDocument
from portal.search.level import LevelReader

_EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its article's title, its own heading, its text."""

    title: str
    heading: str
    body: str


def published(reader: LevelReader, folder: Path, lang: str) -> list[Section]:
    """Return every section that a search in `lang` can find, in the index's order. folder: the level's."""
    titles = {card.id: card.title for card in reader.shelf.listing(after="", limit=_EVERYTHING, lang=lang)}
    opened = open_dir(folder / lang, readonly=True).reader()
    try:
        stored = (opened.stored_fields(number) for number in opened.all_doc_ids())
        return [Section(titles[one["article"]], one["heading"], one["text"]) for one in stored]
    finally:
        opened.close()


def written(documents: Sequence[IndexDocument]) -> list[Section]:
    """Return the sections of documents that are about to be indexed."""
    return [Section(one.title, one.headings.rpartition("\n")[2], one.body) for one in documents]
