from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from portal.search.meaning.vectors import MOST_FILES, PASSAGES, Vectors, remove_vectors, update_vectors, write_vectors
from tests.search.documents import checksums, linked

Floats = NDArray[np.float32]
DIMS = 8
THREE_SECTIONS = [(0, 0, 10), (0, 10, 30), (2, 0, 5)]
"""Passages of the first and the third section; the second has none."""


def _some(count: int, seed: int = 1) -> Floats:
    rows = np.random.default_rng(seed).standard_normal((count, DIMS)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def _an_index(folder: Path, places: list[tuple[int, int, int]], vectors: Floats) -> Path:
    folder.mkdir()
    write_vectors(folder, places, vectors)
    return folder


def _update(
    old: Path, new: Path, stay: list[int], at: list[int], places: list[tuple[int, int, int]], fresh: Floats
) -> Path:
    """Carry an index on in a folder that links the older one's files, and see that these stay as they are."""
    before = checksums(old)
    linked(old, new)
    update_vectors(new, (np.array(stay, np.int32), np.array(at, np.int32)), places, fresh)
    assert checksums(old) == before
    return new


def _files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("vectors-*"))


def test_nearness_is_the_inner_product_and_a_sections_is_its_nearest_passages(tmp_path: Path) -> None:
    rows, query = _some(3), _some(1, seed=2)[0]
    by_passage, by_section = Vectors(_an_index(tmp_path / "a", THREE_SECTIONS, rows), 3).nearness(query)
    assert by_passage == pytest.approx(rows @ query)
    assert by_section == pytest.approx([max(by_passage[:2]), 0, by_passage[2]])


def test_the_nearest_passage_of_a_section_says_where_it_stands(tmp_path: Path) -> None:
    rows = _some(3)
    vectors = Vectors(_an_index(tmp_path / "a", THREE_SECTIONS, rows), 3)
    for passage, place in ((0, (0, 10)), (1, (10, 30))):
        assert vectors.best_passage(0, vectors.nearness(rows[passage])[0]) == place
    assert vectors.best_passage(1, vectors.nearness(rows[0])[0]) is None
    assert vectors.best_passage(2, vectors.nearness(rows[0])[0]) == (0, 5)


def test_an_articles_mean_direction_has_length_one_and_none_has_zeros(tmp_path: Path) -> None:
    rows = _some(3)
    vectors = Vectors(_an_index(tmp_path / "a", THREE_SECTIONS, rows), 3)
    means = vectors.means(np.array([0, 1, 2], np.int32), 3)
    assert means[0] == pytest.approx((rows[0] + rows[1]) / np.linalg.norm(rows[0] + rows[1]), abs=1e-6)
    assert means[1].tolist() == [0] * DIMS
    assert means[2] == pytest.approx(rows[2], abs=1e-6)


def test_an_index_without_any_passage_is_near_to_nothing(tmp_path: Path) -> None:
    vectors = Vectors(_an_index(tmp_path / "a", [], np.zeros((0, DIMS), np.float32)), 2)
    by_passage, by_section = vectors.nearness(_some(1)[0])
    assert (by_passage.tolist(), by_section.tolist()) == ([], [0, 0])
    assert vectors.best_passage(0, by_passage) is None
    assert not vectors.means(np.array([0, 0], np.int32), 1).any()


def test_an_update_adds_a_small_file_and_leaves_the_large_one_linked(tmp_path: Path) -> None:
    rows = _some(7)
    old = _an_index(tmp_path / "a", [(number, 0, 9) for number in range(6)], rows[:6])
    new = _update(old, tmp_path / "b", [0, 1, 3, 4, 5], [0, 1, 2, 3, 4], [(5, 0, 7)], rows[6:])
    assert _files(new) == ["vectors-1.bin", "vectors-2.bin"]
    assert (new / "vectors-1.bin").samefile(old / "vectors-1.bin")
    by_passage, by_section = Vectors(new, 6).nearness(rows[6])
    assert by_section == pytest.approx(rows[[0, 1, 3, 4, 5, 6]] @ rows[6], abs=1e-6)
    assert Vectors(new, 6).best_passage(5, by_passage) == (0, 7)


def test_an_update_that_brings_nothing_adds_no_file(tmp_path: Path) -> None:
    rows = _some(6)
    old = _an_index(tmp_path / "a", [(number, 0, 9) for number in range(6)], rows)
    new = _update(old, tmp_path / "b", [0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [], np.zeros((0, DIMS), np.float32))
    assert _files(new) == ["vectors-1.bin"]
    assert Vectors(new, 5).nearness(rows[5])[0] == pytest.approx(rows[:5] @ rows[5], abs=1e-6)


def test_after_a_few_updates_all_lies_in_one_file_again(tmp_path: Path) -> None:
    count = 50
    rows = _some(count + MOST_FILES)
    folder = _an_index(tmp_path / "0", [(number, 0, 9) for number in range(count)], rows[:count])
    seen = []
    for turn in range(MOST_FILES):
        stay = list(range(count + turn))
        folder = _update(folder, tmp_path / f"{turn + 1}", stay, stay, [(count + turn, 0, 1)], rows[[count + turn]])
        seen.append(len(_files(folder)))
    assert seen == [*range(2, MOST_FILES + 1), 1]
    assert Vectors(folder, len(rows)).nearness(rows[3])[1] == pytest.approx(rows @ rows[3], abs=1e-6)


def test_where_many_rows_lie_idle_all_is_written_into_one_file(tmp_path: Path) -> None:
    rows = _some(10)
    old = _an_index(tmp_path / "a", [(number, 0, 9) for number in range(10)], rows)
    few = list(range(8))
    assert (_update(old, tmp_path / "b", few, few, [], rows[:0]) / "vectors-1.bin").samefile(old / "vectors-1.bin")
    fewer = list(range(7))
    new = _update(old, tmp_path / "c", fewer, fewer, [], rows[:0])
    assert not (new / "vectors-1.bin").samefile(old / "vectors-1.bin")
    assert (new / "vectors-1.bin").stat().st_size < (old / "vectors-1.bin").stat().st_size
    assert Vectors(new, 7).nearness(rows[6])[1] == pytest.approx(rows[:7] @ rows[6], abs=1e-6)


@given(st.lists(st.tuples(st.sets(st.integers(0, 11), max_size=6), st.integers(0, 3)), max_size=12))
def test_update_after_update_equals_one_written_anew(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[set[int], int]]
) -> None:
    """Each turn takes some sections out, by place, and puts some in; a section has one passage here."""
    base = tmp_path_factory.mktemp("turns")
    rows, count = _some(60), 12
    now = list(range(count))
    folder = _an_index(base / "0", [(number, number, 99) for number in now], rows[now])
    for turn, (gone, new) in enumerate(turns, start=1):
        stay = [place for place in range(len(now)) if place not in gone]
        fresh = list(range(count, count + new))
        now, count = [*(now[place] for place in stay), *fresh], count + new
        places = [(len(stay) + number, row, 99) for number, row in enumerate(fresh)]
        folder = _update(folder, base / f"{turn}", stay, list(range(len(stay))), places, rows[fresh])
    anew = Vectors(_an_index(base / "anew", [(at, row, 99) for at, row in enumerate(now)], rows[now]), len(now))
    carried = Vectors(folder, len(now))
    for query in _some(3, seed=9):
        for one, other in zip(carried.nearness(query), anew.nearness(query), strict=True):
            assert one == pytest.approx(other, abs=1e-6)
    assert carried.places.starts.tolist() == anew.places.starts.tolist() == now


def test_taken_away_they_stay_in_older_folders(tmp_path: Path) -> None:
    old = _an_index(tmp_path / "a", THREE_SECTIONS, _some(3))
    new = linked(old, tmp_path / "b")
    remove_vectors(new)
    assert list(new.iterdir()) == []
    assert Vectors(old, 3).nearness(_some(3)[2])[1][2] == pytest.approx(1)


@pytest.mark.parametrize("name", [PASSAGES, "vectors-1.bin"])
def test_a_file_that_was_cut_short_or_is_gone_is_an_error_at_once(name: str, tmp_path: Path) -> None:
    folder = _an_index(tmp_path / "a", THREE_SECTIONS, _some(3))
    whole = (folder / name).read_bytes()
    for left in (whole[: len(whole) // 3], b""):
        (folder / name).write_bytes(left)
        with pytest.raises((ValueError, OSError)):
            Vectors(folder, 3)
    (folder / name).unlink()
    with pytest.raises(OSError, match=name):
        Vectors(folder, 3)
