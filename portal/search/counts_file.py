"""Counts and strings on disk, as arrays."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.search.array_file import open_arrays, write_arrays
from portal.search.counts import Counts, Rows

Strings = tuple[NDArray[np.uint8], NDArray[np.int64]]


def write_counts(path: Path, counts: Counts) -> None:
    """Write counts for `read_counts`."""
    arrays: dict[str, NDArray[Any]] = {"first_section": counts.first_section, "article_of": counts.article_of}
    for name, said in (("words", counts.words), ("articles", counts.articles)):
        arrays[f"{name}.text"], arrays[f"{name}.at"] = pack(said)
    for name, rows in (("by_section", counts.by_section), ("by_article", counts.by_article)):
        arrays |= {f"{name}.{part}": getattr(rows, part) for part in Rows.__slots__}
    write_arrays(path, arrays)


def read_counts(path: Path) -> Counts:
    """Read what `write_counts` wrote. Raises ValueError or OSError."""
    arrays = open_arrays(path)
    by_section, by_article = (
        Rows(*(arrays[f"{name}.{part}"] for part in Rows.__slots__)) for name in ("by_section", "by_article")
    )
    words_said, articles = (unpack(arrays[f"{name}.text"], arrays[f"{name}.at"]) for name in ("words", "articles"))
    return Counts(words_said, articles, arrays["first_section"], arrays["article_of"], by_section, by_article)


def pack(said: Sequence[str]) -> Strings:
    """Return strings as one run of UTF-8, and where each begins, and the last ends."""
    raw = [one.encode("utf-8", "surrogatepass") for one in said]
    at = np.zeros(len(raw) + 1, np.int64)
    np.cumsum([len(one) for one in raw], out=at[1:])
    return np.frombuffer(b"".join(raw), np.uint8), at


def unpack(text: NDArray[np.uint8], at: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the strings that `pack` packed."""
    raw, places = text.tobytes(), at.tolist()
    return tuple(raw[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(places))
