import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from portal.search.array_file import open_arrays, write_arrays

Arrays = dict[str, NDArray[Any]]
KINDS = st.sampled_from(["<i4", "<i8", "|u1", "<u2", "<u8", "<f4", "<f8", "|b1"])
SOME: Arrays = {"numbers": np.arange(400, dtype=np.int32), "half": np.array([[0.5, 1.5]], np.float32)}
drawn = st.dictionaries(
    st.text(max_size=8), arrays(KINDS, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)), max_size=4
)


def same(one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]]) -> bool:
    return list(one) == list(other) and all(
        (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
        for a, b in zip(one.values(), other.values(), strict=True)
    )


def reread(data: bytes) -> Arrays:
    """Return the arrays of a file of these bytes, apart from it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.bin"
        path.write_bytes(data)
        return {name: one.copy() for name, one in open_arrays(path).items()}


@given(drawn)
@example({})
@example({"nothing": np.zeros(0, np.int64), "one": np.array(7), "wide": np.zeros((0, 512), np.float32)})
@example({"one beside nothing": np.zeros((3, 0), np.int32), "turned": np.arange(6, dtype=np.int32).reshape(2, 3).T})
@example({"every second": np.arange(9)[::2]})
def test_arrays_come_back_as_they_were(some: Arrays) -> None:
    with TemporaryDirectory() as folder:
        write_arrays(Path(folder) / "a.bin", some)
        assert same(open_arrays(Path(folder) / "a.bin"), some)


@given(drawn)
def test_equal_arrays_make_equal_bytes(some: Arrays) -> None:
    with TemporaryDirectory() as folder:
        one, other = Path(folder) / "1.bin", Path(folder) / "2.bin"
        write_arrays(one, some)
        write_arrays(other, {name: array.copy() for name, array in some.items()})
        assert one.read_bytes() == other.read_bytes()


def test_each_array_begins_where_any_processor_likes_it(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.bin", {"odd": np.zeros(3, np.uint8), "next": np.zeros(2, np.float64)})
    found = open_arrays(tmp_path / "a.bin")
    assert all(one.flags.aligned and one.ctypes.data % 64 == 0 for one in found.values())


def test_what_was_mapped_is_not_to_be_written_to(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.bin", SOME)
    with pytest.raises(ValueError, match="read-only"):
        open_arrays(tmp_path / "a.bin")["numbers"][0] = 1


def test_writing_leaves_the_older_file_to_who_has_it(tmp_path: Path) -> None:
    path, link = tmp_path / "a.bin", tmp_path / "older.bin"
    write_arrays(path, SOME)
    link.hardlink_to(path)
    mapped, before = open_arrays(path), path.read_bytes()
    write_arrays(path, {"numbers": np.zeros(4, np.int32)})
    assert link.read_bytes() == before
    assert same(mapped, SOME)
    assert same(open_arrays(path), {"numbers": np.zeros(4, np.int32)})


def test_arrays_can_be_read_when_their_file_is_gone(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.bin", SOME)
    mapped = open_arrays(tmp_path / "a.bin")
    (tmp_path / "a.bin").unlink()
    assert same(mapped, SOME)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_a_file_that_was_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "a.bin"
    write_arrays(path, SOME)
    whole = path.read_bytes()
    with pytest.raises((ValueError, OSError)):
        reread(whole[: int(share * len(whole))])


@given(st.integers(0, 1900))
def test_wherever_it_is_cut_it_is_refused_or_whole(end: int) -> None:
    with TemporaryDirectory() as folder:
        write_arrays(Path(folder) / "a.bin", SOME)
        whole = (Path(folder) / "a.bin").read_bytes()
    with suppress(ValueError, OSError):
        assert same(reread(whole[:end]), SOME), "only the filling behind the last array may be missing"


@given(st.binary(max_size=200), st.booleans())
def test_a_foreign_file_is_refused(data: bytes, has_line: bool) -> None:
    with suppress(ValueError, OSError):
        assert reread(data + b"\n" * has_line) == {}


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | KINDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), st.tuples(KINDS | _json, st.lists(st.integers()) | _json, _json) | _json))
@example({"a": ["<i4", [-1], 0]})
@example({"a": ["<i4", [-2, -2], 0]})
@example({"a": ["<i4", [2**70], 0]})
@example({"a": ["<i4", [2**32, 2**32], 0]})
@example({"a": ["<i4", [1], 2**70]})
@example({"a": ["<i4", [1], -64]})
@example({"a": ["|O", [1], 0]})
@example({"a": ["<i4,<i4", [1], 0]})
@example({"a": ["(2,)<i4", [1], 0]})
@example({"a": ["<M8[s]", [1], 0]})
@example({"a": [None, [1], 0]})
def test_a_foreign_table_is_refused_or_describes_what_is_there(table: object) -> None:
    with suppress(ValueError, OSError):
        found = reread(json.dumps(table).encode() + b"\n" + bytes(256))
        assert all(one.nbytes <= 256 and one.dtype.kind in "iufb" for one in found.values())
        assert all(list(one.shape) == table[name][1] for name, one in found.items())  # type: ignore[index]


def test_a_table_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="no file of arrays"):
        reread(b"[" * 100_000 + b"\n")


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"a\.bin"):
        open_arrays(tmp_path / "a.bin")
