"""Places: which entries of a completions file have which word, as a few arrays that are read whole.

Entries are numbered in the order in which they are offered, so that what comes out of an array is in order already.
At 14,000 entries all of it takes half a megabyte, and every question a few dozen microseconds.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.text import fold

LONGEST_TYPED = 100
"""Characters of what was typed, and of a word, that are read."""
_MOST_WORDS = 8
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff]")
_LAST = "\U0010ffff"
_NOWHERE: dict[str, bytes] = {"words": b"", "ends": b"", "entries": b"", "order": b""}

Numbers = NDArray[np.int32]
Pairs = Iterable[tuple[str, int]]
"""(word, key of an entry that has it)."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """All words in order, as a sequence that `bisect` understands, and the entries that have each."""

    words: bytes
    """UTF-8, a line each."""
    starts: NDArray[np.int64]
    """Where each word begins in `words`; one more behind the last."""
    ends: Numbers
    """Where the entries of each word end in `entries`; a zero before the first."""
    entries: Numbers
    """Numbers of entries, word after word."""
    keys: Numbers
    """Number of an entry -> its key in the file."""

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.starts) - 1

    def __getitem__(self, place: int) -> str:
        """Return one word."""
        return self.words[self.starts[place] : self.starts[place + 1] - 1].decode()

    def word(self, word: str) -> range:
        """Return the place of a word: one, or none."""
        place = bisect_left(self, word)
        return range(place, place + (place < len(self) and self[place] == word))

    def beginning(self, start: str) -> range:
        """Return the places of all words that begin so."""
        return range(bisect_left(self, start), bisect_left(self, start + _LAST))

    def at(self, places: range) -> list[str]:
        """Return several words."""
        if not places:
            return []
        return self.words[self.starts[places.start] : self.starts[places.stop] - 1].decode().split("\n")

    def having(self, places: range) -> Numbers:
        """Return the numbers of the entries that have any of these words, some of them twice."""
        return self.entries[self.ends[places.start] : self.ends[places.stop]]

    def knows(self, word: str) -> bool:
        """Whether any entry has this word; of scripts without blanks, whether any has it within."""
        return bool(self.beginning(word) if _UNSPACED.search(word) else self.word(word))


def words_typed(text: str) -> list[str]:
    """Return the words of what was typed, as they are compared."""
    return _WORD.findall(fold(text[:LONGEST_TYPED]))[:_MOST_WORDS]


def words_to_type(folded: str) -> set[str]:
    """Return all that a person may begin to type: words, and without blanks every place in them."""
    found = set()
    for word in _WORD.findall(folded):
        found.add(word[:LONGEST_TYPED])
        if _UNSPACED.search(word):
            found.update(word[i : i + LONGEST_TYPED] for i in range(1, min(len(word), LONGEST_TYPED)))
    return found


def is_of_letters(word: str) -> bool:
    """Whether a word can be misspelt: numbers and error codes can't, nor can words that nothing divides."""
    return word.isalpha() and not _UNSPACED.search(word)


def pack(pairs: Pairs, order: Iterable[int], before: Mapping[str, bytes] = _NOWHERE) -> dict[str, bytes]:
    """Make what a file keeps. order: the keys of all entries, as they are offered. Words of no entry are dropped.

    before: what the older file kept; what it says of an entry holds while `order` has it, unless `pairs` have it too.
    """
    keys, fresh = np.fromiter(order, np.int32), list(pairs)
    fresh_keys = np.array([key for _, key in fresh], np.int32)
    old_words, old_keys = before["words"].splitlines(), np.frombuffer(before["entries"], np.int32)
    stays = np.isin(old_keys, keys) & ~np.isin(old_keys, fresh_keys)
    names = np.array([*old_words, *(word.encode() for word, _ in fresh)], object)
    words, where = np.unique(names, return_inverse=True)
    spots = np.concatenate([where[: len(old_words)][_word_of_each(before)[stays]], where[len(old_words) :]])
    counts = np.bincount(spots, minlength=len(words))
    return {
        "words": b"\n".join(words[counts > 0]),
        "ends": np.cumsum(counts[counts > 0]).astype(np.int32).tobytes(),
        "entries": np.concatenate([old_keys[stays], fresh_keys])[np.argsort(spots, kind="stable")].tobytes(),
        "order": keys.tobytes(),
    }


def unpack(kept: Mapping[str, bytes]) -> Places:
    """Read what `pack` made. Raises KeyError where it is something else."""
    words, keys = kept["words"], np.frombuffer(kept["order"], np.int32)
    breaks = np.flatnonzero(np.frombuffer(words, np.uint8) == ord("\n")) + 1
    starts = np.concatenate([[0], breaks, [len(words) + 1]]) if words else np.zeros(1, np.int64)
    numbers = np.zeros(int(keys.max(initial=0)) + 1, np.int32)
    numbers[keys] = np.arange(len(keys), dtype=np.int32)
    return Places(
        words=words,
        starts=starts,
        ends=np.concatenate([np.zeros(1, np.int32), np.frombuffer(kept["ends"], np.int32)]),
        entries=numbers[np.frombuffer(kept["entries"], np.int32)],
        keys=keys,
    )


def _word_of_each(kept: Mapping[str, bytes]) -> NDArray[np.int64]:
    """Return for each pair the place of its word."""
    ends = np.frombuffer(kept["ends"], np.int32)
    return np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
