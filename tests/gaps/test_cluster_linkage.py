"""Average linkage without a table of pairs: the same as with one."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from portal.gaps.cluster_linkage import FREE, Bonds, link


def rows_at_random(seed: int, count: int = 120) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(12, 10))
    rows = centres[rng.integers(12, size=count)] + 0.6 * rng.normal(size=(count, 10))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def apart(rows: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.arange(len(rows)), np.full(len(rows), FREE)


def same(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    return bool(((one[:, None] == one) == (other[:, None] == other)).all())


@pytest.mark.parametrize("seed", range(6))
def test_clusters_are_those_of_average_linkage(seed: int) -> None:
    rows = rows_at_random(seed)
    peer = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=0.5)
    assert same(link(rows, 0.5, *apart(rows), Bonds()), peer.fit_predict(rows))


@pytest.mark.parametrize("seed", range(6))
def test_bonds_count_as_likeness_of_their_pair(seed: int) -> None:
    rows = rows_at_random(seed)
    rng = np.random.default_rng(seed)
    ends = np.array(sorted({tuple(sorted(rng.choice(len(rows), 2, replace=False).tolist())) for _ in range(80)}))
    worth = rng.uniform(0.1, 0.6, len(ends)).astype(np.float32)
    distance = 1 - rows @ rows.T
    distance[ends[:, 0], ends[:, 1]] -= worth
    distance[ends[:, 1], ends[:, 0]] -= worth
    peer = AgglomerativeClustering(None, metric="precomputed", linkage="average", distance_threshold=0.5)
    bonds = Bonds(ends[:, 0], ends[:, 1], worth)
    assert same(link(rows, 0.5, *apart(rows), bonds), peer.fit_predict(distance))


def test_equal_rows_end_together_and_it_ends() -> None:
    rows = np.tile(np.array([[1, 0, 0]], np.float32), (300, 1))
    assert len(set(link(rows, 0.9, *apart(rows), Bonds()).tolist())) == 1


def test_pins_of_two_gaps_never_meet_even_through_others() -> None:
    rows = np.tile(np.array([[1, 0]], np.float32), (9, 1))
    pins = np.array([4, FREE, FREE, 7, FREE, FREE, FREE, 4, FREE])
    found = link(rows, 0.5, np.array([0, 1, 2, 3, 4, 5, 6, 0, 8]), pins, Bonds())
    assert found[0] == found[7]
    assert found[0] != found[3]
    assert len(set(found.tolist())) == 2


def test_what_begins_together_stays_together() -> None:
    rows = np.eye(4, dtype=np.float32)
    found = link(rows, 0.5, np.array([0, 1, 0, 3]), np.full(4, FREE), Bonds())
    assert found[0] == found[2]
    assert len(set(found.tolist())) == 3


def test_nothing_has_no_clusters() -> None:
    rows = np.zeros((0, 4), np.float32)
    assert len(link(rows, 0.5, *apart(rows), Bonds())) == 0
