import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.near_words import near
from portal.search.word_places import pack, unpack

WORDS = ["account", "invoice", "invoices", "order", "past", "reconciliation", "reset", "rest", "password", "passwords"]
PLACES = unpack(pack([(word, key) for key, word in enumerate(WORDS, 1)], range(1, len(WORDS) + 1)))


def near_to(typed: str, *, is_beginning: bool = False) -> list[str]:
    return [PLACES[place] for place, _ in near(PLACES, typed, is_beginning=is_beginning)]


@pytest.mark.parametrize("typed", ["acount", "accuont", "accountt", "avcount"])
def test_a_word_is_near_within_one_edit(typed: str) -> None:
    assert near_to(typed) == ["account"]


@pytest.mark.parametrize("typed", ["ccount", "bccount", "corder", "rder", "akkount", "or", "acc0unt", "", "設定設定"])
def test_a_word_is_not_near_with_another_first_letter_by_two_edits_or_where_it_is_short_or_a_number(typed: str) -> None:
    assert near_to(typed) == []


def test_the_first_two_letters_may_have_changed_places() -> None:
    assert near_to("caocunt") == []
    assert near_to("rodre") == near_to("rode") == []
    assert near_to("rodr", is_beginning=True) == []
    assert near_to("roder") == near_to("rode", is_beginning=True) == ["order"]


def test_a_beginning_is_near_where_some_beginning_of_the_word_is() -> None:
    assert near_to("reconcill", is_beginning=True) == ["reconciliation"]
    assert near_to("reconcill") == []
    assert near_to("pasw", is_beginning=True)[:2] == ["password", "passwords"]


def test_two_edits_count_only_where_one_finds_nothing() -> None:
    assert near_to("invvoices") == ["invoices"]
    assert near_to("invvoicess") == ["invoices"]


@given(st.text(max_size=30), st.booleans())
def test_any_word_has_an_answer(typed: str, is_beginning: bool) -> None:
    assert near(PLACES, typed, is_beginning=is_beginning) == sorted(
        near(PLACES, typed, is_beginning=is_beginning), key=lambda one: one[1]
    )
