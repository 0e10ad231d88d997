"""Vectors on disk: one for each passage, of an index's sections in their order, mapped into memory.

The matrix lies in a few immutable files that later generations link, for it is large: an edit adds a small one. What
tells which row belongs to which passage is small and written anew with each generation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.search.array_file import open_arrays, write_arrays

PASSAGES = "passages.bin"
MOST_FILES = 5
"""Files of vectors that an update may leave; then all are written into one."""
MOST_IDLE = 0.2
"""Share of rows that no passage has any more, after which all are written into one file."""
_MATRIX = "vectors-{}.bin"
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Places:
    """Passages in order of their sections; `rows` count through all files of vectors, in the order of `files`."""

    sections: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    """Characters of the section's text."""
    rows: NDArray[np.int32]
    files: NDArray[np.int32]
    """Numbers in the names of the files of vectors."""


class Vectors:
    """Reads the vectors of one index; nothing of it ever changes, so threads need no lock."""

    def __init__(self, folder: Path, sections: int) -> None:
        """folder: the index's, written by `write_vectors`. sections: how many it has. Raises ValueError or OSError."""
        self.places, self._matrices = open_vectors(folder)
        self._sections = sections
        found = self.places.sections
        self._starts = np.flatnonzero(np.concatenate([[True], np.diff(found) != 0])) if len(found) else found
        self._told = found[self._starts]

    def nearness(self, query: Floats) -> tuple[Floats, Floats]:
        """Return the inner product of a query's vector with each passage, and the highest of each section.

        A section without passages has 0.
        """
        rows = np.concatenate([matrix @ query for matrix in self._matrices] or [np.zeros(0, np.float32)])
        by_passage = rows[self.places.rows]
        by_section = np.zeros(self._sections, np.float32)
        if len(by_passage):
            by_section[self._told] = np.maximum.reduceat(by_passage, self._starts)
        return by_passage, by_section

    def best_passage(self, section: int, by_passage: Floats) -> tuple[int, int] | None:
        """Return from where to where, in a section's text, the passage stands that is nearest; None without any."""
        first, last = np.searchsorted(self.places.sections, [section, section + 1])
        if first == last:
            return None
        best = first + int(np.argmax(by_passage[first:last]))
        return int(self.places.starts[best]), int(self.places.ends[best])

    def means(self, article_of: NDArray[np.int32], articles: int) -> Floats:
        """Return the mean direction of each article's passages, of length one; zeros for one without any."""
        dims = self._matrices[0].shape[1] if self._matrices else 1
        sums = np.zeros((articles, dims), np.float32)
        of = article_of[self.places.sections]
        starts = np.flatnonzero(np.concatenate([[True], np.diff(of) != 0])) if len(of) else of
        if len(of):
            sums[of[starts]] = np.add.reduceat(np.concatenate(self._matrices)[self.places.rows], starts, axis=0)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        means: Floats = np.divide(sums, lengths, out=sums, where=lengths > 0)
        return means


def open_vectors(folder: Path) -> tuple[Places, list[Floats]]:
    """Map an index's vectors into memory. Raises ValueError or OSError."""
    arrays = open_arrays(folder / PASSAGES)
    places = Places(*(arrays[part] for part in Places.__slots__))
    return places, [open_arrays(folder / _MATRIX.format(number))["vectors"] for number in places.files.tolist()]


def write_vectors(folder: Path, places: Sequence[tuple[int, int, int]], vectors: Floats) -> None:
    """Write the passages of an index anew. places: (section, start, end), by section; vectors: theirs, a row each."""
    remove_vectors(folder)
    _write(folder, np.array(places, np.int32).reshape(-1, 3), vectors, [])


def remove_vectors(folder: Path) -> None:
    """Take an index's vectors out of its folder; older folders that link them keep them."""
    for old in (*folder.glob(_MATRIX.format("*")), folder / PASSAGES):
        old.unlink(missing_ok=True)


def update_vectors(
    folder: Path,
    stays: tuple[NDArray[np.int32], NDArray[np.int32]],
    places: Sequence[tuple[int, int, int]],
    vectors: Floats,
) -> None:
    """Carry an index on whose files are links to those of an older one.

    stays: the passages that stay, by number, and their sections now; all sections of new passages come behind these.
    """
    old, matrices = open_vectors(folder)
    numbers, sections = stays
    fresh = np.array(places, np.int32).reshape(-1, 3)
    known = np.stack([sections, old.starts[numbers], old.ends[numbers]], axis=1).astype(np.int32)
    total = sum(len(matrix) for matrix in matrices)
    if len(matrices) >= MOST_FILES or len(numbers) < (1 - MOST_IDLE) * total:
        rows = [np.concatenate(matrices)[old.rows[numbers]]] if total else []
        for number in old.files.tolist():
            (folder / _MATRIX.format(number)).unlink()
        _write(folder, np.concatenate([known, fresh]), np.concatenate([*rows, vectors]), [])
        return
    numbered = np.concatenate([old.rows[numbers], total + np.arange(len(fresh))])
    _write(folder, np.concatenate([known, fresh]), vectors, old.files.tolist(), numbered)


def _write(
    folder: Path,
    places: NDArray[np.int32],
    vectors: Floats,
    files: list[int],
    rows: NDArray[np.int64] | None = None,
) -> None:
    number = max(files, default=0) + 1
    if len(vectors):
        write_arrays(folder / _MATRIX.format(number), {"vectors": vectors})
        files = [*files, number]
    rows = np.arange(len(places)) if rows is None else rows
    parts: Mapping[str, NDArray[np.int32]] = {
        "sections": places[:, 0], "starts": places[:, 1], "ends": places[:, 2], "rows": rows.astype(np.int32),
        "files": np.array(files, np.int32),
    }  # fmt: skip
    write_arrays(folder / PASSAGES, parts)
