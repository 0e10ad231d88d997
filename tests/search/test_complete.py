from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.complete import (
    MOST_ALIKE,
    MOST_OF_AN_ARTICLE,
    Completions,
    update_completions,
    write_completions,
)
from tests.search.documents import a_suggestion, checksums

TITLES = [
    a_suggestion("Reset your password", article="password"),
    a_suggestion("Reset", article="reset"),
    a_suggestion("Change your e-mail address", article="email"),
    a_suggestion("Größe ändern", article="size"),
    a_suggestion("パスワードを設定する", article="ja"),
    a_suggestion("The reset link has expired", article="password", kind="heading", title="Reset your password"),
    a_suggestion("Reset on a phone", article="password", kind="heading", title="Reset your password"),
    a_suggestion("Reset on a tablet", article="password", kind="heading", title="Reset your password"),
]


@pytest.fixture(scope="module")
def completions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Completions]:
    path = tmp_path_factory.mktemp("completions") / "completions.sqlite"
    write_completions(path, TITLES)
    opened = Completions(path)
    yield opened
    opened.close()


def texts(completions: Completions, typed: str, limit: int = 10) -> list[str]:
    return [one.text for one in completions.starting_with(typed, limit)]


@pytest.mark.parametrize("typed", ["p", "pa", "pass", "PASSWORD", "reset pass", "your  pas", "password res", " pass "])
def test_the_last_word_typed_is_a_beginning_and_the_others_must_be_there(completions: Completions, typed: str) -> None:
    assert texts(completions, typed)[:1] == ["Reset your password"]


def test_titles_come_before_headings_and_short_ones_first(completions: Completions) -> None:
    assert texts(completions, "reset") == ["Reset", "Reset your password", "Reset on a phone", "Reset on a tablet"]


def test_one_article_has_few_suggestions_at_a_time(completions: Completions) -> None:
    found = completions.starting_with("reset", 10)
    assert sum(one.article == "password" for one in found) == MOST_OF_AN_ARTICLE


def test_case_and_accents_make_no_difference(completions: Completions) -> None:
    assert texts(completions, "grosse AND") == ["Größe ändern"]
    assert texts(completions, "GRÖSSE") == texts(completions, "große") == ["Größe ändern"]


def test_scripts_without_blanks_begin_anywhere(completions: Completions) -> None:
    assert texts(completions, "設定") == texts(completions, "パス") == ["パスワードを設定する"]


def test_a_suggestion_comes_back_as_it_was_written(completions: Completions) -> None:
    assert completions.starting_with("change", 1) == (TITLES[2],)


def test_the_limit_is_kept(completions: Completions) -> None:
    assert len(texts(completions, "r", limit=2)) == 2
    assert texts(completions, "r", limit=0) == []


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "'", '" OR 1=1 --', "\x00", "\ud800", "*", "xyzzy", "pass xyzzy"])
def test_odd_or_unknown_text_suggests_nothing(completions: Completions, typed: str) -> None:
    assert texts(completions, typed) == []


@given(st.text(max_size=200))
def test_any_text_is_safe_to_complete(completions: Completions, typed: str) -> None:
    assert len(completions.starting_with(typed, 5)) <= 5


def test_headings_that_many_articles_share_are_no_suggestions(tmp_path: Path) -> None:
    alike = [a_suggestion("See also", article=f"a{n}", kind="heading") for n in range(MOST_ALIKE + 1)]
    write_completions(tmp_path / "many", alike)
    assert texts(Completions(tmp_path / "many"), "see") == []
    write_completions(tmp_path / "few", alike[1:])
    assert len(texts(Completions(tmp_path / "few"), "see")) == MOST_ALIKE
    write_completions(tmp_path / "titles", [a_suggestion("See also", article=f"a{n}") for n in range(MOST_ALIKE + 1)])
    assert len(texts(Completions(tmp_path / "titles"), "see")) == MOST_ALIKE + 1


def test_an_update_answers_as_a_file_written_anew_and_leaves_the_old_one(tmp_path: Path) -> None:
    alike = [a_suggestion("See also", article=f"a{n}", kind="heading") for n in range(MOST_ALIKE)]
    write_completions(tmp_path / "old", [*TITLES, *alike])
    before = checksums(tmp_path)
    fresh = [
        a_suggestion("Reset everything", article="reset"),
        a_suggestion("See also", article="reset", kind="heading", title="Reset everything"),
    ]
    update_completions(tmp_path / "old", tmp_path / "new", {"reset"}, fresh)
    assert checksums(tmp_path)["old"] == before["old"]
    anew = [one for one in [*TITLES, *alike] if one.article != "reset"] + fresh
    write_completions(tmp_path / "anew", anew)
    updated, written = Completions(tmp_path / "new"), Completions(tmp_path / "anew")
    for typed in ["r", "re", "reset", "see", "see al", "everything", "s"]:
        assert texts(updated, typed) == texts(written, typed)
    assert texts(updated, "see") == []


def test_a_heading_that_fewer_share_after_an_update_is_suggested_again(tmp_path: Path) -> None:
    alike = [a_suggestion("See also", article=f"a{n}", kind="heading") for n in range(MOST_ALIKE + 1)]
    write_completions(tmp_path / "old", alike)
    update_completions(tmp_path / "old", tmp_path / "new", {"a0"}, [])
    assert len(texts(Completions(tmp_path / "new"), "see")) == MOST_ALIKE


def test_what_an_update_took_out_is_not_in_the_file(tmp_path: Path) -> None:
    write_completions(tmp_path / "old", [*TITLES, a_suggestion("Xyzzysecret plans", article="canary")])
    assert b"Xyzzysecret" in (tmp_path / "old").read_bytes(), "else the next line says nothing"
    update_completions(tmp_path / "old", tmp_path / "new", {"canary"}, [])
    assert b"xyzzysecret" not in (tmp_path / "new").read_bytes().lower()
