"""The answer box: only for questions, only when sure enough, and never a word that does not stand in the article."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.search.answering import LONGEST, SHORTEST, SURE, answer
from portal.search.hits import Answer, Hit, Query, Snippet
from portal.search.index_files import Beside
from portal.search.level import SHELF, LevelReader, write_level_index
from portal.search.rankings import Ranking
from tests.search.concepts import Concepts, KeptConcepts
from tests.search.documents import a_section
from tests.search.test_level import a_card, write_shelf

CARD = a_card("password", "Reset your password", "en")
HIT = Hit(card=CARD, anchor="how", heading="How", snippet=Snippet(()), score=1.0, title=Snippet(()))
SURELY = Ranking(confidence=1.0, is_question=True, words=frozenset({"password"}))
BODY = "Open the settings first. Then choose a new password of twelve letters. Save it, and you are done."


def quoted(text: str, passage: tuple[int, int] | None = None, ranking: Ranking = SURELY) -> str | None:
    found = answer(HIT, text, passage or (0, len(text)), ranking, "en")
    return None if found is None else str(found.passage)


def said(text: str) -> str:
    """Return a text with single blanks, and without the signs that stand between blocks."""
    return " ".join(text.replace(" \u00b7", "").split())


def test_it_says_where_it_was_taken_from_and_marks_the_words() -> None:
    found = answer(HIT, BODY, (0, len(BODY)), SURELY, "en")
    assert isinstance(found, Answer)
    assert (found.card, found.heading, found.section_url) == (CARD, "How", "/en/articles/password#how")
    assert ("password", True) in found.passage.parts
    assert str(found.passage) == BODY


@pytest.mark.parametrize("confidence", [None, 0.0, SURE - 0.01])
def test_who_is_not_sure_says_nothing(confidence: float | None) -> None:
    assert quoted(BODY, ranking=replace(SURELY, confidence=confidence)) is None
    assert quoted(BODY, ranking=replace(SURELY, confidence=SURE)) == BODY


def test_without_a_passage_there_is_no_answer() -> None:
    assert answer(HIT, BODY, None, SURELY, "en") is None
    assert answer(HIT, "", (0, 0), SURELY, "en") is None


def test_what_is_too_short_to_say_anything_is_no_answer() -> None:
    assert quoted("Yes. No.") is None
    assert quoted("a" * (SHORTEST - 1)) is None


def test_a_sentence_is_quoted_whole_or_not_at_all() -> None:
    second = BODY.index("Then")
    third = BODY.index("Save")
    assert quoted(BODY, (second, third)) == BODY[second:third].strip()
    assert quoted(BODY, (second + 3, len(BODY))) is None, "the third alone is too short"
    assert quoted(BODY, (0, third - 5)) is None, "the first alone is too short"
    long = "Word " * 60 + "end. "
    assert quoted(long * 3) == long.strip()
    assert quoted("word " * 200 + "end.") is None


def test_the_first_sentences_are_quoted_as_many_as_fit() -> None:
    text = " ".join(f"This is the sentence with number {n}." for n in range(40))
    found = quoted(text) or ""
    assert LONGEST - 40 < len(found) <= LONGEST
    assert (text.startswith(found), found.endswith(".")) == (True, True)


def test_markup_in_an_answer_is_text() -> None:
    text = "Type <script>alert('password')</script> & more, then press the key."
    found = answer(HIT, text, (0, len(text)), SURELY, "en")
    assert found is not None
    assert "<script>" not in found.passage.__html__()
    assert "&lt;script&gt;" in found.passage.__html__()


_bodies = st.lists(
    st.sampled_from(
        ["Open", "the", "settings", "password.", "Save!", "it", "now?", "\n", "1.5", "重置。", "a:", "…", "<b>"]
    ),
    max_size=300,
).map(" ".join)


@given(_bodies, st.integers(0, 60), st.integers(60, 1500))
@example("Open the settings now? Save it.\nOpen the password. " * 20, 10, 400)
def test_it_is_quoted_word_for_word(text: str, start: int, end: int) -> None:
    found = quoted(text, (start, end))
    if found is not None:
        assert said(found) in said(text[start:end])
        assert len(found) >= SHORTEST
        assert len(said(found)) <= LONGEST


# Through a whole search


@pytest.fixture
def level(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LevelReader]:
    monkeypatch.setattr("portal.search.level.encoder_for", lambda *_: Concepts())
    write_shelf(tmp_path / SHELF)
    documents = [
        a_section(BODY, article="password", anchor="how", title="Reset your password", headings="Choose a password"),
        a_section("Kettles boil water. " * 9, article="password", anchor="tea", title="Reset your password"),
        a_section("The router restarts by itself every night at four.", article="router", title="Connection problems"),
    ]
    with KeptConcepts(tmp_path) as kept:
        write_level_index(tmp_path, "en", documents, [], Beside(kept=kept))
    (tmp_path / "kept.sqlite").unlink()
    reader = LevelReader(tmp_path)
    yield reader
    reader.close()


def asked(level: LevelReader, text: str, offset: int = 0) -> Answer | None:
    return level.search(Query(text=text, lang="en"), offset=offset, limit=10).answer


def test_a_question_is_answered_by_the_nearest_passage_of_the_first_hit(
    level: LevelReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.search.answering.SURE", 0.0)
    found = asked(level, "how do I reset my password")
    assert found is not None
    assert (found.card.id, found.anchor, str(found.passage)) == ("password", "how", BODY)


@pytest.mark.parametrize("text", ["reset password", '"reset your password"', "xylophone", "", "how xylophone"])
def test_what_is_no_question_or_has_no_hit_is_not_answered(
    level: LevelReader, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("portal.search.answering.SURE", 0.0)
    assert asked(level, text) is None


def test_only_the_first_page_answers_and_only_who_is_sure(level: LevelReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.search.answering.SURE", 0.0)
    assert asked(level, "how do I reset my password", offset=1) is None
    monkeypatch.setattr("portal.search.answering.SURE", 1.01)
    assert asked(level, "what do I do to reset my password") is None
