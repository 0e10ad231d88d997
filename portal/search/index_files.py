"""The files of one language of one reading level: Whoosh's index, and beside it all that is worked out from it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from portal.search.array_file import open_arrays
from portal.search.counts import Counts, Tally, count, replace_articles
from portal.search.counts_file import read_counts, write_counts
from portal.search.document import IndexDocument
from portal.search.impacts import ImpactFile, write_impacts
from portal.search.meaning.indexing import can_carry_on, update_meaning, write_meaning
from portal.search.meaning.kept import KeptVectors
from portal.search.weighing import weigh
from portal.search.whoosh_index import documents_of, update_whoosh, write_whoosh
from portal.search.wordings import Collector, Wordings, collect, read_wordings, replace_wordings, write_wordings
from portal.search.words.surface import write_spelling
from portal.search.words.synonyms import Synonyms

COUNTS, WORDINGS, IMPACTS, SPELLING, SYNONYMS = (
    "counts.bin", "wordings.bin", "impacts.bin", "spelling.bin", "synonyms.json",
)  # fmt: skip
_NO_SYNONYMS = Synonyms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What an index is made of beside its documents."""

    synonyms: Synonyms = _NO_SYNONYMS
    kept: KeptVectors | None = None
    """Where vectors come from; without it words alone are searched."""


def write_index(folder: Path, lang: str, documents: Iterable[IndexDocument], beside: Beside | None = None) -> int:
    """Write a new index into an empty folder, made where missing; return the number of sections."""
    folder.mkdir(parents=True, exist_ok=True)
    everything = list(documents)
    beside = beside or Beside()
    tally, wordings = _write_words(folder, lang, everything)
    _write_worked_out(folder, tally, wordings, beside)
    write_meaning(folder, lang, everything, beside.kept)
    return len(tally.article_of)


def update_index(
    folder: Path,
    lang: str,
    *,
    removed: Collection[str],
    documents: Iterable[IndexDocument],
    beside: Beside | None = None,
) -> int:
    """Take whole articles out and put whole articles in; one that comes again is replaced. Return sections added.

    No file that is there is written to, so they may be hard links to those of a live index; some are unlinked.
    Words that no section has any more stay in Whoosh's older segments, unseen by searches but on the disk:
    where an article has left this reading level, write the index anew instead. Vectors are carried on where
    `can_carry_on` says so; else give all documents to `write_meaning` afterwards.
    """
    added, beside = list(documents), beside or Beside()
    gone = {*removed, *(document.article for document in added)}
    update_whoosh(folder, lang, removed=gone, documents=added)
    before = read_counts(folder / COUNTS)
    fresh = count(added, lang)
    wordings = replace_wordings(read_wordings(folder / WORDINGS), gone, collect(added, lang))
    stays = np.array([article not in gone for article in before.articles], bool)
    is_carried_on = can_carry_on(folder, lang, beside.kept)
    if is_carried_on and beside.kept:
        update_meaning(folder, lang, added, beside.kept, stays[before.article_of])
    _write_worked_out(folder, replace_articles(before, gone, fresh), wordings, beside)
    return len(added)


def count_sections(folder: Path) -> int:
    """Return the number of sections that a search can find."""
    return len(open_arrays(folder / IMPACTS)["article_of"])


def articles_in(folder: Path) -> tuple[str, ...]:
    """Return the ids of an index's articles, in its order."""
    return ImpactFile(folder / IMPACTS).articles


def write_synonyms(folder: Path, synonyms: Synonyms) -> None:
    """Write the other ways to say things; what was there stays for those who read it."""
    (folder / SYNONYMS).unlink(missing_ok=True)
    (folder / SYNONYMS).write_text(synonyms.to_json(), "utf-8")


def _write_words(folder: Path, lang: str, documents: Sequence[IndexDocument]) -> tuple[Counts, Wordings]:
    """Give each article to all who want its words, one after the other, so that it is cut into words once."""
    tally, collector = Tally(lang), Collector(lang)

    def seen() -> Iterator[IndexDocument]:
        for _, group in groupby(documents, key=lambda one: one.article):
            sections = list(group)
            tally.add(sections)
            collector.add(sections)
            yield from sections

    write_whoosh(folder, lang, seen())
    return tally.counts(), collector.wordings()


def _write_worked_out(folder: Path, tally: Counts, wordings: Wordings, beside: Beside) -> None:
    write_counts(folder / COUNTS, tally)
    write_impacts(folder / IMPACTS, tally, weigh(tally), documents_of(folder, tally.articles))
    write_wordings(folder / WORDINGS, wordings)
    (folder / SPELLING).unlink(missing_ok=True)
    write_spelling(folder / SPELLING, wordings.counts())
    write_synonyms(folder, beside.synonyms)
