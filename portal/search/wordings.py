"""Wordings: the words of each article as they are written, for spelling: what nobody has written is no suggestion."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.search.array_file import open_arrays, write_arrays
from portal.search.counts_file import pack, unpack
from portal.search.document import IndexDocument
from portal.search.words.analysed import analysed


@dataclass(frozen=True, slots=True)
class Wordings:
    """`numbers[at[a]:at[a + 1]]` are the words of article a. Words are sorted, in lower case."""

    words: tuple[str, ...]
    articles: tuple[str, ...]
    at: NDArray[np.int64]
    numbers: NDArray[np.int32]

    def counts(self) -> Iterator[tuple[str, int]]:
        """Give each word with the number of articles that have it."""
        holders = np.bincount(self.numbers, minlength=len(self.words)).tolist()
        return ((word, count) for word, count in zip(self.words, holders, strict=True) if count)


def collect(documents: Iterable[IndexDocument], lang: str) -> Wordings:
    """Collect the words of articles; the sections of each follow one another."""
    collector = Collector(lang)
    for _, sections in groupby(documents, key=lambda one: one.article):
        collector.add(list(sections))
    return collector.wordings()


class Collector:
    """Collects while articles come in."""

    def __init__(self, lang: str) -> None:
        """lang: BCP 47 tag."""
        self._lang = lang
        self._found: dict[str, set[str]] = {}

    def add(self, sections: Sequence[IndexDocument]) -> None:
        """Collect the words of one article's sections, all of them."""
        texts = {text for one in sections for text in _texts(one)}
        self._found[sections[0].article] = {word for text in texts for word in _written(text, self._lang)}

    def wordings(self) -> Wordings:
        """Return what was collected so far."""
        return _wordings(self._found)


def replace_wordings(old: Wordings, removed: Collection[str], fresh: Wordings) -> Wordings:
    """Return the words without the articles `removed`, and with those of `fresh` behind the others."""
    kept = {article: own for article, own in _by_article(old) if article not in removed}
    said = sorted({*old.words, *fresh.words})
    place = {word: number for number, word in enumerate(said)}
    ranks = [np.array([place[word] for word in one.words], np.int32) for one in (old, fresh)]
    parts = [ranks[0][own] for own in kept.values()] + [ranks[1][own] for _, own in _by_article(fresh)]
    at = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
    numbers = np.concatenate([*parts, np.zeros(0, np.int32)]).astype(np.int32)
    used, close_up = np.unique(numbers, return_inverse=True)
    return Wordings(
        tuple(said[number] for number in used.tolist()), (*kept, *fresh.articles), at, close_up.astype(np.int32)
    )


def write_wordings(path: Path, wordings: Wordings) -> None:
    """Write it for `read_wordings`."""
    said, said_at = pack(wordings.words)
    ids, ids_at = pack(wordings.articles)
    arrays: dict[str, NDArray[Any]] = {"words": said, "words.at": said_at, "articles": ids, "articles.at": ids_at}
    write_arrays(path, arrays | {"at": wordings.at, "numbers": wordings.numbers})


def read_wordings(path: Path) -> Wordings:
    """Read what `write_wordings` wrote. Raises ValueError or OSError."""
    arrays = open_arrays(path)
    said, ids = (unpack(arrays[name], arrays[f"{name}.at"]) for name in ("words", "articles"))
    return Wordings(said, ids, arrays["at"], arrays["numbers"])


def _wordings(found: dict[str, set[str]]) -> Wordings:
    said = sorted(set().union(*found.values()))
    place = {word: number for number, word in enumerate(said)}
    parts = [sorted(place[word] for word in own) for own in found.values()]
    at = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
    return Wordings(tuple(said), tuple(found), at, np.array([one for part in parts for one in part], np.int32))


def _by_article(wordings: Wordings) -> Iterator[tuple[str, NDArray[np.int32]]]:
    for number, article in enumerate(wordings.articles):
        yield article, wordings.numbers[wordings.at[number] : wordings.at[number + 1]]


def _texts(one: IndexDocument) -> Iterator[str]:
    yield from (one.title, one.aka, "\n".join(one.tags), one.summary, one.headings, one.body)


def _written(text: str, lang: str) -> Iterator[str]:
    return (text[word.start : word.end].lower() for word in analysed(text, lang) if word.is_main)
