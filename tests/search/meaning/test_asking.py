from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from portal.search.meaning import indexing
from portal.search.meaning.asking import KEPT, MOST_PASSAGES, Meaning, open_meaning
from portal.search.meaning.indexing import write_meaning
from tests.search.documents import a_section
from tests.search.meaning.bag import BagOfWords, KeptByBag

ARTICLE_OF = np.array([0, 0, 1, 2], np.int32)
SECTIONS = [
    a_section("Cats drink milk from a bowl.", article="cats"),
    a_section("Cats sleep all day long.", article="cats", anchor="sleep"),
    a_section("Dogs drink water from a bowl.", article="dogs"),
    a_section("Invoices list orders with taxes.", article="bills"),
]


@pytest.fixture
def bag() -> BagOfWords:
    return BagOfWords(dims=256)


@pytest.fixture
def kept(tmp_path: Path, bag: BagOfWords) -> Iterator[KeptByBag]:
    with KeptByBag(tmp_path / "cache" / "vectors.sqlite", bag) as kept:
        yield kept


def _meaning(folder: Path, kept: KeptByBag) -> Meaning:
    folder.mkdir()
    write_meaning(folder, "en", SECTIONS, kept)
    found = open_meaning(folder, ARTICLE_OF, kept.encoder("en"))
    assert found is not None
    return found


def test_the_section_that_means_most_alike_is_nearest(tmp_path: Path, kept: KeptByBag) -> None:
    meaning = _meaning(tmp_path / "a", kept)
    for text, section in (("where do cats sleep", 1), ("which water for dogs", 2), ("taxes", 3)):
        by_passage, by_section = meaning.nearness(text)
        assert int(by_section.argmax()) == section
        place = meaning.best_passage(section, by_passage)
        assert place
        assert SECTIONS[section].body[slice(*place)] == SECTIONS[section].body


def test_the_same_query_is_encoded_once(tmp_path: Path, kept: KeptByBag, bag: BagOfWords) -> None:
    meaning = _meaning(tmp_path / "a", kept)
    bag.seen.clear()
    first, again = meaning.nearness("milk")[1], meaning.nearness("milk")[1]
    assert bag.seen == ["milk"]
    assert first.tolist() == again.tolist()
    for number in range(KEPT + 1):
        meaning.nearness(f"query {number}")
    meaning.nearness("milk")
    assert bag.seen.count("milk") == 2, "else what is kept of strangers' queries would grow without end"


def test_a_long_message_is_asked_for_in_a_few_passages(tmp_path: Path, kept: KeptByBag, bag: BagOfWords) -> None:
    meaning = _meaning(tmp_path / "a", kept)
    bag.seen.clear()
    message = "My invoices list orders with the wrong taxes, please look. " * 100
    by_section = meaning.nearness(message)[1]
    assert int(by_section.argmax()) == 3
    assert 1 < len(bag.seen) == MOST_PASSAGES
    assert by_section.max() <= 1 + 1e-3


@pytest.mark.parametrize("text", ["?!", "...", "\ud800", " "])
def test_a_query_without_meaning_is_near_to_nothing(text: str, tmp_path: Path, kept: KeptByBag) -> None:
    by_passage, by_section = _meaning(tmp_path / "a", kept).nearness(text)
    assert not by_passage.any()
    assert not by_section.any()


def test_articles_near_to_one_come_best_first_and_without_itself(tmp_path: Path, kept: KeptByBag) -> None:
    near = _meaning(tmp_path / "a", kept).near(0, 5)
    assert near[0][0] == 1
    assert all(number != 0 and nearness > 0 for number, nearness in near)
    assert [nearness for _, nearness in near] == sorted((nearness for _, nearness in near), reverse=True)
    assert len(_meaning(tmp_path / "b", kept).near(0, 1)) == 1


def test_with_fewer_numbers_a_vector_the_order_is_the_same(
    tmp_path: Path, kept: KeptByBag, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _meaning(tmp_path / "a", kept)
    monkeypatch.setattr(indexing, "MANY", 1)
    fewer = _meaning(tmp_path / "b", kept)
    assert (tmp_path / "b" / "basis.bin").exists()
    for text in ("cats", "bowl of water", "orders"):
        assert fewer.nearness(text)[1] == pytest.approx(whole.nearness(text)[1], abs=1e-2)


def test_there_is_none_without_vectors_without_encoder_or_by_another_one(tmp_path: Path, kept: KeptByBag) -> None:
    _meaning(tmp_path / "a", kept)
    assert open_meaning(tmp_path / "a", ARTICLE_OF, None) is None
    assert open_meaning(tmp_path / "a", ARTICLE_OF, BagOfWords(dims=256, name="bag@2")) is None
    (tmp_path / "b").mkdir()
    write_meaning(tmp_path / "b", "en", [a_section("", title="")], kept)
    assert open_meaning(tmp_path / "b", ARTICLE_OF, kept.encoder("en")) is None
    assert open_meaning(tmp_path / "nowhere", ARTICLE_OF, kept.encoder("en")) is None
