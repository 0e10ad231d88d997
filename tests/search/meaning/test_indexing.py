import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from portal.search.document import IndexDocument
from portal.search.index_files import Beside, update_index, write_index
from portal.search.meaning import indexing
from portal.search.meaning.basis import FEWER, read_basis
from portal.search.meaning.indexing import (
    STATE,
    State,
    can_carry_on,
    read_state,
    texts_of,
    update_meaning,
    write_meaning,
)
from portal.search.meaning.kept import AT_ONCE
from portal.search.meaning.vectors import MOST_FILES, Vectors
from tests.search.documents import a_section, checksums, linked
from tests.search.meaning.bag import BagOfWords, KeptByBag

LONG = "A sentence of the long text says something about boilers. " * 30


def _sections(*numbers: int) -> list[IndexDocument]:
    """Return one section for each article."""
    return [
        a_section(f"Body {n} tells of topic{n} and topic{n + 1}.", article=f"a{n}", title=f"Article {n}")
        for n in numbers
    ]


@pytest.fixture
def bag() -> BagOfWords:
    return BagOfWords()


@pytest.fixture
def kept(tmp_path: Path, bag: BagOfWords) -> Iterator[KeptByBag]:
    with KeptByBag(tmp_path / "cache" / "vectors.sqlite", bag) as kept:
        yield kept


def _nearness(folder: Path, sections: int, query: NDArray[np.float32]) -> list[float]:
    found: list[float] = Vectors(folder, sections).nearness(query)[1].tolist()
    return found


def _written(folder: Path, documents: list[IndexDocument], kept: KeptByBag, lang: str = "en") -> Path:
    folder.mkdir()
    write_meaning(folder, lang, documents, kept)
    return folder


def test_a_passages_vector_lies_half_way_between_itself_under_its_heading_and_the_heading_alone(
    tmp_path: Path, kept: KeptByBag
) -> None:
    document = a_section("Open the tap.", title="Boiler", headings="Boiler\nLow pressure")
    head, passages = texts_of(document, "en")
    assert head == "Boiler. Low pressure"
    assert [text for _, text in passages] == ["Boiler. Low pressure. Open the tap."]
    folder = _written(tmp_path / "a", [document], kept)
    under, alone = BagOfWords().encode(["Boiler. Low pressure. Open the tap.", "Boiler. Low pressure"])
    query = BagOfWords().encode(["pressure"])[0]
    assert _nearness(folder, 1, query) == pytest.approx([(under @ query + alone @ query) / 2], abs=1e-3)


def test_a_section_with_nothing_but_its_heading_is_found_by_that(tmp_path: Path, kept: KeptByBag) -> None:
    folder = _written(tmp_path / "a", [a_section("", title="Boiler"), a_section("", title="")], kept)
    assert read_state(folder) == State("bag@1", 1, 0)
    assert _nearness(folder, 2, BagOfWords().encode(["boiler"])[0]) == pytest.approx([1, 0], abs=1e-3)


def test_a_long_section_has_several_passages_that_say_where_they_stand(tmp_path: Path, kept: KeptByBag) -> None:
    folder = _written(tmp_path / "a", [a_section(LONG, title="Boiler")], kept)
    places = Vectors(folder, 1).places
    assert len(places.sections) == read_state(folder).vectors > 1
    assert all(LONG[s:e].startswith("A sentence") for s, e in zip(places.starts, places.ends, strict=True))


def test_a_language_without_encoder_has_no_vectors_and_lacks_none(tmp_path: Path, kept: KeptByBag) -> None:
    folder = _written(tmp_path / "a", _sections(1, 2), kept, "sv")
    assert read_state(folder) == State("")
    assert not can_carry_on(folder, "sv", kept)
    with pytest.raises(ValueError, match="no encoder knows sv"):
        update_meaning(folder, "sv", [], kept, np.ones(2, bool))


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b"[1, 2]", b'{"encoder": "x", "other": 1}', b"\xff"])
def test_a_state_that_is_damaged_or_of_another_time_says_that_there_are_none(said: bytes, tmp_path: Path) -> None:
    (tmp_path / STATE).write_bytes(said)
    assert read_state(tmp_path) == read_state(tmp_path / "nowhere") == State("")


def test_passages_that_wait_are_left_out_and_counted(tmp_path: Path, bag: BagOfWords) -> None:
    with KeptByBag(tmp_path / "vectors.sqlite", bag, at_once=6) as kept:
        _written(tmp_path / "a", _sections(1, 2), kept)
        folder = _written(tmp_path / "b", _sections(1, 2, 3, 4), kept)
        assert read_state(folder) == State("bag@1", 2, 2)
        assert not can_carry_on(folder, "en", kept)
        near = _nearness(folder, 4, bag.encode(["article"])[0])
        assert [value > 0 for value in near] == [True, True, False, False]
        kept.encode_waiting()
        assert read_state(_written(tmp_path / "c", _sections(1, 2, 3, 4), kept)) == State("bag@1", 4, 0)


def test_vectors_of_another_encoder_are_not_carried_on(tmp_path: Path, kept: KeptByBag) -> None:
    folder = _written(tmp_path / "a", _sections(1, 2), kept)
    assert can_carry_on(folder, "en", kept)
    assert not can_carry_on(folder, "en", None)
    with KeptByBag(tmp_path / "vectors.sqlite", BagOfWords(name="bag@2")) as other:
        assert not can_carry_on(folder, "en", other)


def _update(old: Path, new: Path, gone: set[str], documents: list[IndexDocument], kept: KeptByBag) -> Path:
    """Carry a whole index on as a publishing does, and see that the older one stays as it is."""
    before = checksums(old)
    update_index(linked(old, new), "en", removed=gone, documents=documents, beside=Beside(kept=kept))
    assert checksums(old) == before
    return new


def test_an_edit_encodes_what_changed_alone_and_the_rest_keeps_its_rows(
    tmp_path: Path, kept: KeptByBag, bag: BagOfWords
) -> None:
    edited = a_section("Body 2 tells of boilers.", article="a2", title="Article 2")
    same_part = a_section("A part that stays.", article="a2", anchor="part", title="Article 2", headings="Part")
    old = tmp_path / "a"
    write_index(old, "en", [*_sections(*range(9)), same_part], Beside(kept=kept))
    bag.seen.clear()
    new = _update(old, tmp_path / "b", {"a2"}, [edited, same_part], kept)
    assert bag.seen == ["Article 2. Body 2 tells of boilers."], "heading and the part that stays are known"
    assert (new / "vectors-1.bin").samefile(old / "vectors-1.bin")
    assert read_state(new) == State("bag@1", 10, 0)
    assert Vectors(new, 10).places.rows.tolist() == [0, 1, 3, 4, 5, 6, 7, 8, 10, 11]


def test_update_after_update_equals_an_index_written_anew(tmp_path: Path, kept: KeptByBag, bag: BagOfWords) -> None:
    now, folder = _sections(*range(30)), tmp_path / "0"
    write_index(folder, "en", now, Beside(kept=kept))
    for turn in range(1, 2 * MOST_FILES):
        gone, fresh = {f"a{2 * turn}"}, _sections(100 + turn, 2 * turn + 1)
        away = gone | {one.article for one in fresh}
        now = [*(one for one in now if one.article not in away), *fresh]
        folder = _update(folder, tmp_path / f"{turn}", gone, fresh, kept)
    write_index(tmp_path / "anew", "en", now, Beside(kept=kept))
    assert read_state(folder) == read_state(tmp_path / "anew")
    for query in bag.encode(["topic7", "article 104", "topic22 and topic23", "nothing of it"]):
        one, other = (_nearness(place, len(now), query) for place in (folder, tmp_path / "anew"))
        assert one == pytest.approx(other, abs=1e-3)


def test_a_large_index_keeps_the_most_telling_numbers_and_is_carried_on_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "MANY", 20)
    bag = BagOfWords(dims=256)
    with KeptByBag(tmp_path / "vectors.sqlite", bag) as kept:
        old = tmp_path / "a"
        write_index(old, "en", _sections(*range(30)), Beside(kept=kept))
        fresh = a_section("Body tells of topic7 and topic28.", article="a2", title="Article 2")
        new = _update(old, tmp_path / "b", {"a2"}, [fresh], kept)
        few = tmp_path / "c"
        write_index(few, "en", _sections(*range(19)), Beside(kept=kept))
    basis = read_basis(new)
    assert basis is not None
    assert (basis.shape, read_basis(few)) == ((256, FEWER), None)
    query = bag.encode(["topic7 and topic28"])[0]
    near = _nearness(new, 30, query @ basis)
    whole, head = bag.encode(["Article 2. Body tells of topic7 and topic28.", "Article 2"])
    assert near[-1] == pytest.approx(float((whole + head) / 2 @ basis @ (query @ basis)), abs=1e-3)


def test_meaning_taken_away_leaves_nothing_behind_and_the_older_index_whole(tmp_path: Path, kept: KeptByBag) -> None:
    old = _written(tmp_path / "a", _sections(*range(5)), kept)
    before = checksums(old)
    new = linked(old, tmp_path / "b")
    write_meaning(new, "en", _sections(*range(5)), None)
    assert [file.name for file in new.iterdir()] == [STATE]
    assert json.loads((new / STATE).read_text())["encoder"] == ""
    assert checksums(old) == before


def test_an_update_of_an_index_without_vectors_leaves_them_to_be_written(tmp_path: Path, bag: BagOfWords) -> None:
    """More than a publishing encodes itself went live on words; an edit then comes before they are encoded."""
    with KeptByBag(tmp_path / "vectors.sqlite", bag) as kept:
        many = _sections(*range(AT_ONCE))
        old = tmp_path / "a"
        write_index(old, "en", many, Beside(kept=kept))
        assert read_state(old) == State("bag@1", 0, AT_ONCE)
        new = _update(old, tmp_path / "b", {"a1"}, _sections(1), kept)
        assert not can_carry_on(new, "en", kept)
        kept.encode_waiting()
        write_meaning(new, "en", many, kept)
        assert read_state(new) == State("bag@1", AT_ONCE, 0)
