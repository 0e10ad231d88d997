"""Figures of agreement, beside those of scikit-learn."""

import random
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, v_measure_score

from portal.gaps.evaluate import agreement, evaluate
from portal.gaps.labelled import NONE, Labelled


def no_vectors(_: str, __: Sequence[str] = ()) -> NDArray[np.float32] | None:
    return None


@pytest.mark.parametrize("seed", range(8))
def test_figures_are_those_of_scikit_learn(seed: int) -> None:
    drawn = random.Random(seed)
    labels = [drawn.randrange(6) for _ in range(60)]
    clusters = [label if drawn.random() < 0.6 else drawn.randrange(9) for label in labels]
    found = agreement(labels, clusters)
    assert found.v_measure == pytest.approx(v_measure_score(labels, clusters))
    assert found.ari == pytest.approx(adjusted_rand_score(labels, clusters))


def test_pairs_are_counted_one_by_one() -> None:
    labels, clusters = "aaabbc", "xxyyyz"
    pairs = list(combinations(range(6), 2))
    one_label = {pair for pair in pairs if labels[pair[0]] == labels[pair[1]]}
    one_cluster = {pair for pair in pairs if clusters[pair[0]] == clusters[pair[1]]}
    found = agreement(labels, clusters)
    assert found.pairwise_precision == len(one_label & one_cluster) / len(one_cluster)
    assert found.pairwise_recall == len(one_label & one_cluster) / len(one_label)


def test_the_same_grouping_by_other_names_is_perfect() -> None:
    found = agreement("aabbc", "xxyyz")
    assert (found.v_measure, found.ari, found.pairwise_f1) == (pytest.approx(1), 1, 1)


@pytest.mark.parametrize(("labels", "clusters"), [("", ""), ("a", "x"), ("aaaa", "xxxx"), ("abcd", "wxyz")])
def test_nothing_to_tell_apart_is_told_without_fault(labels: str, clusters: str) -> None:
    found = agreement(labels, clusters)
    assert (found.v_measure, found.ari, found.pairwise_f1) == (1, 1, 1)


def test_one_heap_of_strangers_agrees_with_nothing() -> None:
    found = agreement("abcd", "xxxx")
    assert (found.v_measure, found.ari, found.pairwise_precision) == (0, 0, 0)


def test_queries_of_no_need_count_in_nothing_but_their_own_share() -> None:
    texts = ["where is my parcel", "where is my parcel now", "refund broken lamp", "broken lamp refund"]
    known = [Labelled(str(i), text, text[:5] if i < 2 else "lamp") for i, text in enumerate(texts)]
    strays = [Labelled("8", "where is my parcel please", NONE), Labelled("9", "asdfgh", NONE)]
    alone = evaluate(known, "en", no_vectors, no_vectors)
    found = evaluate([*known, *strays], "en", no_vectors, no_vectors)
    assert (alone.v_measure, alone.pairwise_f1, alone.none_clustered) == (pytest.approx(1), 1, 0)
    assert (found.v_measure, found.pairwise_f1, found.none_clustered) == (pytest.approx(1), 1, 0.5)
    assert (found.n, found.clusters) == (6, 3)
