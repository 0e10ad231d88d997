"""Learning: a record changes little while it is short, and much only when it surely is bad or good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.links.learning import SWING, weights
from portal.links.store import Record

BAD = Record(sent=80, opened=70, came_back=60)
GOOD = Record(sent=80, opened=70, came_back=2)
counts = st.integers(0, 500)


def test_nothing_sent_changes_nothing() -> None:
    assert weights(["a", "b"], {}) == {"a": 1.0, "b": 1.0}


def test_what_everybody_came_back_from_weighs_less_and_what_helped_weighs_more() -> None:
    found = weights(["bad", "good", "new"], {"bad": BAD, "good": GOOD})
    assert found["bad"] < 0.95
    assert found["good"] > 1.0
    assert found["new"] == pytest.approx(1.0)


def test_the_first_few_links_change_next_to_nothing() -> None:
    found = weights(["a", "b"], {"a": Record(sent=2, opened=2, came_back=2)})
    assert found["a"] == 1.0


def test_what_nobody_opened_says_nothing() -> None:
    assert weights(["a", "b"], {"a": Record(sent=500)}) == {"a": 1.0, "b": 1.0}


def test_articles_that_end_alike_are_not_told_apart() -> None:
    found = weights(["a", "b"], {"a": BAD, "b": BAD})
    assert found["a"] == found["b"] == pytest.approx(1.0, abs=0.05)


def test_a_vote_that_says_no_counts_against_it() -> None:
    assert weights(["a", "b"], {"a": Record(sent=50, opened=50, unhelpful=40), "b": GOOD})["a"] < 0.97


@given(st.dictionaries(st.sampled_from("abcd"), st.builds(Record, counts, counts, counts, counts, counts)))
def test_no_record_turns_a_score_round(records: dict[str, Record]) -> None:
    assert all(1 - SWING < weight < 1 + SWING for weight in weights("abcd", records).values())
