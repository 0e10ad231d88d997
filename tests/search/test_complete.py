from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.complete import FEW, MOST_OF_AN_ARTICLE, MOST_QUERIES, Completions
from portal.search.completions_file import MOST_ALIKE, update_completions, write_completions
from portal.search.hits import Completion
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
    opened = Completions(path, "en")
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


@pytest.fixture
def offering(tmp_path: Path) -> Iterator[Callable[..., Completions]]:
    """Open a file of these suggestions and no others."""
    opened: list[Completions] = []

    def offering(*entries: Completion) -> Completions:
        path = tmp_path / str(len(opened))
        write_completions(path, entries)
        opened.append(Completions(path, "en"))
        return opened[-1]

    yield offering
    for one in opened:
        one.close()


Offering = Callable[..., Completions]


def test_other_names_lead_to_the_article_and_come_between_titles_and_headings(offering: Offering) -> None:
    completions = offering(
        a_suggestion("Cook", article="a", kind="heading", title="Kitchen"),
        a_suggestion("Cookies and more", article="b", kind="aka", title="What we keep"),
        a_suggestion("Cooking for beginners", article="c"),
    )
    found = completions.starting_with("cook", 5)
    assert [(one.kind, one.title) for one in found] == [
        ("title", "Cooking for beginners"),
        ("aka", "What we keep"),
        ("heading", "Kitchen"),
    ]


def test_another_name_is_not_offered_beside_the_title_that_it_leads_to(offering: Offering) -> None:
    title = a_suggestion("Reset your password", article="p")
    name = a_suggestion("Reset a password", article="p", kind="aka", title=title.title)
    other = a_suggestion("New password", article="p", kind="aka", title=title.title)
    completions = offering(title, name, other)
    assert texts(completions, "reset") == ["Reset your password"]
    assert texts(completions, "reset a") == ["Reset a password"]
    assert texts(completions, "new") == ["New password"]


def test_other_names_that_many_articles_share_are_no_suggestions_and_their_titles_are(offering: Offering) -> None:
    names = [a_suggestion("Help", article=f"a{n}", kind="aka", title="T") for n in range(MOST_ALIKE + 1)]
    assert texts(offering(*names, a_suggestion("Help", article="title")), "help") == ["Help"]


@pytest.mark.parametrize(
    "typed",
    ["pasword", "passwrod", "paswsord", "passsword", "passwird", "apssword", "pasw", "reset pasword", "rseet password",
     "yuor passwo", "your pssaword", "PÁSWORD"],
)  # fmt: skip
def test_a_misspelt_word_is_taken_for_the_nearest_and_says_so(completions: Completions, typed: str) -> None:
    found = completions.starting_with(typed, 3)
    assert "Reset your password" in [one.text for one in found]
    assert all(one.is_corrected for one in found)


def test_two_edits_are_forgiven_in_long_words_alone(offering: Offering) -> None:
    completions = offering(a_suggestion("Reconciliation"), a_suggestion("Account", article="b"))
    assert texts(completions, "recconcilliation") == ["Reconciliation"]
    assert texts(completions, "acuont") == texts(completions, "akkount") == []


@pytest.mark.parametrize("typed", ["pz", "p4ssword", "passwort3", "vassword", "設足", "passwird xyzzy"])
def test_short_words_numbers_and_other_first_letters_are_not_corrected(completions: Completions, typed: str) -> None:
    assert texts(completions, typed) == []


def test_what_fits_exactly_comes_first_and_few_corrected_fill_up(offering: Offering) -> None:
    exact = [a_suggestion(f"Invoices {'x' * n}", article=f"i{n}") for n in range(FEW - 1)]
    near = [a_suggestion(f"Invoiced {n}", article=f"n{n}", topic="T") for n in range(9)]
    few = offering(*exact, *near).starting_with("invoices", 8)
    assert [one.is_corrected for one in few] == [False] * (FEW - 1) + [True] * FEW
    enough = offering(*exact, a_suggestion("Invoices again", article="i"), *near).starting_with("invoices", 8)
    assert [one.is_corrected for one in enough] == [False] * FEW


def test_the_nearest_correction_comes_first(offering: Offering) -> None:
    completions = offering(a_suggestion("Past"), a_suggestion("Your password", article="b"))
    assert texts(completions, "pasw") == ["Your password", "Past"]


def test_suggestions_of_one_topic_stand_together_the_topic_of_the_best_first(offering: Offering) -> None:
    topics = ["b", "a", None, "b", "a", None]
    completions = offering(
        *(a_suggestion(f"Reset {'x' * n}", article=str(n), topic=topic) for n, topic in enumerate(topics))
    )
    assert [one.topic for one in completions.starting_with("reset", 6)] == ["b", "b", "a", "a", None, None]
    assert [one.topic for one in completions.starting_with("reset", 4)] == ["b", "b", "a", None]


def test_past_queries_stand_behind_topics_of_titles_and_before_those_of_headings_alone(offering: Offering) -> None:
    completions = offering(
        a_suggestion("Reset", article="r", topic="a"),
        a_suggestion("Reset it here", article="r", kind="heading", topic="a"),
        a_suggestion("Reset it there", article="s", kind="heading", topic="b"),
    )
    found = completions.starting_with("re", 8, ("reset there", "it is here", "here reset"))
    assert [(one.kind, one.topic) for one in found] == [
        ("title", "a"), ("heading", "a"), ("query", None), ("query", None), ("heading", "b"),
    ]  # fmt: skip
    query = found[2]
    assert (query.text, query.url) == ("reset there", "/en/search?q=reset%20there")
    assert (query.article, query.title, query.topic, query.is_corrected) == ("", "", None, False)


def test_past_queries_are_few_and_repeat_no_title(completions: Completions) -> None:
    asked = ("RESET your password", *(f"reset {'your ' * n}phone" for n in range(6)))
    found = completions.starting_with("reset", 8, asked)
    assert [one.text for one in found if one.kind == "query"] == list(asked[1 : MOST_QUERIES + 1])


def test_a_past_query_with_a_word_that_nothing_offered_here_has_is_never_shown(completions: Completions) -> None:
    found = completions.starting_with("reset", 8, ("reset the falcon", "reset the link"))
    assert [one.text for one in found if one.kind == "query"] == ["reset the link"]
    assert completions.starting_with("falcon", 8, ("falcon", "falcon reset")) == ()


def test_past_queries_leave_room_for_what_leads_to_articles(offering: Offering) -> None:
    completions = offering(*(a_suggestion(f"Reset {n}", article=str(n)) for n in range(9)))
    found = completions.starting_with("re", 4, ("1 reset", "2 reset", "3 reset", "4 reset"))
    assert [one.kind for one in found] == ["title", *["query"] * MOST_QUERIES]


@given(st.text(max_size=120), st.lists(st.text(max_size=120), max_size=3))
def test_any_past_query_is_safe_to_offer(completions: Completions, typed: str, asked: list[str]) -> None:
    assert len(completions.starting_with(typed, 5, tuple(asked))) <= 5


def test_a_closed_file_opens_again(completions: Completions) -> None:
    before = texts(completions, "reset")
    completions.close()
    assert texts(completions, "reset") == before


def test_headings_that_many_articles_share_are_no_suggestions(tmp_path: Path) -> None:
    alike = [a_suggestion("See also", article=f"a{n}", kind="heading") for n in range(MOST_ALIKE + 1)]
    write_completions(tmp_path / "many", alike)
    assert texts(Completions(tmp_path / "many", "en"), "see") == []
    write_completions(tmp_path / "few", alike[1:])
    assert len(texts(Completions(tmp_path / "few", "en"), "see")) == MOST_ALIKE
    write_completions(tmp_path / "titles", [a_suggestion("See also", article=f"a{n}") for n in range(MOST_ALIKE + 1)])
    assert len(texts(Completions(tmp_path / "titles", "en"), "see")) == MOST_ALIKE + 1


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
    updated, written = Completions(tmp_path / "new", "en"), Completions(tmp_path / "anew", "en")
    for typed in ["r", "re", "reset", "see", "see al", "everything", "s"]:
        assert texts(updated, typed) == texts(written, typed)
    assert texts(updated, "see") == []


def test_a_heading_that_fewer_share_after_an_update_is_suggested_again(tmp_path: Path) -> None:
    alike = [a_suggestion("See also", article=f"a{n}", kind="heading") for n in range(MOST_ALIKE + 1)]
    write_completions(tmp_path / "old", alike)
    update_completions(tmp_path / "old", tmp_path / "new", {"a0"}, [])
    assert len(texts(Completions(tmp_path / "new", "en"), "see")) == MOST_ALIKE


def test_what_an_update_took_out_is_not_in_the_file(tmp_path: Path) -> None:
    write_completions(tmp_path / "old", [*TITLES, a_suggestion("Xyzzysecret plans", article="canary")])
    assert b"Xyzzysecret" in (tmp_path / "old").read_bytes(), "else the next line says nothing"
    update_completions(tmp_path / "old", tmp_path / "new", {"canary"}, [])
    assert b"xyzzysecret" not in (tmp_path / "new").read_bytes().lower()
