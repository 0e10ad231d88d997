"""Names in customers' words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gaps.title import clean, sentence, title_of


def _title(*said: tuple[str, int], central: str = "", shared: tuple[str, ...] = ()) -> str:
    return title_of(said, central, shared, lang="en", least_people=2)


def test_a_wording_of_several_people_goes_before_the_central_one_of_a_single_person() -> None:
    said = (("cancel my plan", 2), ("how do I cancel it", 1))
    assert _title(*said, central="how do I cancel it") == "Cancel my plan"


def test_where_each_has_their_own_words_the_central_one_speaks() -> None:
    said = (("stop paying", 1), ("how do I cancel?", 1))
    assert _title(*said, central="how do I cancel?") == "How do I cancel?"


def test_a_single_word_gives_way_to_a_need() -> None:
    assert _title(("refund", 5), ("where is my refund", 2)) == "Where is my refund"


@pytest.mark.parametrize("junk", ["asdfghjkl", "!!!", "[e-mail]", "[e-mail] [phone]", "sk-1234567890123456789"])
def test_junk_and_secrets_are_no_title(junk: str) -> None:
    assert _title((junk, 9), ("cancel plan", 1), central=junk) == "Cancel plan"


def test_where_nothing_is_fit_the_shared_words_stand() -> None:
    assert _title(("asdfghjkl", 3), shared=("cancel", "plan")) == "Cancel plan"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("reset for [e-mail] please", "reset for please"),
        ("  why is   it so slow ? ", "why is it so slow?"),
        ("order 123456789 is late", "order is late"),
        ("see https://example.com/x now", "see now"),
        ("error E-1042", "error E-1042"),
        ('"cancel."', "cancel"),
    ],
)
def test_a_wording_is_cleaned(typed: str, shown: str) -> None:
    assert clean(typed) == shown


def test_shouting_is_calmed_and_names_are_left() -> None:
    assert sentence("WHERE IS MY ORDER") == "Where is my order"
    assert sentence("sync iPhone with GitHub") == "Sync iPhone with GitHub"
    assert sentence("VAT") == "VAT"


@given(st.text(max_size=300))
def test_any_text_can_be_cleaned_twice_over(text: str) -> None:
    assert len(clean(text)) <= 100
    assert "\n" not in sentence(clean(text))
