"""What a slip of the fingers costs: letters side by side on a keyboard are mixed up more easily than others."""

from collections.abc import Iterator
from itertools import pairwise

# Letters without accents, as words are compared: й and и share a place in the list, and so do ς and σ.
_ROWS = (
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("qwertzuiop", "asdfghjkl", "yxcvbnm"),
    ("azertyuiop", "qsdfghjklm", "wxcvbn"),
    ("ицукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    (";σερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"),
)
# Spelled by ear rather than by hand: any vowel for another, and consonants that sound alike.
_BY_EAR = ("aeiouy", "аеиоуыэюя", "αεηιουω", "ck", "cs", "sz", "fv", "bp", "dt", "gk", "gj", "mn", "vw")

STRANGER = 1.0
"""Any other letter in its place, or one too many."""
SLIP = 0.8
"""A letter for its neighbour on the keyboard, or for one that sounds alike."""
MISSING = 0.45
"""A letter left out; there are 26 ways to type a wrong one and a single way to drop one."""
SWAPPED = 0.4
"""Two neighbours in the wrong order."""
DOUBLED = 0.4
"""One of two equal letters left out, or a letter doubled."""
_BAND = 2  # letters by which the two may be out of step on the way


def slip_cost(typed: str, meant: str) -> float:
    """Return what it takes to come from `meant` to `typed`, each slip weighed; 0 where they are equal.

    Optimal string alignment: no letter is touched twice. MISSING and SWAPPED beside STRANGER are what the fit
    described in `spelling` gave; SLIP and DOUBLED can't be learned from edits at random, and are our own guess.
    """
    start, tail = _alike(typed, meant)
    return _align(typed, meant, start, tail)


def is_slip(typed: str, meant: str) -> bool:
    """Whether one letter is easily taken for the other: side by side on a keyboard, or alike in sound."""
    return (typed, meant) in _NEAR


def _alike(typed: str, meant: str) -> tuple[int, int]:
    """Return how many letters both have in common at the beginning, and of the rest at the end."""
    shorter = min(len(typed), len(meant))
    start = next((i for i in range(shorter) if typed[i] != meant[i]), shorter)
    rest = shorter - start
    return start, next((i for i in range(rest) if typed[-1 - i] != meant[-1 - i]), rest)


def _align(typed: str, meant: str, start: int, tail: int) -> float:
    """Fill the table of costs from (start, start), but for the corners that no few slips lead through."""
    width, height = len(meant) - tail, len(typed) - tail
    band = _BAND + abs(width - height)
    costs = {(start, start): 0.0}
    for i in range(start, height + 1):
        for j in range(max(start, i - band), min(width, i + band) + 1):
            ways = [costs[i, j]] if i == j == start else []
            if (i - 1, j) in costs:
                ways.append(costs[i - 1, j] + _odd_one(typed, i - 1, STRANGER))
            if (i, j - 1) in costs:
                ways.append(costs[i, j - 1] + _odd_one(meant, j - 1, MISSING))
            if (i - 1, j - 1) in costs:
                ways.append(costs[i - 1, j - 1] + _instead(typed[i - 1], meant[j - 1]))
            if (i - 2, j - 2) in costs and typed[i - 2 : i] == meant[j - 1] + meant[j - 2]:
                ways.append(costs[i - 2, j - 2] + SWAPPED)
            costs[i, j] = min(ways)
    return costs[height, width]


def _odd_one(word: str, place: int, cost: float) -> float:
    """Return the cost of a letter that the other word does not have."""
    return DOUBLED if word[place] in (word[place - 1 : place], word[place + 1 : place + 2]) else cost


def _instead(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    return SLIP if is_slip(typed, meant) else STRANGER


def _side_by_side() -> Iterator[tuple[str, str]]:
    """Yield neighbours within a row, and across rows, which stand half a key to the right of the one above."""
    for rows in _ROWS:
        for row in rows:
            yield from pairwise(row)
        for upper, lower in pairwise(rows):
            yield from zip(lower, upper, strict=False)
            yield from zip(lower, upper[1:], strict=False)


def _sound_alike() -> Iterator[tuple[str, str]]:
    for letters in _BY_EAR:
        yield from ((one, other) for one in letters for other in letters if one < other)


_NEAR = frozenset(pair for a, b in (*_side_by_side(), *_sound_alike()) for pair in ((a, b), (b, a)))
