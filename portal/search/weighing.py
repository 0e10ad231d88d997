"""Weighing: from counts to impacts, what each word adds to the score of each section and article that has it.

BM25F as a sum of fields: each field has its own length normalisation and its boost (Robertson and Zaragoza 2009,
"The Probabilistic Relevance Framework", section 3.6, in the simple form that Whoosh uses too), worked out when a
generation is written and not when somebody asks (Lù 2024, "BM25S", arXiv 2407.03618).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from portal.search.counts import ARTICLE_KINDS, SECTION_KINDS, Counts, Rows

Floats = NDArray[np.float64]
BOOSTS = {"title": 1.2, "aka": 1.2, "tags": 1.0, "summary": 1.0, "headings": 1.0, "body": 1.0}
"""What a word counts in each field. Title and headings tuned on the development halves of stackfaq, covidfaq-en
and bc-keywords; the sets have no `aka`, `tags` or `summary`, so these three stand beside the nearest of the others."""


def rarity(holders: Floats, of: int) -> Floats:
    """Return the idf of words that `holders` out of `of` texts have, in Lucene's form: never below zero."""
    return np.log(1 + (of - holders + 0.5) / (holders + 0.5))


def mean_where_any(lengths: NDArray[np.int32]) -> float:
    """Return the mean length of a field over the texts that have it."""
    present = lengths[lengths > 0]
    return float(present.mean()) if len(present) else 1.0


@dataclass(frozen=True, slots=True)
class Formula:
    """What scores are made with; the parts that are functions are there so that others' formulas can be held beside."""

    k1: float = 1.2
    """How soon repeating a word stops helping."""
    b: float = 0.75
    """How much longer texts are held back."""
    boosts: Mapping[str, float] = field(default_factory=lambda: BOOSTS)
    rarity: Callable[[Floats, int], Floats] = rarity
    mean: Callable[[NDArray[np.int32]], float] = mean_where_any


@dataclass(frozen=True, slots=True)
class Scores:
    """`at[w]:at[w + 1]` are the units that word w stands in, ascending, with what it adds to the score of each."""

    at: NDArray[np.int64]
    units: NDArray[np.int32]
    gains: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Impacts:
    """All words' impacts, and by word: the most it can add, and how telling it is."""

    by_section: Scores
    by_article: Scores
    peaks: NDArray[np.float32]
    rarities: NDArray[np.float32]


def weigh(counts: Counts, formula: Formula | None = None) -> Impacts:
    """Work out all impacts."""
    formula = formula or Formula()
    by_section = _scores(counts.by_section, SECTION_KINDS, formula)
    by_article = _scores(counts.by_article, ARTICLE_KINDS, formula)
    holders = np.maximum(np.diff(by_section.at), np.diff(by_article.at)).astype(np.float64)
    return Impacts(
        by_section,
        by_article,
        (_highest(by_section) + _highest(by_article)).astype(np.float32),
        rarity(holders, len(counts.article_of)).astype(np.float32),
    )


def _scores(rows: Rows, kinds: tuple[str, ...], formula: Formula) -> Scores:
    many, of = len(rows.at) - 1, rows.lengths.shape[1]
    word = np.repeat(np.arange(many), np.diff(rows.at))
    pair = word * len(kinds) + rows.fields
    holders = np.bincount(pair, minlength=many * len(kinds)).astype(np.float64)
    boosts = np.array([formula.boosts.get(kind, 0.0) for kind in kinds])
    weights = (formula.rarity(holders, of).reshape(many, len(kinds)) * boosts).ravel().astype(np.float32)
    means = np.array([formula.mean(lengths) for lengths in rows.lengths])
    relative = (1 - formula.b + formula.b * rows.lengths / means[:, None]).astype(np.float32) * np.float32(formula.k1)
    counted = rows.counts.astype(np.float32)
    gains = weights[pair] * counted * np.float32(formula.k1 + 1) / (counted + relative[rows.fields, rows.units])
    return _one_a_unit(rows, word, gains)


def _one_a_unit(rows: Rows, word: NDArray[np.int64], gains: NDArray[np.float32]) -> Scores:
    """Add up the fields of a unit, whose rows stand together."""
    if not len(word):
        return Scores(rows.at, rows.units, gains)
    is_first = np.concatenate([[True], (np.diff(word) != 0) | (np.diff(rows.units) != 0)])
    starts = np.flatnonzero(is_first)
    at = np.searchsorted(starts, rows.at)
    return Scores(at.astype(np.int64), rows.units[starts], np.add.reduceat(gains, starts))


def _highest(scores: Scores) -> NDArray[np.float32]:
    highest = np.zeros(len(scores.at) - 1, np.float32)
    some = np.flatnonzero(np.diff(scores.at) > 0)
    if len(some):
        highest[some] = np.maximum.reduceat(scores.gains, scores.at[some])
    return highest
