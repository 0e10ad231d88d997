"""WordLlama: a vector for each word piece, taken from a language model and averaged. English; small and very fast."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "wordllama"
LANGUAGES = frozenset({"en"})


class WordLlamaEngine:
    """The model that comes with the package, loaded: about 120 MB. Threads may share it, and processes after a fork."""

    dims = 256

    def __init__(self, wordllama: ModuleType) -> None:
        """wordllama: the package, imported. Raises FileNotFoundError where its files are gone; never downloads."""
        folder = Path(str(wordllama.__file__)).parent
        model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True, dim=self.dims)
        self._tokenizer: Any = model.tokenizer
        self._pieces: NDArray[np.float32] = model.embedding
        self.name = f"wordllama-l2-supercat@{wordllama.__version__}"

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """Average the vectors of each text's word pieces.

        The package's own `embed` does the same, with threads of its own (which don't outlive a fork) and NaN where
        a text has no pieces.
        """
        found = np.zeros((len(texts), self.dims), np.float32)
        for row, text in zip(found, texts, strict=True):
            pieces = self._tokenizer.encode(text, add_special_tokens=False).ids
            if pieces:
                row[:] = self._pieces[np.clip(pieces, 0, len(self._pieces) - 1)].mean(axis=0)
        return found
