"""Which articles words alone find, and in which order."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.document import IndexDocument
from portal.search.parts import Parts
from portal.search.ranking import MOST_FURTHER
from portal.search.weighing import rarity
from tests.search.brute_force import Collection
from tests.search.documents import a_section, an_index, found

AS_TYPED = Parts(meaning=False, correction=False, synonyms=False, compounds=False)
VOCABULARY = ("ink", "paper", "toner", "drum", "tray", "cable", "the", "how")
_said = st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join)
_few = st.lists(st.sampled_from(VOCABULARY), max_size=2).map(" ".join)


@st.composite
def collections(draw: st.DrawFn) -> list[IndexDocument]:
    """Draw a few articles of one to three sections, in a vocabulary so small that they share most of it."""
    documents: list[IndexDocument] = []
    for number in range(draw(st.integers(1, 14))):
        own = {"title": draw(_few), "aka": draw(_few), "summary": draw(_few), "tags": tuple(draw(_few).split())}
        documents += [
            a_section(draw(_said), article=f"a{number}", anchor=f"s{place}", headings=draw(_few), **own)
            for place in range(draw(st.integers(1, 3)))
        ]
    return documents


queries = st.lists(st.sampled_from((*VOCABULARY, "zebra")), min_size=1, max_size=5).map(" ".join)


@given(collections(), queries)
@settings(max_examples=60)
def test_the_ten_best_are_those_that_a_score_of_every_section_by_hand_puts_first(
    documents: Sequence[IndexDocument], text: str
) -> None:
    expected = Collection(documents).scores(text)
    with TemporaryDirectory() as folder:
        index = an_index(Path(folder), documents)
        ranking = index.search(text, want=10, parts=AS_TYPED)
        index.close()
    assert ranking.total == len(expected)
    assert [one.score for one in ranking.ranked] == pytest.approx(sorted(expected.values(), reverse=True)[:10], 1e-4)
    assert [one.score for one in ranking.ranked] == pytest.approx([expected[one.article] for one in ranking.ranked])


def test_an_article_speaks_by_its_own_fields_and_its_best_section(tmp_path: Path) -> None:
    documents = [
        a_section("toner", article="split", anchor="one", title="Ink"),
        a_section("paper", article="split", anchor="two", title="Ink"),
        a_section("toner paper", article="whole", anchor="one", title="Ink"),
        a_section("other things", article="whole", anchor="two", title="Ink"),
    ]
    index = an_index(tmp_path, documents)
    best = index.search("ink toner paper", want=5).ranked
    assert [one.article for one in best] == ["whole", "split"], "two halves in two sections are no whole"
    assert index.place(best[0].section)[0] == "one"


def test_a_word_in_title_and_section_is_met_once(tmp_path: Path) -> None:
    documents = [
        a_section("ink", article="a", anchor="same", title="Ink"),
        a_section("toner", article="a", anchor="both", title="Ink"),
    ]
    index = an_index(tmp_path, documents)
    (hit,) = index.search("ink toner", want=5).ranked
    assert index.place(hit.section)[0] == "both"


@pytest.mark.parametrize("text", ["toner drum tray", "how toner drum tray"])
def test_missing_words_cost_by_their_share(tmp_path: Path, text: str) -> None:
    documents = [a_section("toner", article="some"), a_section("ink", article="other"), a_section("drum tray toner")]
    index = an_index(tmp_path, documents)
    held_back, plain = (
        {one.article: one.score for one in index.search(text, want=5, parts=Parts(coverage=covers)).ranked}
        for covers in (True, False)
    )
    assert held_back["a1"] == pytest.approx(plain["a1"])
    assert held_back["some"] == pytest.approx(plain["some"] * (1 / 3) ** 0.15, rel=1e-5)


def test_one_word_has_no_share_to_miss(tmp_path: Path) -> None:
    index = an_index(tmp_path, [a_section("toner"), a_section("ink", article="other")])
    assert [index.search("toner", want=1, parts=Parts(coverage=one)).ranked[0].score for one in (True, False)] == [
        pytest.approx(1.0)
    ] * 2


def test_stop_words_move_what_others_found_and_find_nothing_themselves(tmp_path: Path) -> None:
    documents = [
        a_section("toner here", article="without"),
        a_section("toner with", article="with"),
        a_section("with with with", article="only"),
    ]
    assert found(an_index(tmp_path, documents), "with toner") == ["with", "without"]


def test_stop_words_count_in_full_where_the_switch_is_off(tmp_path: Path) -> None:
    documents = [a_section("toner", article="toner"), a_section("with", article="with")]
    index = an_index(tmp_path, documents)
    assert index.search("with toner", want=5).total == 1
    assert index.search("with toner", want=5, parts=Parts(weak=False)).total == 2


@pytest.mark.parametrize("want", [1, 3, 8, 9, 20])
def test_ties_stand_in_the_order_of_articles_however_many_are_wanted(tmp_path: Path, want: int) -> None:
    documents = [a_section("same words", article=f"a{n:02}") for n in range(12)]
    documents.insert(6, a_section("same words same words", article="best", title="Same"))
    ranked = an_index(tmp_path, documents).search("same words", want=want).ranked
    assert [one.article for one in ranked] == ["best", *(f"a{n:02}" for n in range(12))][:want]


def test_the_first_of_equal_sections_is_the_best(tmp_path: Path) -> None:
    index = an_index(tmp_path, [a_section("same words", anchor=f"s{n}") for n in range(5)])
    (hit,) = index.search("same words", want=5).ranked
    assert index.place(hit.section)[0] == "s0"
    assert [index.place(number)[0] for number in hit.further] == ["s1", "s2", "s3", "s4"]


def test_further_sections_come_best_first_and_only_where_they_fit_nearly_as_well(tmp_path: Path) -> None:
    long = " ".join(f"word{n}" for n in range(60))
    documents = [
        a_section("ink toner", anchor="own"),
        a_section("ink toner paper tray", anchor="near"),
        a_section("ink " + long, anchor="far"),
        a_section("ink toner drum", anchor="nearer"),
        a_section("ink toner", article="other", anchor="elsewhere"),
    ]
    index = an_index(tmp_path, documents)
    further = {one.article: one.further for one in index.search("ink toner", want=5).ranked}
    assert [index.place(number)[0] for number in further["a1"]] == ["nearer", "near"]
    assert further["other"] == ()


def test_further_sections_are_few(tmp_path: Path) -> None:
    index = an_index(tmp_path, [a_section("ink", anchor=f"s{n}") for n in range(20)])
    assert len(index.search("ink", want=1).ranked[0].further) == MOST_FURTHER


def test_an_article_that_is_passed_over_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    documents = [a_section("ink", article=f"a{n}", topic="odd" if n % 2 else "even") for n in range(6)]
    index = an_index(tmp_path, documents)
    parts = Parts(without=frozenset({"a0", "a3"}))
    ranking = index.search("ink", want=2, parts=parts)
    assert (ranking.total, [one.article for one in ranking.ranked]) == (4, ["a1", "a2"])
    odd = index.search("ink", want=5, parts=parts, topic="odd")
    assert [one.article for one in odd.ranked] == ["a1", "a5"]
    everything = frozenset(f"a{n}" for n in range(6))
    assert index.search("ink", want=5, parts=Parts(without=everything)).ranked == ()


def test_a_filter_says_all_of_a_value_and_no_beginning(tmp_path: Path) -> None:
    index = an_index(tmp_path, [a_section("ink", tags=("Account",), topic="account", products=("Kettle",))])
    for name, value in (("tag", "account"), ("topic", "account"), ("product", "kettle")):
        assert found(index, "ink", **{name: value}) == ["a1"]
        assert found(index, "ink", **{name: value[:3] + "*"}) == []
        assert found(index, "ink", **{name: "*"}) == []


def test_rarer_words_say_more_and_common_ones_never_count_against() -> None:
    rare, common, everywhere = rarity(np.array([1.0, 500.0, 1000.0]), 1000)
    assert rare > common > everywhere > 0
