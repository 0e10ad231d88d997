"""Steady: any text in, a vector of length one out, whatever the engine behind it makes of odd ones."""

import logging
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portal.text import one_line

LONGEST = 2_000
"""Characters of a text that are encoded. A passage has some 450; 100,000 took USE 1.9 s, these take it 40 ms."""
CLEANING = "1"
"""Changes when the same text reaches the engines in another form; part of every encoder's name."""
_log = logging.getLogger(__name__)


class Engine(Protocol):
    """What a model has to bring; `SteadyEncoder` does the rest."""

    @property
    def name(self) -> str:
        """The model and the version of its weights."""

    @property
    def dims(self) -> int:
        """Numbers in a vector."""

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """Encode texts that are not empty, of one line and at most LONGEST characters; of any length, in any order."""


class SteadyEncoder:
    """An encoder (see `encoder.Encoder`) made of an engine."""

    def __init__(self, engine: Engine, languages: frozenset[str] | None) -> None:
        """languages: those that the engine knows, without regions; None for any."""
        self._engine = engine
        self.languages = languages
        self.name = f"{engine.name}+{CLEANING}"
        self.dims = engine.dims

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row of length one for each text; of zeros where it is empty or can't be encoded."""
        found = np.zeros((len(texts), self.dims), np.float32)
        tidied = [tidy(text) for text in texts]
        said = [i for i, text in enumerate(tidied) if text]
        if said:
            found[said] = _of_length_one(self._vectors([tidied[i] for i in said]))
        return found

    def _vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """Ask the engine; where it fails at a text, that one alone goes without."""
        try:
            return self._engine.vectors(texts)
        except Exception:  # noqa: BLE001 - engines are other people's code, and no text may end a request
            if len(texts) == 1:
                _log.exception("%s can't encode a text of %d characters.", self.name, len(texts[0]))
                return np.zeros((1, self.dims), np.float32)
        return np.concatenate([self._vectors([text]) for text in texts])


def tidy(text: str) -> str:
    """Fold white space, drop what no engine understands (controls, half characters), and cut to LONGEST."""
    return one_line(text.lstrip()[: 4 * LONGEST])[:LONGEST]


def _of_length_one(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Normalise each row; what has no direction becomes zeros."""
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    is_sound = np.isfinite(squares) & (squares > 0)
    factors = np.divide(1.0, np.sqrt(squares, where=is_sound, out=np.ones_like(squares)))
    sound: NDArray[np.float32] = np.where(is_sound[:, None], vectors * factors[:, None].astype(np.float32), 0)
    return sound.astype(np.float32, copy=False)
