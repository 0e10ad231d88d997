"""An encoder whose meanings are written down, so that tests of meaning load no model and come out the same anywhere.

Words of one concept point the same way; a text points where most of its words do.
"""

import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.search.document import IndexDocument
from portal.search.index_files import Beside, write_index
from portal.search.meaning.encoder import Encoder
from portal.search.meaning.kept import AT_ONCE, KeptVectors
from portal.search.text_index import TextIndex
from portal.search.words.languages import words

CONCEPTS = {
    concept: number
    for number, said in enumerate(
        (
            "password passwords passcode secret login credentials",
            "reset forgotten forgot lost recover",
            "refund refunds money cash reimbursement",
            "router modem wifi connection internet",
            "car automobile vehicle",
            "broken defect defective damaged",
        )
    )
    for concept in said.split()
}
_NAMED = 6


class Concepts:
    """Each word is one number of a vector: its concept's, or one of its own."""

    dims = 256
    languages = None

    def __init__(self, name: str = "concepts@1") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        rows = np.zeros((len(texts), self.dims), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text, "xx"):
                row[_number(word.text, self.dims)] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-9))


class KeptConcepts(KeptVectors):
    """Vectors of `Concepts`, where publishing would keep those of a model."""

    def __init__(self, folder: Path, *, at_once: int = AT_ONCE) -> None:
        super().__init__(folder / "kept.sqlite", "none", at_once=at_once)

    def encoder(self, lang: str) -> Encoder | None:  # noqa: ARG002 - the door's contract
        return Concepts()


def a_meant_index(
    folder: Path,
    documents: Iterable[IndexDocument],
    lang: str = "en",
    *,
    encoder: Encoder | None = None,
    at_once: int = 10_000,
) -> TextIndex:
    """Return an index whose sections have vectors. encoder: today's; at_once: texts that are not left waiting."""
    with KeptConcepts(folder, at_once=at_once) as kept:
        write_index(folder / "index", lang, documents, Beside(kept=kept))
    return TextIndex(folder / "index", lang, encoder or Concepts())


def _number(word: str, dims: int) -> int:
    return CONCEPTS.get(word, _NAMED + zlib.crc32(word.encode()) % (dims - _NAMED))
