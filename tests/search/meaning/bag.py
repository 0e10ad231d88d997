"""An encoder that needs no model: a text's vector is the sum of its words' own, so texts with like words are near."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.search.meaning.encoder import Encoder
from portal.search.meaning.kept import AT_ONCE, KeptVectors


class BagOfWords:
    """Deterministic, without loading; notes what it was given."""

    languages: frozenset[str] | None = None

    def __init__(self, dims: int = 64, name: str = "bag@1") -> None:
        self.dims = dims
        self.name = name
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        found = np.zeros((len(texts), self.dims), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                found[row] += _of_a_word(word, self.dims)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        np.divide(found, lengths, out=found, where=lengths > 0)
        return found


class KeptByBag(KeptVectors):
    """Kept vectors of one encoder that is at hand, for every language but Swedish."""

    def __init__(self, path: Path, bag: Encoder, *, at_once: int = AT_ONCE) -> None:
        super().__init__(path, "none", at_once=at_once)
        self.bag = bag

    def encoder(self, lang: str) -> Encoder | None:
        return None if lang == "sv" else self.bag


def _of_a_word(word: str, dims: int) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(dims).astype(np.float32)
