"""How sure a search is of itself, and what it says where it is not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.site import Site
from portal.search.answering import SURE
from portal.search.confidence import FLOOR, Signs, confidence
from portal.search.parts import Parts
from portal.search.text_index import TextIndex
from tests.search.concepts import a_meant_index
from tests.search.documents import HELP_CENTRE, a_section, an_index

_share = st.floats(0, 1)
NONE, ALL = Signs(0, 0, 0, 0, 0), Signs(1, 1, 1, 1, 1)
CROWD = [
    *HELP_CENTRE,
    *(a_section(f"Tea number {n} comes in a tin of {n} grams.", article=f"tea-{n}", title="Tea") for n in range(20)),
]


@pytest.fixture(params=["words", "words and meaning"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> TextIndex:
    return an_index(tmp_path, CROWD) if request.param == "words" else a_meant_index(tmp_path, CROWD)


def sure(index: TextIndex, text: str, **filters: str) -> float:
    found = index.search(text, want=3, **filters).confidence
    assert found is not None
    return found


@given(st.builds(Signs, _share, _share, _share, _share, _share), st.booleans())
def test_it_is_a_probability(seen: Signs, has_meaning: bool) -> None:
    assert 0 <= confidence(seen, has_meaning=has_meaning) <= 1


@pytest.mark.parametrize("has_meaning", [True, False])
def test_signs_of_nothing_are_under_the_floor_and_those_of_everything_are_sure(has_meaning: bool) -> None:
    assert confidence(NONE, has_meaning=has_meaning) < FLOOR < SURE < confidence(ALL, has_meaning=has_meaning)


@pytest.mark.parametrize("text", ["", " ", "?!"])
def test_nothing_asked_is_neither_sure_nor_unsure(index: TextIndex, text: str) -> None:
    assert index.search(text, want=3).confidence is None


def test_nothing_found_is_no_answer_for_sure(index: TextIndex) -> None:
    assert sure(index, "xylophone") == 0.0
    assert sure(index, "refund", topic="network") == 0.0


def test_who_says_what_one_article_is_about_is_surer_than_who_shares_a_word_with_it(index: TextIndex) -> None:
    told = sure(index, "get a refund")
    assert told > sure(index, "missing zeppelin xylophone trombone") < FLOOR
    assert told > SURE


def test_an_article_that_stands_out_is_surer_than_one_among_equals(index: TextIndex) -> None:
    assert sure(index, "router") > sure(index, "tea tin")


def test_it_does_not_depend_on_how_many_are_wanted(index: TextIndex) -> None:
    for text in ("tea", "refund password", "how do I reset it"):
        assert len({index.search(text, want=want).confidence for want in (0, 1, 5, 30)}) == 1


def test_it_counts_only_what_may_be_found(index: TextIndex) -> None:
    left_out = index.search("get a refund", want=3, parts=Parts(without=frozenset({"refund"}))).confidence
    assert (left_out or 0.0) < sure(index, "get a refund")


def test_the_floor_that_ships_is_the_one_that_was_measured() -> None:
    assert Site().search.floor == FLOOR
