"""Basis: fewer numbers a vector in large indexes, so that a query is held against all of them in half the time.

Vectors are turned so that their first numbers tell most (principal axes of the index's own vectors, not centred, so
that inner products stay what they are), and the others are left out. Ranking stays the same: docs/search.md has what
was measured.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.search.array_file import open_arrays, write_arrays

FEWER = 192
"""Numbers that are left of a vector. nDCG@10 on development halves with 512, 256, 192 and 128: bc-keywords .614 .614
.615 .616, stackfaq .928 .927 .927 .926, covidfaq-en .817 .821 .820 .810, xquad-en .980 .980 .980 .976."""
MANY = 4_000
"""Passages from which on it pays; in fewer, a new article may lie outside of what the others span."""
_FILE = "basis.bin"
Floats = NDArray[np.float32]


def principal_basis(vectors: Floats) -> Floats | None:
    """Return FEWER axes as columns, the most telling first; None where vectors have no more numbers than that."""
    if vectors.shape[1] <= FEWER:
        return None
    _, axes = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    basis: Floats = np.ascontiguousarray(axes[:, ::-1][:, :FEWER], np.float32)
    return basis


def write_basis(folder: Path, basis: Floats | None) -> None:
    """Write an index's basis; None for vectors as they come."""
    (folder / _FILE).unlink(missing_ok=True)
    if basis is not None:
        write_arrays(folder / _FILE, {"basis": basis})


def read_basis(folder: Path) -> Floats | None:
    """Return an index's basis. Raises ValueError where the file is damaged."""
    return open_arrays(folder / _FILE)["basis"] if (folder / _FILE).exists() else None
