"""Sketches of who was there, small enough to be kept for each day and wording, so that days can be added up.

A sketch holds the KEPT smallest of short hashes of the visitors' names. Of several sketches the KEPT smallest are
again those of all people together, each once. So fewer than KEPT people are counted exactly, and more by how close
together the smallest lie (Bar-Yossef et al., RANDOM 2002; the estimate `(k - 1) / k-th smallest` of Beyer et al.,
SIGMOD 2007), to some 13 %.
"""

from collections.abc import Iterable
from hashlib import blake2b
from heapq import nsmallest

KEPT = 64
_DIGITS = 8
_SPACE = 1 << 4 * _DIGITS


def sketch(visitors: Iterable[str]) -> str:
    """Return the sketch of visitors."""
    found = {_short(visitor) for visitor in visitors}
    return "".join(nsmallest(KEPT, found) if len(found) > 1 else found)


def together(sketches: Iterable[str]) -> int:
    """Count the different people in sketches, each once."""
    found = {text[i : i + _DIGITS] for text in sketches for i in range(0, len(text), _DIGITS)}
    if len(found) < KEPT:
        return len(found)
    last: str = nsmallest(KEPT, found)[-1]
    return max(KEPT, round((KEPT - 1) * _SPACE / (int(last, 16) + 1)))


def _short(visitor: str) -> str:
    return blake2b(visitor.encode(), digest_size=_DIGITS // 2).hexdigest()
