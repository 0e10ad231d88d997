"""Confidence: how likely it is that an article here answers a query, from what its ranking looks like.

A logistic model of a few signs, fitted on the development halves of the judged collections, each with equal weight:
every query once as it is, once with its answers left out, and queries of other collections; see docs/search.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from portal.search.blending import Blend
from portal.search.ranking import Sheet

FLOOR = 0.15
"""Confidence under which a page says that it found nothing good, where `portal.toml` names no other: on every judged
collection at most one in twenty queries that have an answer is under it."""
NAMED = 0.3
"""Confidence at least, where one word is asked for and articles have it: a product's name, of which many speak, lets
none stand out, and yet whoever types it is answered by a list of them."""
ONE_WORD = 0.1
AMONG = 10
"""Articles that the best one is held against."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells a ranking that has an answer from one that has none; all about 0 to 1."""

    above: float
    """How far the best article is above the mean of the first ones."""
    words: float
    """The highest share of what the words could have reached, of any section."""
    nearness: float
    """The highest nearness in meaning of any section."""
    covered: float
    """Share of the query's words, by how telling they are, that the best section and its article have."""
    length: float
    """Words looked for, tenths, 1 at most."""

    def values(self) -> tuple[float, ...]:
        """Return all signs in order."""
        return self.above, self.words, self.nearness, self.covered, self.length


_WITH_MEANING = (-4.51, (7.51, 2.77, 2.70, 0.33, 1.03))
_MEANING_ALONE = (-3.63, (2.57, 0.0, 5.67, 0.0, 0.0))
_WORDS_ALONE = (-3.33, (4.90, 3.45, 0.0, 0.0, 1.11))
"""Where the scale begins, and what each sign weighs, in order. The second is for queries none of whose words stands
here, fitted on the same queries with all words taken away, and begins 0.89 lower than was fitted (odds of 0.41 to 1):
who asks in words that nobody wrote more often asks for what is not there."""


def signs(sheet: Sheet, blend: Blend, best: Sequence[int]) -> Signs:
    """Read the signs of a ranking. best: the places in `blend.articles` of the first ones, AMONG of them at most."""
    scores = blend.article_scores[list(best[:AMONG])]
    section = blend.sections[blend.best_of(best[0])]
    place = int(np.searchsorted(sheet.sections, section))
    is_met = place < len(sheet.sections) and sheet.sections[place] == section
    return Signs(
        above=float(scores[0] - scores.mean()) if len(scores) > 1 else float(scores[0]),
        words=float(blend.words.max()),
        nearness=float(blend.nearness.max()) if blend.nearness is not None else 0.0,
        covered=_covered(int(sheet.met[place]), sheet.rarities) if is_met else 0.0,
        length=min(len(sheet.rarities), 10) / 10,
    )


def confidence(seen: Signs, *, has_meaning: bool) -> float:
    """Return the probability, 0 to 1, that one of the articles answers."""
    start, weights = _WORDS_ALONE
    if has_meaning:
        start, weights = _WITH_MEANING if seen.words else _MEANING_ALONE
    sure = 1 / (1 + exp(-start - sum(weight * value for weight, value in zip(weights, seen.values(), strict=True))))
    return max(sure, NAMED) if seen.length == ONE_WORD and seen.covered == 1 else sure


def _covered(met: int, rarities: Sequence[float]) -> float:
    whole = sum(rarities)
    return sum(rarity for bit, rarity in enumerate(rarities) if met >> bit & 1) / whole if whole else 0.0
