"""Asking for meaning: how near a query's passages, sections and articles are to what was typed."""

from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.search.meaning.basis import read_basis
from portal.search.meaning.encoder import Encoder
from portal.search.meaning.indexing import read_state
from portal.search.meaning.passages import Kind, passages_of
from portal.search.meaning.vectors import Vectors
from portal.search.recent import Recent

MOST_PASSAGES = 5
"""Of a long message; some 350 words say what it is about, and take 10 ms to encode."""
KEPT = 256
"""Vectors of queries that are kept, 2 kB each."""
Floats = NDArray[np.float32]


class Meaning:
    """The vectors of one index, and the encoder that made them; safe for threads."""

    def __init__(
        self, vectors: Vectors, encoder: Encoder, article_of: NDArray[np.int32], basis: Floats | None = None
    ) -> None:
        """article_of: the number of the article of each section. basis: what the vectors were turned by."""
        self._basis = basis
        self._vectors = vectors
        self._encoder = encoder
        self._article_of = article_of
        self._asked: Recent[str, Floats] = Recent(KEPT)

    def nearness(self, text: str) -> tuple[Floats, Floats]:
        """Return how near each passage, and each section, is to a text."""
        return self._vectors.nearness(self._asked.answer(text, lambda: self._vector(text)))

    def best_passage(self, section: int, by_passage: Floats) -> tuple[int, int] | None:
        """Return from where to where, in a section's text, the passage stands that is nearest; None without any."""
        return self._vectors.best_passage(section, by_passage)

    def near(self, article: int, most: int) -> list[tuple[int, float]]:
        """Return the numbers of the articles that are nearest to one, with their nearness, best first."""
        nearness = self._means @ self._means[article]
        nearness[article] = -1
        best = np.argsort(-nearness, kind="stable")[:most].tolist()
        return [(number, float(nearness[number])) for number in best if nearness[number] > 0]

    @cached_property
    def _means(self) -> Floats:
        return self._vectors.means(self._article_of, int(self._article_of[-1]) + 1)

    def _vector(self, text: str) -> Floats:
        """Return the vector of a query; a long message is cut as articles are, and the mean direction taken."""
        passages = [one.text for one in passages_of("", "", text, "") if one.kind is Kind.BODY]
        rows = self._encoder.encode(passages[:MOST_PASSAGES] if len(passages) > 1 else [text])
        mean: Floats = rows.mean(axis=0)
        length = float(np.linalg.norm(mean))
        vector: Floats = mean / np.float32(length) if length else mean
        return vector if self._basis is None else vector @ self._basis


def open_meaning(folder: Path, article_of: NDArray[np.int32], encoder: Encoder | None) -> Meaning | None:
    """Open an index's vectors; None where there are none, or where another encoder made them than today's."""
    state = read_state(folder)
    if encoder is None or not state.vectors or state.encoder != encoder.name:
        return None
    return Meaning(Vectors(folder, len(article_of)), encoder, article_of, read_basis(folder))
