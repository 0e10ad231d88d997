from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.search.evaluation.measures import DEPTH, auroc, ndcg, percentile, recall, reciprocal_rank, success

IDS = some.lists(some.sampled_from("abcdefghijklmnopqrst"), unique=True, max_size=15)
GAINS = some.dictionaries(some.sampled_from("abcdefghijklmnopqrst"), some.integers(1, 3).map(float), min_size=1)
SCORES = some.lists(some.integers(0, 5).map(float), min_size=1, max_size=12)


def test_ndcg_weighs_linear_gains_by_the_logarithm_of_their_place() -> None:
    # DCG = 3/log2(2) + 0 + 1/log2(4) = 3.5; the best order gives 3/log2(2) + 2/log2(3) + 1/log2(4).
    assert ndcg(["c", "x", "a"], {"a": 1, "b": 2, "c": 3}) == pytest.approx(3.5 / (3 + 2 / log2(3) + 0.5))


def test_reciprocal_rank_counts_the_first_relevant_one_alone() -> None:
    assert reciprocal_rank(["x", "a", "b"], {"a", "b"}) == 1 / 2
    assert reciprocal_rank(["x"] * DEPTH + ["a"], {"a"}) == 0


def test_recall_is_the_share_of_all_relevant_ones() -> None:
    assert recall(["x", "a", "b"], {"a", "b", "c", "d"}) == 1 / 2


def test_success_looks_at_the_first_alone() -> None:
    assert success(["a", "x"], {"a"}) == 1
    assert success(["x", "a"], {"a"}) == 0
    assert success([], {"a"}) == 0


def test_auroc_counts_equal_scores_half() -> None:
    # Pairs: 3>1, 3>2, 2>1, and 2=2 counts half, so 3.5 of 4.
    assert auroc([3, 2], [1, 2]) == 3.5 / 4
    assert auroc([1, 1], [1]) == 1 / 2


def test_a_percentile_is_the_nearest_rank() -> None:
    values = [15.0, 20, 35, 40, 50]
    assert [percentile(values, percent) for percent in (5, 30, 40, 50, 99, 100)] == [15, 20, 20, 35, 50, 50]


@given(IDS, GAINS)
def test_every_measure_is_a_share_and_the_best_order_is_perfect(ranked: list[str], relevant: dict[str, float]) -> None:
    for measure in (ndcg, reciprocal_rank, recall, success):
        assert 0 <= measure(ranked, relevant) <= 1 + 1e-12
    best = sorted(relevant, key=lambda one: -relevant[one])
    assert ndcg(best, relevant) == pytest.approx(1)
    assert reciprocal_rank(best, relevant) == success(best, relevant) == 1


@given(IDS, GAINS)
def test_what_stands_below_the_first_ten_changes_nothing(ranked: list[str], relevant: dict[str, float]) -> None:
    for measure in (ndcg, reciprocal_rank, recall, success):
        assert measure(ranked, relevant) == measure(ranked[:DEPTH], relevant)


@given(IDS, GAINS, some.data())
def test_moving_a_relevant_one_up_is_never_worse(
    ranked: list[str], relevant: dict[str, float], draw: some.DataObject
) -> None:
    places = [i for i in range(1, len(ranked)) if ranked[i] in relevant and ranked[i - 1] not in relevant]
    if not places:
        return
    i = draw.draw(some.sampled_from(places))
    better = [*ranked[: i - 1], ranked[i], ranked[i - 1], *ranked[i + 1 :]]
    for measure in (ndcg, reciprocal_rank, recall, success):
        assert measure(better, relevant) >= measure(ranked, relevant)


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_in_order_and_turns_round_with_the_labels(
    positive: list[float], negative: list[float]
) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))
    assert auroc(negative, positive) == pytest.approx(1 - auroc(positive, negative))


@given(SCORES)
def test_percentiles_grow_and_are_among_the_values(values: list[float]) -> None:
    found = [percentile(values, percent) for percent in range(101)]
    assert found == sorted(found)
    assert set(found) <= set(values)
    assert found[-1] == max(values)
