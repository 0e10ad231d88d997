from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from portal.search.meaning.basis import FEWER, principal_basis, read_basis, write_basis
from tests.search.documents import checksums, linked

WIDE = 256


def _within(dims: int, count: int = 400) -> NDArray[np.float32]:
    """Return vectors of WIDE numbers that span no more than so many dimensions."""
    random = np.random.default_rng(7)
    return (random.standard_normal((count, dims)) @ random.standard_normal((dims, WIDE))).astype(np.float32)


def test_inner_products_stay_where_the_vectors_span_no_more_than_is_kept() -> None:
    vectors = _within(FEWER - 1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    basis = principal_basis(vectors)
    assert basis is not None
    assert basis.shape == (WIDE, FEWER)
    assert (vectors @ basis) @ (vectors @ basis).T == pytest.approx(vectors @ vectors.T, abs=1e-4)


def test_axes_stand_at_right_angles_and_the_most_telling_come_first() -> None:
    vectors = _within(WIDE)
    basis = principal_basis(vectors)
    assert basis is not None
    assert basis.T @ basis == pytest.approx(np.eye(FEWER), abs=1e-5)
    told = ((vectors @ basis) ** 2).sum(axis=0)
    assert (np.diff(told) <= told[0] * 1e-5).all()


def test_vectors_of_few_numbers_keep_them_all() -> None:
    assert principal_basis(np.eye(FEWER, dtype=np.float32)) is None


def test_the_same_vectors_have_the_same_basis() -> None:
    first, again = principal_basis(_within(WIDE)), principal_basis(_within(WIDE))
    assert first is not None
    assert again is not None
    assert first.tobytes() == again.tobytes()


def test_a_basis_is_read_as_it_was_written_and_an_older_index_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert read_basis(tmp_path / "a") is None
    basis = np.eye(WIDE, FEWER, dtype=np.float32)
    write_basis(tmp_path / "a", basis)
    before = checksums(tmp_path / "a")
    new = linked(tmp_path / "a", tmp_path / "b")
    write_basis(new, basis * 2)
    found = read_basis(new)
    assert found is not None
    assert found.tolist() == (basis * 2).tolist()
    write_basis(new, None)
    assert read_basis(new) is None
    assert checksums(tmp_path / "a") == before


def test_a_damaged_basis_is_an_error(tmp_path: Path) -> None:
    write_basis(tmp_path, np.eye(WIDE, FEWER, dtype=np.float32))
    file = tmp_path / "basis.bin"
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(ValueError, match="buffer"):
        read_basis(tmp_path)
