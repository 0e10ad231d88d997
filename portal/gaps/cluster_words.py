"""Words of wordings as vectors: stems and runs of letters, weighed by rarity, pressed into few numbers."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.search.words.languages import words
from portal.text import fold

SHORTEST, LONGEST = 3, 5
"""Letters of a run within a word, its ends counted; the usual range for telling misspelt words alike."""
RANDOM_DIMS = 512
"""Numbers into which the words are thrown at random, before the strongest directions are taken."""
_SEED = 5
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Bags:
    """What each of some things is made of: entries of one thing stand together, in the order of the things."""

    things: Ints
    parts: Ints
    weights: Floats

    def summed(self, count: int, table: NDArray[np.float32] | NDArray[np.int8]) -> Floats:
        """Return for each of `count` things the weighted sum of its parts' rows in a table."""
        found = np.zeros((count, table.shape[1]), np.float32)
        starts = np.searchsorted(self.things, np.arange(count))
        turns = np.arange(len(self.things)) - starts[self.things]
        order = np.argsort(turns, kind="stable")
        for some in np.split(order, np.cumsum(np.bincount(turns))[:-1]) if len(order) else ():
            found[self.things[some]] += table[self.parts[some]] * self.weights[some, None]
        return found


def word_vectors(texts: Sequence[str], lang: str, dims: int) -> Floats:
    """Return a row of length one for each text, or of zeros where it shares nothing with any other.

    Inner products come near the mean of two cosines, of stems and of runs of letters, both weighed by rarity. Latent
    semantic analysis: a random projection, then its strongest `dims` directions (Halko and others, 2011); the same
    texts give the same rows.
    """
    stems = [Counter(word.text for word in words(text, lang)) for text in texts]
    spoken = [Counter(fold(text).split()) for text in texts]
    projected = of_length_one(_of_stems(stems)) + of_length_one(_of_runs(spoken))
    return of_length_one(strongest(projected, dims))


def strongest(rows: Floats, dims: int) -> Floats:
    """Turn rows into their `dims` strongest directions, the strongest last; their inner products hardly change."""
    if rows.shape[1] <= dims:
        return rows
    _, directions = np.linalg.eigh(rows.T @ rows)
    turned: Floats = rows @ directions[:, -dims:].astype(np.float32)
    return turned


def of_length_one(rows: Floats) -> Floats:
    """Normalise each row; what is next to nothing becomes zeros."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    found: Floats = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-6)  # noqa: PLR2004 - rounding
    return found


def _of_stems(said: Sequence[Counter[str]]) -> Floats:
    """Weigh each stem by (1 + log of how often) x (1 + log of how rare)."""
    spread = Counter(stem for counts in said for stem in counts)
    numbers = _numbers(spread)
    bags = _bags(
        ((i, numbers[stem], (1 + math.log(count)) * _rarity(spread[stem], len(said))))
        for i, counts in enumerate(said)
        for stem, count in counts.items()
        if stem in numbers
    )
    return bags.summed(len(said), _signs(len(numbers), _SEED))


def _of_runs(said: Sequence[Counter[str]]) -> Floats:
    """Add up runs of letters word by word, for most words come again and again."""
    spoken = Counter(word for counts in said for word in counts)
    vocabulary = {word: number for number, word in enumerate(sorted(spoken))}
    runs = {word: frozenset(_runs(word)) for word in vocabulary}
    spread: Counter[str] = Counter()
    for word, some in runs.items():
        for run in some:
            spread[run] += spoken[word]
    numbers = _numbers(spread)
    within = _bags(
        (number, numbers[run], _rarity(spread[run], len(said)))
        for word, number in vocabulary.items()
        for run in sorted(runs[word])
        if run in numbers
    )
    table = within.summed(len(vocabulary), _signs(len(numbers), _SEED + 1))
    bags = _bags((i, vocabulary[word], 1 + math.log(n)) for i, counts in enumerate(said) for word, n in counts.items())
    return bags.summed(len(said), table)


def _runs(word: str) -> Iterator[str]:
    framed = f" {word} "
    for length in range(SHORTEST, LONGEST + 1):
        yield from (framed[at : at + length] for at in range(len(framed) - length + 1))


def _numbers(spread: Counter[str]) -> dict[str, int]:
    """Give numbers to what more than one text has; the rest says nothing of likeness."""
    return {part: number for number, part in enumerate(sorted(part for part, count in spread.items() if count > 1))}


def _rarity(spread: int, texts: int) -> float:
    return 1 + math.log((texts + 1) / (min(spread, texts) + 1))


def _bags(entries: Iterable[tuple[int, int, float]]) -> _Bags:
    things, parts, weights = tuple(zip(*entries, strict=True)) or ((), (), ())
    return _Bags(np.array(things, np.int64), np.array(parts, np.int64), np.array(weights, np.float32))


def _signs(count: int, seed: int) -> NDArray[np.int8]:
    """Return a row of plus and minus one for each part, the same ones every time."""
    signs = np.random.default_rng(seed).integers(0, 2, (count, RANDOM_DIMS), np.int8)
    signs *= 2
    signs -= 1
    return signs
