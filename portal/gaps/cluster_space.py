"""Space: where each wording stands, so that inner products say how far two ask for the same thing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from portal.gaps.cluster_background import background
from portal.gaps.cluster_words import Floats, of_length_one, strongest, word_vectors

MEANING = 0.5
"""Share of meaning in what is alike; the rest is words. This and all below: docs/gaps-clusters.md has the trials."""
COMMON = 2
"""Directions that most of a collection's vectors have in common and that are taken out of them: what every customer
of one shop says. All-but-the-top, Mu and Viswanath, 2018."""
WORD_DIMS = 200
DIMS = 256
NEIGHBOURS = 5
"""How many of its nearest draw a wording towards them, once."""
FLOOR = 0.3
"""Likeness from which a neighbour draws at all, so that strays don't find together."""
FEW = 400
"""Wordings up to which the background stands beside them."""
_AT_ONCE = 1024
"""Rows whose products with all others are held at once."""


def space(texts: Sequence[str], lang: str, vectors: Floats | None, behind: Floats | None = None) -> Floats:
    """Return a row of length one for each text of one language, or of zeros where it is like no other.

    vectors: rows of length one, or of zeros; None where no encoder knows the language. behind: those of
    `background(lang)`, by the same encoder; where there are few texts and it is None, the texts alone are centred.
    """
    added = background(lang) if len(texts) <= FEW else ()
    said = word_vectors([*added, *texts], lang, WORD_DIMS)[len(added) :]
    if vectors is None or not vectors.any():
        return said
    known = behind if added and behind is not None else vectors[:0]
    meant = _centred(np.concatenate([known, vectors]))[len(known) :]
    both = np.concatenate([meant * np.float32(MEANING**0.5), said * np.float32((1 - MEANING) ** 0.5)], axis=1)
    return of_length_one(strongest(both, DIMS))


def drawn(rows: Floats) -> Floats:
    """Move each row towards its nearest, the nearer the more: wordings of one need close up, strays stay."""
    if len(rows) <= 1:
        return rows
    found = np.empty_like(rows)
    for start in range(0, len(rows), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        near, likeness = _nearest(rows[some] @ rows.T, start)
        weights = (np.maximum(likeness - FLOOR, 0) / (1 - FLOOR)).astype(np.float32)
        found[some] = rows[some] + np.einsum("ik,ikd->id", weights, rows[near])
    return of_length_one(found)


def _centred(vectors: Floats) -> Floats:
    """Take out the mean and the COMMON strongest directions, where there are enough texts to know them."""
    is_known = np.asarray(vectors.any(axis=1))
    if is_known.sum() <= 10 * COMMON:
        return vectors
    away: Floats = np.where(is_known[:, None], vectors - vectors[is_known].mean(axis=0), 0).astype(np.float32)
    _, directions = np.linalg.eigh(away.T @ away)
    common = directions[:, -COMMON:].astype(np.float32)
    return of_length_one((away - away @ common @ common.T).astype(np.float32))


def _nearest(likeness: Floats, start: int) -> tuple[NDArray[np.int64], Floats]:
    """Return the NEIGHBOURS nearest of each row, itself left out. likeness: changed. start: number of the first row."""
    lines = np.arange(len(likeness))
    likeness[lines, start + lines] = -1
    near, values = [], []
    for _ in range(min(NEIGHBOURS, likeness.shape[1] - 1)):
        best = likeness.argmax(axis=1)
        near.append(best)
        values.append(likeness[lines, best])
        likeness[lines, best] = -1
    return np.stack(near, axis=1), np.stack(values, axis=1)
