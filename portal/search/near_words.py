"""Near words: what a misspelt word may have meant, among the words of one completions file and no others."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from portal.search.word_places import Places, is_of_letters

FEWEST_LETTERS = 3
"""Shorter beginnings are near to everything."""
LETTERS_FOR_TWO = 8
"""From so many letters on, two edits are forgiven where one finds nothing."""
MOST_NEAR = 12
"""Words that one is taken for, the nearest and most used first."""
EDIT = 8
"""What an edit costs. One that leaves more letters of a longer beginning in their places costs up to 4 more."""


def near(places: Places, typed: str, *, is_beginning: bool) -> list[tuple[int, int]]:
    """Return (place, cost) of the words that `typed` may be meant for: the cheapest first, of these the most used.

    An edit is a letter too many, missing or wrong, or two in the wrong order (optimal string alignment). The first
    letter is right, or has changed places with the second. is_beginning: some beginning of the word is that near.
    """
    if len(typed) < FEWEST_LETTERS or not is_of_letters(typed):
        return []
    for edits in (1, 2) if len(typed) >= LETTERS_FOR_TWO else (1,):
        found = _swapped(places, typed, edits, is_beginning) | _within(places, typed, edits, is_beginning)
        if found:
            used = {place: int(places.ends[place + 1] - places.ends[place]) for place in found}
            return sorted(found.items(), key=lambda one: (one[1], -used[one[0]], one[0]))[:MOST_NEAR]
    return []


def _swapped(places: Places, typed: str, edits: int, is_beginning: bool) -> dict[int, int]:
    """Take the first two letters for each other, which is one of the edits."""
    found = _within(places, typed[1] + typed[0] + typed[2:], edits - 1, is_beginning)
    return {place: cost + EDIT for place, cost in found.items()}


def _within(places: Places, typed: str, edits: int, is_beginning: bool) -> dict[int, int]:
    """Return place -> cost of the words that have the first letter and are that near, or have a beginning that is."""
    where = places.beginning(typed[0])
    words = places.at(where)
    if not words:
        return {}
    longest = len(typed) + edits
    missing = np.maximum(longest - np.fromiter(map(len, words), np.int32), 0) if is_beginning else np.int32(0)
    costs = np.full(len(words), (edits + 1) * EDIT)
    for lost in range(2 * edits + 1 if is_beginning else 1):
        cuts = [word[: longest - lost] for word in words] if is_beginning else words
        costs = np.minimum(costs, _distances(typed, cuts, edits) * EDIT + np.maximum(missing, lost))
    near_enough = np.flatnonzero(costs < (edits + 1) * EDIT)
    return {where[spot]: int(costs[spot]) for spot in near_enough.tolist()}


def _distances(typed: str, words: list[str], most: int) -> NDArray[np.int32]:
    found: NDArray[np.int32] = cdist([typed], words, scorer=OSA.distance, score_cutoff=most)[0]
    return found
