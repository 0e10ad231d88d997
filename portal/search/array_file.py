"""Array file: named NumPy arrays in one file, read by memory mapping, so that all workers share them.

Layout: a line of JSON (name -> type, shape, place), padded; then each array's bytes, each at a multiple of 64.
NumPy's own `.npz` can't be mapped, and a folder of `.npy` files costs a sync and a checksum each.
"""

import json
import mmap
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
_ALIGN = 64
_KINDS = frozenset("iufb")


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays of numbers in the order given; equal arrays make equal bytes.

    A file that is there gives its name up and stays as it is for those who read it, or have it by another link.
    """
    table: dict[str, tuple[str, tuple[int, ...], int]] = {}
    place = 0
    for name, one in arrays.items():
        table[name] = (one.dtype.str, one.shape, place)
        place += -(-one.nbytes // _ALIGN) * _ALIGN
    head = json.dumps(table).encode()
    head += b" " * (-(len(head) + 1) % _ALIGN) + b"\n"
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(head)
        for one in arrays.values():
            file.write(np.ascontiguousarray(one).data)
            file.write(bytes(-one.nbytes % _ALIGN))


def open_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Map a file's arrays into memory, to be read only; they keep the file open as long as one of them lives.

    Raises ValueError where it is no such file or was cut short, OSError where it can't be opened. To ask for an array
    that is not in it raises ValueError too.
    """
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    end = mapped.find(b"\n") + 1
    try:
        table = json.loads(mapped[:end])
        return _Found((name, _view(mapped, end, *told)) for name, told in table.items())
    except (TypeError, AttributeError, OverflowError, RecursionError, SyntaxError) as error:
        raise ValueError(f"{path.name} is no file of arrays") from error


class _Found(dict[str, NDArray[Any]]):
    """Arrays by name."""

    def __missing__(self, name: str) -> NDArray[Any]:
        raise ValueError(f"the file has no array {name}")


def _view(mapped: mmap.mmap, start: int, dtype: str, shape: list[int], place: int) -> NDArray[Any]:
    kind = np.dtype(dtype)
    if kind.kind not in _KINDS or min(shape, default=0) < 0 or place < 0:
        raise ValueError(f"arrays of {dtype} and {shape} at {place} are not read")
    return np.frombuffer(mapped, kind, prod(shape), start + place).reshape(shape)
