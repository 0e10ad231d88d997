from hypothesis import given
from hypothesis import strategies as st

from portal.events.kinds import Searched
from portal.visits.keystrokes import collapse
from tests.visits.cast import a_search


def texts(*searches: Searched) -> list[str]:
    return [search.query for search in collapse(searches)[0]]


def test_what_is_still_being_typed_is_one_search() -> None:
    assert texts(a_search("in", 0), a_search("invo", 2), a_search("invoice", 6)) == ["invoice"]


def test_letters_that_are_deleted_are_typing_too() -> None:
    assert texts(a_search("invoices", 0), a_search("inv", 2), a_search("invite", 4)) == ["invite"]


def test_a_text_that_goes_on_after_a_pause_is_another_search() -> None:
    assert texts(a_search("invoice", 0), a_search("invoice address", 5.1)) == ["invoice", "invoice address"]


def test_other_words_typed_quickly_are_another_search() -> None:
    assert texts(a_search("invoice", 0), a_search("refund", 2)) == ["invoice", "refund"]


def test_the_same_query_again_is_one_search_whenever_it_comes() -> None:
    again = [a_search("Reset  password", 0), a_search("bill", 60), a_search("reset password", 900)]
    assert texts(*again) == ["Reset  password", "bill"]


def test_the_search_that_found_something_stands_for_the_same_that_found_nothing() -> None:
    empty, full = a_search("reset", 0, hits=0), a_search("reset", 60, hits=3)
    assert collapse([empty, full]) == ([full], {empty.uid: full.uid})


def test_another_language_is_another_search() -> None:
    assert len(texts(a_search("reset", 0), a_search("reset", 1, lang="de"))) == 2


def test_a_query_without_text_is_no_search() -> None:
    assert texts(a_search("  ")) == []


@given(st.lists(st.tuples(st.sampled_from(["", "a", "ab", "abc", "b"]), st.integers(0, 9), st.booleans()), max_size=12))
def test_each_search_with_text_stays_or_is_stood_for_by_one_that_stays(asked: list[tuple[str, int, bool]]) -> None:
    moments = [sum(gap for _, gap, _ in asked[: i + 1]) for i in range(len(asked))]
    searches = [a_search(text, at, hits=hits) for (text, _, hits), at in zip(asked, moments, strict=True)]
    kept, stands_for = collapse(searches)
    left = {search.uid for search in kept}
    assert left.isdisjoint(stands_for)
    assert set(stands_for.values()) <= left
    assert left | set(stands_for) == {search.uid for search in searches if search.query}
    assert list(kept) == sorted(kept, key=lambda search: search.at)
