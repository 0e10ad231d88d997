"""Measures of a ranking against judgements, and of scores against labels. Pure: values in, values out.

`ranked` are ids, best first; `relevant` are the ids of all that is relevant, with what each is worth, above 0.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from math import ceil, log2

DEPTH = 10
"""Places of a ranking that count: what the first page of results shows."""


def ndcg(ranked: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return nDCG@10 with linear gain: DCG = sum of gain / log2(place + 1), divided by that of the best order.

    Source: Järvelin and Kekäläinen 2002, with the discount of Burges et al. 2005; what trec_eval and BEIR report.
    """
    best = sorted(relevant.values(), reverse=True)[:DEPTH]
    return _dcg([relevant.get(one, 0.0) for one in ranked[:DEPTH]]) / _dcg(best)


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return 1 / place of the first relevant one; 0 where none is in the first ten. Its mean is MRR@10.

    Source: Voorhees 1999, TREC-8 question answering.
    """
    return next((1 / place for place, one in enumerate(ranked[:DEPTH], start=1) if one in relevant), 0.0)


def recall(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return the share of all relevant ones that is in the first ten, Recall@10. Source: trec_eval's recall.10."""
    return sum(one in relevant for one in ranked[:DEPTH]) / len(relevant)


def success(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return 1 where the first one is relevant, else 0, Success@1. Source: trec_eval's success.1."""
    return float(bool(ranked) and ranked[0] in relevant)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return how likely a positive one has a higher score than a negative one; equal scores count half.

    The area under the receiver operating curve, by ranks: (R - p(p+1)/2) / (p n), where R is the sum of the positive
    ones' ranks and equal scores share the mean of theirs. Source: Mann and Whitney 1947; Hanley and McNeil 1982.
    Both must have at least one.
    """
    labelled = sorted([(score, True) for score in positive] + [(score, False) for score in negative])
    before, ranks = 0, 0.0
    for _, group in groupby(labelled, key=lambda pair: pair[0]):
        labels = [label for _, label in group]
        ranks += sum(labels) * (before + (len(labels) + 1) / 2)
        before += len(labels)
    p, n = len(positive), len(negative)
    return (ranks - p * (p + 1) / 2) / (p * n)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of 100 of the values do not exceed: the nearest rank.

    Source: ISO 3534-1's empirical quantile. Always one of the values, of which there must be one.
    """
    return sorted(values)[max(ceil(percent / 100 * len(values)), 1) - 1]


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean of at least one value."""
    return sum(values) / len(values)


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, start=1))
