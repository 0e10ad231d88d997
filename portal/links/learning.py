"""Learning: what an article's record says for or against suggesting it once more. Pure: records in, weights out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from portal.links.store import Record

USUAL = 0.2
"""Share of links that end badly, believed before anything was sent."""
PRIOR = 10.0
"""How many links that belief is worth, so that the first few of an article change next to nothing."""
SURE = 2.0
"""Standard deviations by which an article must differ from its rivals before it counts, and which don't count."""
SWING = 0.3
"""How much of a score a share of links that ended badly takes. Measured by `benchmarks/links.py`, as SURE was: larger,
and messages that never came before lose by what was learnt from others; smaller, and those that do gain less."""


@dataclass(frozen=True, slots=True)
class Ends:
    """How many links somebody surely saw, and how many of those ended badly."""

    seen: int
    badly: int

    @classmethod
    def of(cls, record: Record) -> "Ends":
        """Return the ends of a record. Badly: the customer came back, or said that the article did not help."""
        seen = max(record.opened, record.came_back, record.helpful + record.unhelpful)
        return cls(seen, min(seen, record.came_back + record.unhelpful))


def weights(rivals: Iterable[str], records: Mapping[str, Record]) -> dict[str, float]:
    """Return by what each article's score is to be multiplied; 1 for one of which nothing sure is known.

    rivals: articles that are suggested for the same message, since what counts is which of them ends better.

    With s links seen and b of them ended badly, the share that ends badly has the posterior Beta(PRIOR m + b,
    PRIOR (1 - m) + s - b), where m is the rivals' common share, itself drawn to USUAL by PRIOR links: the conjugate
    prior of a share, whose mean is drawn from the rivals (empirical Bayes: A. Gelman et al., "Bayesian Data Analysis",
    3rd edition, 2.4 and 5.1). What counts is how far its mean lies from m beyond SURE standard deviations, so that
    chance, which seldom goes farther, changes no order; times SWING it is taken from 1, or added.
    """
    ends = {article: Ends.of(records[article]) if article in records else Ends(0, 0) for article in rivals}
    seen, badly = (sum(getattr(one, name) for one in ends.values()) for name in ("seen", "badly"))
    common = (badly + USUAL * PRIOR) / (seen + PRIOR)
    return {article: 1 - SWING * _excess(one, common) for article, one in ends.items()}


def _excess(ends: Ends, common: float) -> float:
    """Return by how much an article's share of bad ends surely is above the common one; below it, less than 0."""
    total = PRIOR + ends.seen
    mean = (PRIOR * common + ends.badly) / total
    unsure = SURE * sqrt(mean * (1 - mean) / (total + 1))
    return max(mean - common - unsure, 0.0) + min(mean - common + unsure, 0.0)
