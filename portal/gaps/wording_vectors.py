"""Wording vectors: what the wordings mean, encoded once and kept, so that a new day encodes its new ones alone."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.gaps.cluster_background import background
from portal.search.meaning.kept import KeptVectors

ALL_AT_ONCE = 1_000_000
"""Texts that are encoded as they are asked for: whoever looks for gaps waits for all."""
ALIKE = 0.6
"""Cosine from which two queries of one visitor within two minutes are taken for one need."""
MOST_COMPARED = 4000
"""Texts that are encoded in one run for that question alone; beyond, queries that share nothing count as two needs."""
Floats = NDArray[np.float32]


class Vectors:
    """Vectors of wordings, by a cache file that may be deleted at any time."""

    def __init__(self, path: Path, encoder: str) -> None:
        """path: of the cache. encoder: the setting PORTAL_ENCODER."""
        self._kept = KeptVectors(path, encoder, at_once=ALL_AT_ONCE)
        self._rows: dict[tuple[str, str], Floats | None] = {}
        self._compared = 0

    def of(self, lang: str, texts: Sequence[str]) -> Floats | None:
        """Return a row of length one for each text; None where no encoder knows the language."""
        if self._kept.encoder(lang) is None:
            return None
        rows, _ = self._kept.vectors(lang, texts)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Floats = rows / np.maximum(lengths, 1e-9)
        return unit

    def background(self, lang: str) -> Floats | None:
        """Return a row for each question of `cluster_background.background`, as `cluster` asks for them."""
        return self.of(lang, background(lang))

    def alike(self, lang: str, one: str, other: str) -> bool:
        """Whether two queries mean alike."""
        a, b = self._row(lang, one), self._row(lang, other)
        return a is not None and b is not None and float(a @ b) >= ALIKE

    def close(self) -> None:
        """Close the cache."""
        self._kept.close()

    def _row(self, lang: str, text: str) -> Floats | None:
        key = (lang, text)
        if key not in self._rows:
            if self._compared >= MOST_COMPARED:
                return None
            self._compared += 1
            rows = self.of(lang, [text])
            self._rows[key] = None if rows is None else rows[0]
        return self._rows[key]
