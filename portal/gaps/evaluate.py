"""Evaluate: how well clusters agree with what people said belongs together. Labelled queries in, figures out.

Queries labelled `__none__` are clustered like all others, and count in no figure but `none_clustered`.
"""

import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.gaps.cluster import Asked, Behind, cluster
from portal.gaps.labelled import NONE, Labelled

Ints = NDArray[np.int64]
Encode = Callable[[str, Sequence[str]], NDArray[np.float32] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two groupings of the same things compared; all from 0 (none) to 1, but `ari`, which is 0 on average by chance."""

    v_measure: float
    """Harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg, 2007)."""
    ari: float
    """Rand index, adjusted for chance (Hubert and Arabie, 1985)."""
    pairwise_precision: float
    """Of the pairs in one cluster, how many have one label; 1 where no two are together."""
    pairwise_recall: float
    """Of the pairs with one label, how many are in one cluster; 1 where there are none."""
    pairwise_f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What became of labelled queries. The fields are the keys of `portal evaluate-gaps --json`."""

    v_measure: float
    ari: float
    pairwise_precision: float
    pairwise_recall: float
    pairwise_f1: float
    clusters: int
    """Of all queries, those of a single query counted too."""
    seconds: float
    """From texts to clusters, vectors included; loading the encoder is not."""
    n: int
    """Queries, those labelled `__none__` too."""
    none_clustered: float
    """Share of the queries labelled `__none__` that are in a cluster with others; 0 where there are none."""


def evaluate(queries: Sequence[Labelled], lang: str, encode: Encode, behind: Behind) -> Evaluation:
    """Cluster queries as `find-gaps` does, each as if one person had asked it, and compare with the labels.

    encode, behind: `of` and `background` of `wording_vectors.Vectors`.
    """
    behind(lang)  # loads the encoder
    began = time.perf_counter()
    texts = [query.text for query in queries]
    found = cluster([Asked(text=text, lang=lang) for text in texts], encode(lang, texts), behind=behind)
    seconds = time.perf_counter() - began
    number_of = {i: number for number, one in enumerate(found) for i in one.members}
    known = [i for i, query in enumerate(queries) if query.label != NONE]
    agreed = agreement([queries[i].label for i in known], [number_of[i] for i in known])
    strays = [i for i, query in enumerate(queries) if query.label == NONE]
    together = sum(len(found[number_of[i]].members) > 1 for i in strays)
    return Evaluation(
        v_measure=agreed.v_measure,
        ari=agreed.ari,
        pairwise_precision=agreed.pairwise_precision,
        pairwise_recall=agreed.pairwise_recall,
        pairwise_f1=agreed.pairwise_f1,
        clusters=len(found),
        seconds=round(seconds, 3),
        n=len(queries),
        none_clustered=together / len(strays) if strays else 0.0,
    )


def agreement(labels: Sequence[Hashable], clusters: Sequence[Hashable]) -> Agreement:
    """Compare two groupings, given for the same things in the same order."""
    both = _sizes(list(zip(labels, clusters, strict=True)))
    ours, theirs = _sizes(clusters), _sizes(labels)
    right, paired, wanted = _pairs(both), _pairs(ours), _pairs(theirs)
    precision = right / paired if paired else 1.0
    recall = right / wanted if wanted else 1.0
    return Agreement(
        v_measure=_v_measure(both, ours, theirs),
        ari=_ari(right, paired, wanted, _pairs(np.array([len(labels)]))),
        pairwise_precision=precision,
        pairwise_recall=recall,
        pairwise_f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
    )


def _sizes(numbers: Sequence[Hashable]) -> Ints:
    return np.array(list(Counter(numbers).values()), np.int64)


def _pairs(sizes: Ints) -> float:
    return float((sizes * (sizes - 1) // 2).sum())


def _v_measure(both: Ints, ours: Ints, theirs: Ints) -> float:
    """Return twice the mutual information over the sum of the two entropies; 1 where nothing is told apart."""
    told = _entropy(ours) + _entropy(theirs)
    return float(min(1.0, max(0.0, 2 * (told - _entropy(both)) / told))) if told > 0 else 1.0


def _entropy(sizes: Ints) -> float:
    shares = sizes / max(int(sizes.sum()), 1)
    return float(-(shares * np.log(shares)).sum())


def _ari(right: float, paired: float, wanted: float, pairs: float) -> float:
    by_chance = paired * wanted / pairs if pairs else 0.0
    most = (paired + wanted) / 2
    return (right - by_chance) / (most - by_chance) if most != by_chance else 1.0
