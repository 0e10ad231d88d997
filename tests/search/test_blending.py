"""Words and meaning as one score: what meaning finds, where it must be silent, and who stands first."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from portal.search.blending import TITLE
from portal.search.document import IndexDocument
from portal.search.index_files import write_index
from portal.search.parts import WORDS_ALONE, Parts
from portal.search.text_index import TextIndex
from tests.search.brute_force import Collection
from tests.search.concepts import Concepts, a_meant_index
from tests.search.documents import HELP_CENTRE, a_section, an_index, found
from tests.search.test_ranking import collections, queries

UNSAID = "recover passcode"
"""Words that no article of the help centre has, and that mean what one of them is about."""
BLENDED = Parts(correction=False, synonyms=False, compounds=False)


@given(collections(), queries)
@settings(max_examples=60)
def test_the_ten_best_of_words_and_meaning_are_those_that_every_section_by_hand_puts_first(
    documents: Sequence[IndexDocument], text: str
) -> None:
    expected = Collection(documents).scores(text, Concepts())
    with TemporaryDirectory() as folder:
        index = a_meant_index(Path(folder), documents)
        ranking = index.search(text, want=10, parts=BLENDED)
        index.close()
    assert ranking.total == len(expected)
    best = sorted(expected.values(), reverse=True)[:10]
    assert [one.score for one in ranking.ranked] == pytest.approx(best, rel=1e-3)
    assert [one.score for one in ranking.ranked] == pytest.approx([expected[one.article] for one in ranking.ranked])


def test_meaning_finds_an_article_that_shares_no_word(tmp_path: Path) -> None:
    index = a_meant_index(tmp_path, [*HELP_CENTRE, a_section("Tea and biscuits", article="tea", title="Kitchen")])
    assert found(index, UNSAID) == ["password"]
    assert index.search(UNSAID, want=5, parts=WORDS_ALONE).total == 0


def test_the_passage_that_is_nearest_in_meaning_is_named(tmp_path: Path) -> None:
    body = ("Kettles boil. " * 45) + "\nTo recover a passcode is easy. " + ("Tea is green. " * 40)
    index = a_meant_index(tmp_path, [a_section(body, title="Forgotten password")])
    (hit,) = index.search(UNSAID, want=5).ranked
    assert hit.passage is not None
    assert "recover a passcode" in body[slice(*hit.passage)]
    assert len(body[slice(*hit.passage)]) < len(body) / 2


def test_words_alone_name_no_passage(tmp_path: Path) -> None:
    (hit,) = an_index(tmp_path).search("refund", want=5).ranked
    assert hit.passage is None


@pytest.mark.parametrize("text", ["refund password", "how do I get my refund", UNSAID])
@pytest.mark.parametrize("away", ["no vectors", "vectors wait", "another encoder", "no encoder"])
def test_words_alone_answer_where_meaning_is_away(tmp_path: Path, away: str, text: str) -> None:
    expected = an_index(tmp_path / "plain").search(text, want=5)
    if away == "no vectors":
        write_index(tmp_path / "index", "en", HELP_CENTRE)
        index = TextIndex(tmp_path / "index", "en", Concepts())
    elif away == "vectors wait":
        index = a_meant_index(tmp_path, HELP_CENTRE, at_once=0)
    else:
        a_meant_index(tmp_path, HELP_CENTRE).close()
        index = TextIndex(tmp_path / "index", "en", Concepts("concepts@2") if away == "another encoder" else None)
    assert index.search(text, want=5) == expected
    assert index.near("password", 3) == []


def test_an_encoder_of_another_name_is_asked_nothing(tmp_path: Path) -> None:
    newer = Concepts("concepts@2")
    assert found(a_meant_index(tmp_path, HELP_CENTRE, encoder=newer), "refund") == ["refund"]
    assert newer.asked == []


def test_words_that_took_too_long_answer_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Concepts()
    index = a_meant_index(tmp_path, HELP_CENTRE, encoder=encoder)
    alone = index.search("refund password", want=5, parts=WORDS_ALONE)
    monkeypatch.setattr("portal.search.text_index.BUDGET_SECONDS", 0)
    assert index.search("refund password", want=5) == alone
    assert encoder.asked == []
    monkeypatch.undo()
    assert index.search("refund password", want=5) != alone


def test_what_was_asked_lately_is_not_encoded_again(tmp_path: Path) -> None:
    encoder = Concepts()
    index = a_meant_index(tmp_path, HELP_CENTRE, encoder=encoder)
    for _ in range(3):
        index.search("refund password", want=5)
    assert encoder.asked == ["refund password"]


def test_a_corrected_word_is_meant_as_corrected(tmp_path: Path) -> None:
    encoder = Concepts()
    index = a_meant_index(tmp_path, HELP_CENTRE, encoder=encoder)
    index.search("passwrod link", want=5)
    index.search("passwrod link", want=5, parts=Parts(correction=False))
    index.search("the link and passw", want=5)
    assert encoder.asked == ["password link", "passwrod link", "the link and password"]


@pytest.mark.parametrize("text", ['"get a refund"', "tag:account", "refund -link", "ref*", "title:refund"])
def test_who_says_exactly_what_is_a_hit_is_asked_nothing_of_meaning(tmp_path: Path, text: str) -> None:
    encoder = Concepts()
    index = a_meant_index(tmp_path, HELP_CENTRE, encoder=encoder)
    ranking = index.search(text, want=5)
    assert ranking.is_exact
    assert "refund" in [one.article for one in ranking.ranked]
    assert encoder.asked == []


def test_filters_hold_for_what_meaning_finds_too(tmp_path: Path) -> None:
    index = a_meant_index(tmp_path, HELP_CENTRE)
    assert found(index, UNSAID, topic="account") == ["password"]
    assert found(index, UNSAID, topic="billing") == []
    assert index.search(UNSAID, want=5, parts=Parts(without=frozenset({"password"}))).ranked == ()


def test_in_questions_meaning_says_more_than_beside_keywords(tmp_path: Path) -> None:
    documents = [
        a_section("Automobile, damaged", article="meant", title="Defective vehicle"),
        a_section("A broken pencil on a shelf, a chair, tables, lamps and other things", article="said", title="Shelf"),
    ]
    index = a_meant_index(tmp_path, documents)
    assert found(index, "broken car") == ["said", "meant"]
    assert found(index, "my car is broken") == ["meant", "said"]


@pytest.mark.parametrize("text", ["Get a refund", "get a REFUND", "money back"])
def test_who_types_a_title_or_another_name_gets_that_article_first(tmp_path: Path, text: str) -> None:
    documents = [
        a_section("Get a refund, get money back: a refund. " * 3, article="other", title="Refunds of money"),
        a_section("Write to us.", article="this", title="Get a refund", aka="something else\nMoney back"),
    ]
    index = an_index(tmp_path, documents)
    assert found(index, text)[0] == "this"
    lifted, plain = (
        {one.article: one.score for one in index.search(text, want=5, parts=Parts(titles=titles)).ranked}
        for titles in (True, False)
    )
    assert lifted["this"] == pytest.approx(plain["this"] + TITLE, rel=1e-5)
    assert lifted["other"] == pytest.approx(plain["other"])


def test_a_title_of_other_words_or_of_more_is_not_what_was_typed(tmp_path: Path) -> None:
    index = an_index(tmp_path, [a_section("x", article="more", title="Get a refund today"), *HELP_CENTRE])
    for text in ("refund", "a refund get", "get a refund now"):
        assert index.search(text, want=5) == index.search(text, want=5, parts=Parts(titles=False))


def test_an_article_without_title_is_not_the_answer_to_an_empty_question(tmp_path: Path) -> None:
    index = an_index(tmp_path, [a_section("words", title="")])
    assert [index.search(text, want=5).total for text in ("", "?!", "...")] == [0, 0, 0]


def test_the_nearest_articles_come_best_first_without_the_one_asked_for(tmp_path: Path) -> None:
    documents = [
        a_section("password reset", article="one", title="Password"),
        a_section("passcode lost", article="twin", title="Passcode"),
        a_section("passcode and kettle", article="cousin", title="Kettle"),
        a_section("biscuits", article="stranger", title="Shop"),
    ]
    near = a_meant_index(tmp_path, documents).near("one", 5)
    assert [article for article, _ in near] == ["twin", "cousin"]
    assert near[0][1] > near[1][1] > 0
    assert a_meant_index(tmp_path / "again", documents).near("unknown", 5) == []


def test_an_article_without_any_text_disturbs_nobody(tmp_path: Path) -> None:
    index = a_meant_index(tmp_path, [a_section("", article="empty", title=""), *HELP_CENTRE])
    assert found(index, UNSAID) == ["password"]
    assert index.near("empty", 3) == []
