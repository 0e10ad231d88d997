"""Vectors of wordings are encoded once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from portal.gaps.cluster_background import background
from portal.gaps.wording_vectors import Vectors
from portal.search.meaning import kept


class CountingEncoder:
    """Four numbers for a text, and a count of what it was asked."""

    dims = 4
    languages = frozenset({"en"})

    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        rows = np.array([[len(text), text.count("a"), text.count("e"), 1] for text in texts], np.float32)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> CountingEncoder:
    made = CountingEncoder()
    monkeypatch.setattr(kept, "encoder_for", lambda lang, _: made if lang in made.languages else None)
    return made


def test_a_new_day_encodes_its_new_wordings_alone(tmp_path: Path, encoder: CountingEncoder) -> None:
    for texts in (["pay", "parcel"], ["pay", "parcel", "lamp"]):
        vectors = Vectors(tmp_path / "cache" / "gap_vectors.sqlite", "auto")
        vectors.of("en", texts)
        vectors.close()
    assert sorted(encoder.asked) == ["lamp", "parcel", "pay"]


def test_another_encoder_has_its_own_vectors(tmp_path: Path, encoder: CountingEncoder) -> None:
    vectors = Vectors(tmp_path / "v.sqlite", "auto")
    vectors.of("en", ["pay"])
    encoder.name = "another"
    vectors.of("en", ["pay"])
    vectors.close()
    assert encoder.asked == ["pay", "pay"]


def test_rows_have_length_one_and_the_order_of_the_texts(tmp_path: Path, encoder: CountingEncoder) -> None:
    vectors = Vectors(tmp_path / "v.sqlite", "auto")
    vectors.of("en", ["parcel"])
    rows = vectors.of("en", ["pay", "parcel", "pay"])
    vectors.close()
    assert rows is not None
    assert np.allclose(rows, encoder.encode(["pay", "parcel", "pay"]), atol=1e-3)


def test_a_language_without_encoder_has_no_vectors(tmp_path: Path, encoder: CountingEncoder) -> None:
    vectors = Vectors(tmp_path / "v.sqlite", "auto")
    assert vectors.of("xx", ["pay"]) is None
    assert vectors.background("xx") is None
    assert encoder.asked == []


def test_the_background_is_encoded_as_it_stands(tmp_path: Path, encoder: CountingEncoder) -> None:
    vectors = Vectors(tmp_path / "v.sqlite", "auto")
    rows = vectors.background("en")
    vectors.close()
    assert rows is not None
    assert len(rows) == len(background("en"))
    assert encoder.asked == list(background("en"))
