"""Impacts on disk: each word's sections and articles with what it adds to their scores, mapped into memory.

A query is a handful of slices of these arrays. Nothing is kept per process, so all workers share one copy.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.search.array_file import Arrays, open_arrays, write_arrays
from portal.search.counts import Counts
from portal.search.counts_file import pack, unpack
from portal.search.weighing import Impacts, Scores, rarity

KEPT = 8192
"""Words whose places in the file are remembered, under 1 kB each; what they add stays in the file."""
MOST_BEGUN = 64
"""Words that one `begin*` stands for."""


@dataclass(frozen=True, slots=True)
class Gains:
    """What one word adds: to which sections, to which articles."""

    sections: NDArray[np.int32]
    section_gains: NDArray[np.float32]
    articles: NDArray[np.int32]
    article_gains: NDArray[np.float32]
    peak: float
    """The most it can add to one section together with its article."""
    rarity: float
    """Its idf over sections."""


def write_impacts(path: Path, counts: Counts, impacts: Impacts, documents: NDArray[np.int32]) -> None:
    """Write all that searching needs. documents: the number in the Whoosh index of each section."""
    arrays: dict[str, NDArray[Any]] = {
        "first_section": counts.first_section,
        "article_of": counts.article_of,
        "documents": documents,
        "peaks": impacts.peaks,
        "rarities": impacts.rarities,
    }
    arrays["words.text"], arrays["words.at"] = pack(counts.words)
    arrays["articles.text"], arrays["articles.at"] = pack(counts.articles)
    for name, scores in (("by_section", impacts.by_section), ("by_article", impacts.by_article)):
        arrays |= {f"{name}.{part}": getattr(scores, part) for part in Scores.__slots__}
    write_arrays(path, arrays)


class ImpactFile:
    """Reads one file; nothing in it ever changes, so threads need no lock."""

    def __init__(self, path: Path) -> None:
        """path: written by `write_impacts`. Raises ValueError or OSError."""
        arrays = open_arrays(path)
        self.articles = unpack(arrays["articles.text"], arrays["articles.at"])
        self.first_section: NDArray[np.int32] = arrays["first_section"]
        self.article_of: NDArray[np.int32] = arrays["article_of"]
        self.documents: NDArray[np.int32] = arrays["documents"]
        self._vocabulary = _Vocabulary(arrays)
        # Remembered by a function of the vocabulary and not of this reader, which would hold itself in memory so.
        self.gains: Callable[[str], Gains | None] = lru_cache(KEPT)(self._vocabulary.find)
        """What a word adds where; None where it stands nowhere. `begin*` is all words that begin so, as one."""

    def begun(self, prefix: str) -> list[str]:
        """Return the words that begin so, by alphabet, MOST_BEGUN of them at most."""
        return self._vocabulary.begun(prefix)

    def ending(self, suffix: str) -> list[str]:
        """Return longer words that end so, by alphabet, MOST_BEGUN of them at most."""
        return self._vocabulary.ending(suffix)

    def holders(self, word: str) -> int:
        """Return in about how many sections or articles a word stands; 0 for nowhere."""
        found = self.gains(word)
        return max(len(found.sections), len(found.articles)) if found else 0

    def articles_with(self, word: str) -> NDArray[np.int32]:
        """Return the numbers of the articles whose own fields have a word, as `counts.filter_word` makes it."""
        found = self._vocabulary.exactly(word)
        return found.articles if found else np.zeros(0, np.int32)

    def sections_of(self, article: int) -> range:
        """Return the numbers of an article's sections."""
        end = self.first_section[article + 1] if article + 1 < len(self.first_section) else len(self.article_of)
        return range(int(self.first_section[article]), int(end))


class _Vocabulary:
    """Every word of a file with what it adds."""

    def __init__(self, arrays: Arrays) -> None:
        self._words = _Words(arrays["words.text"], arrays["words.at"])
        self._text, self._at = arrays["words.text"].data, arrays["words.at"]
        self._peaks, self._rarities = arrays["peaks"], arrays["rarities"]
        self._sections = len(arrays["article_of"])
        self._by_section, self._by_article = (
            Scores(*(arrays[f"{name}.{part}"] for part in Scores.__slots__)) for name in ("by_section", "by_article")
        )

    def find(self, word: str) -> Gains | None:
        if word.endswith("*"):
            begun = [self._gains(number) for number in self._begun(word[:-1])]
            return _as_one(begun, self._sections) if begun else None
        return self.exactly(word)

    def exactly(self, word: str) -> Gains | None:
        raw = word.encode("utf-8", "surrogatepass")
        number = bisect_left(self._words, raw)
        return self._gains(number) if number < len(self._words) and self._words[number] == raw else None

    def begun(self, prefix: str) -> list[str]:
        return [self._words[number].decode("utf-8", "surrogatepass") for number in self._begun(prefix)]

    def ending(self, suffix: str) -> list[str]:
        """Find them in one look through the text of all words."""
        raw = suffix.encode("utf-8", "surrogatepass")
        ends = np.array([one.end() for one in re.finditer(re.escape(raw), self._text)], np.int64)
        numbers = np.searchsorted(self._at, ends) - 1
        is_last = (self._at[numbers + 1] == ends) & (self._at[numbers + 1] - self._at[numbers] > len(raw))
        return [self._words[number].decode("utf-8", "surrogatepass") for number in numbers[is_last][:MOST_BEGUN]]

    def _begun(self, prefix: str) -> range:
        raw = prefix.encode("utf-8", "surrogatepass")
        start = bisect_left(self._words, raw)
        end = start
        while end < len(self._words) and end - start < MOST_BEGUN and self._words[end].startswith(raw):
            end += 1
        return range(start, end)

    def _gains(self, number: int) -> Gains:
        sections, articles = (slice(*one.at[number : number + 2]) for one in (self._by_section, self._by_article))
        return Gains(
            self._by_section.units[sections],
            self._by_section.gains[sections],
            self._by_article.units[articles],
            self._by_article.gains[articles],
            float(self._peaks[number]),
            float(self._rarities[number]),
        )


class _Words(Sequence[bytes]):
    """The vocabulary as it lies in the file, sorted by its UTF-8 bytes as by its code points."""

    def __init__(self, text: NDArray[np.uint8], at: NDArray[np.int64]) -> None:
        self._text, self._at = text.data, at.data

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override] # slices are never asked for
        return self._text[self._at[number] : self._at[number + 1]].tobytes()


def _as_one(found: Sequence[Gains], of: int) -> Gains:
    """Add up what several words add, each only as telling as all of them together."""
    sections = np.unique(np.concatenate([one.sections for one in found]))
    articles = np.unique(np.concatenate([one.articles for one in found]))
    together = float(rarity(np.array([max(len(sections), len(articles))], np.float64), of)[0])
    shares = [min(1.0, together / one.rarity) if one.rarity else 0.0 for one in found]
    by_section = _summed(sections, [(one.sections, one.section_gains) for one in found], shares)
    by_article = _summed(articles, [(one.articles, one.article_gains) for one in found], shares)
    peak = max(share * one.peak for share, one in zip(shares, found, strict=True))
    return Gains(sections, by_section, articles, by_article, peak, together)


def _summed(
    units: NDArray[np.int32], pairs: Sequence[tuple[NDArray[np.int32], NDArray[np.float32]]], shares: Sequence[float]
) -> NDArray[np.float32]:
    sums = np.zeros(len(units), np.float32)
    for (some, gains), share in zip(pairs, shares, strict=True):
        sums[np.searchsorted(units, some)] += np.float32(share) * gains
    return sums
