import json
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import escape

from portal.content.page import Card
from portal.search.document import IndexDocument
from portal.search.hits import Hit, Jump, Query, Snippet
from portal.search.index_files import Beside
from portal.search.level import MOST_NEAREST, SHELF, LevelReader, write_level_index
from tests.search.concepts import Concepts, KeptConcepts
from tests.search.documents import HELP_CENTRE, a_section, a_suggestion

GERMAN = [
    a_section("Öffnen Sie die Einstellungen.", article="passwort", title="Passwort zurücksetzen"),
    a_section("Der Router startet neu.", article="router-de", title="Verbindung", topic="network"),
    a_section("Eine Waise.", article="no-card"),
]


def a_card(article: str, title: str, lang: str) -> Card:
    return Card(
        id=article,
        title=title,
        summary=f"About {title}.",
        url=f"/{lang}/articles/{article}",
        lang=lang,
        topic=None,
        topic_name=None,
        tags=(),
        products=(),
        kind="article",
        audience="public",
        status="published",
        updated_at=datetime(2026, 1, 2, tzinfo=UTC),
        revision="f" * 40,
    )


def write_shelf(path: Path) -> None:
    """Write as much of a shelf as a search reads: the cards."""
    texts = [(one.article, one.title, "en") for one in HELP_CENTRE] + [(one.article, one.title, "de") for one in GERMAN]
    cards = {article: asdict(a_card(article, title, lang)) for article, title, lang in texts if article != "no-card"}
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE articles (id TEXT PRIMARY KEY, card TEXT)")
        rows = [(key, json.dumps(card, default=datetime.isoformat)) for key, card in cards.items()]
        db.executemany("INSERT INTO articles VALUES (?, ?)", rows)


@pytest.fixture
def level(tmp_path: Path) -> Iterator[LevelReader]:
    write_shelf(tmp_path / SHELF)
    english = [a_suggestion(one.title, article=one.article) for one in HELP_CENTRE if not one.anchor]
    write_level_index(tmp_path, "en", HELP_CENTRE, english)
    write_level_index(tmp_path, "de", GERMAN, [a_suggestion("Passwort zurücksetzen", article="passwort")])
    reader = LevelReader(tmp_path)
    yield reader
    reader.close()


def ask(text: str, lang: str = "en", **filters: str) -> Query:
    return Query(text=text, lang=lang, **filters)


def test_a_hit_shows_card_section_snippet_and_marked_title(level: LevelReader) -> None:
    page = level.search(ask("password link expired"), offset=0, limit=10)
    (hit,) = page.hits
    assert (hit.card.id, hit.anchor, hit.heading) == ("password", "link", "The link has expired")
    assert hit.section_url == "/en/articles/password#link"
    assert ("link", True) in hit.snippet.parts
    assert hit.title.parts == (("Reset your ", False), ("password", True))
    assert (page.total, page.offset, page.limit) == (1, 0, 10)


def test_pages_follow_one_another_without_gap_or_repetition(level: LevelReader) -> None:
    together = level.search(ask("password router refund"), offset=0, limit=10).hits
    apart = [level.search(ask("password router refund"), offset=n, limit=1).hits for n in range(4)]
    assert [hit.card.id for page in apart for hit in page] == [hit.card.id for hit in together]
    assert len(together) == 3
    assert apart[3] == ()


def test_few_hits_are_joined_by_other_languages_apart_and_uncounted(level: LevelReader) -> None:
    page = level.search(ask("router"), offset=0, limit=10)
    assert [hit.card.id for hit in page.hits] == ["router"]
    assert [hit.card.id for hit in page.elsewhere] == ["router-de"]
    assert page.total == 1


def test_other_languages_stay_out_of_later_pages_and_of_many_hits(level: LevelReader) -> None:
    assert level.search(ask("router"), offset=1, limit=10).elsewhere == ()
    assert level.search(ask("router password refund"), offset=0, limit=10).elsewhere == ()


def test_filters_hold_in_other_languages_too(level: LevelReader) -> None:
    assert level.search(ask("router", topic="account"), offset=0, limit=5).elsewhere == ()
    assert len(level.search(ask("router", topic="network"), offset=0, limit=5).elsewhere) == 1


@pytest.mark.parametrize("lang", ["fr", "", "..", "../..", "en/../de", "\x00"])
def test_a_language_without_articles_has_hits_elsewhere_alone(level: LevelReader, lang: str) -> None:
    page = level.search(ask("router", lang=lang), offset=0, limit=5)
    assert (page.total, page.hits) == (0, ())
    assert {hit.card.lang for hit in page.elsewhere} == {"en", "de"}
    assert level.complete("re", lang, 5) == ()


def test_an_empty_query_is_an_empty_page(level: LevelReader) -> None:
    page = level.search(ask(" "), offset=0, limit=10)
    assert (page.total, page.hits, page.elsewhere) == (0, (), ())


def test_a_hit_without_a_card_is_left_out(level: LevelReader) -> None:
    assert level.search(ask("Waise", lang="de"), offset=0, limit=5).hits == ()


def test_completion_keeps_to_its_language(level: LevelReader) -> None:
    assert [one.text for one in level.complete("re", "en", 5)] == ["Get a refund", "Reset your password"]
    assert [one.text for one in level.complete("pass", "de", 5)] == ["Passwort zurücksetzen"]


LONG_ARTICLE = [
    a_section("Ink comes in bottles.", article="refund", title="Printers"),
    a_section("Ink, ink and more ink.", article="refund", anchor="buy", headings="Printers\nBuy ink"),
    a_section("Fill ink here. Ink.", article="refund", anchor="fill", headings="Printers\nFill <b>ink</b> & go"),
    a_section("Ink again, that ink.", article="refund", anchor="fill-1", headings="Printers\nFill <B>INK</B> & go"),
    a_section("Ink, ink, ink.", article="refund", anchor="related", headings="Printers\nRelated"),
    a_section("Ink spots.", article="refund", anchor="spots", headings="Printers\nInk spots"),
    a_section("Ink at last.", article="refund", anchor="last", headings="Printers\nInk at last"),
]


def test_jumps_lead_to_other_sections_whose_headings_have_the_words(tmp_path: Path) -> None:
    (hit,) = _hits(tmp_path, "ink")
    assert hit.anchor == "buy"
    assert hit.jumps == (Jump("Ink spots", f"{hit.card.url}#spots"), Jump("Ink at last", f"{hit.card.url}#last"))


def test_no_heading_comes_twice(tmp_path: Path) -> None:
    headings = ("Ink", "ink", "Buy ink", "Buy Ink", "")
    sections = [a_section("Ink.", article="refund", anchor=f"s{n}", headings=text) for n, text in enumerate(headings)]
    (hit,) = _hits(tmp_path, "ink", sections)
    assert [hit.heading.casefold(), *(jump.heading.casefold() for jump in hit.jumps)] == ["ink", "buy ink"]


def test_a_heading_that_looks_like_markup_is_text_in_a_jump(tmp_path: Path) -> None:
    poison = 'Ink <script>alert(1)</script> & "more"'
    sections = [
        a_section("Ink " * 5, article="refund", anchor="own", headings="Ink"),
        a_section("Ink <img src=x onerror=alert(1)> ink", article="refund", anchor="poison", headings=poison),
    ]
    (hit,) = _hits(tmp_path, "ink <b>&", sections)
    assert [jump.heading for jump in hit.jumps] == [poison], "as written, and no markup that templates would trust"
    assert "<" not in str(escape(hit.jumps[0].heading))
    assert "<img" not in hit.snippet.__html__()


def test_a_section_whose_heading_says_nothing_of_the_query_is_no_jump(tmp_path: Path) -> None:
    sections = [
        a_section("Ink, ink, ink.", article="refund", anchor=heading, headings=heading) for heading in ("Own", "More")
    ]
    (hit,) = _hits(tmp_path, "ink", sections)
    assert (hit.anchor, hit.jumps) == ("Own", ())


def _hits(folder: Path, text: str, sections: Iterable[IndexDocument] = LONG_ARTICLE) -> tuple[Hit, ...]:
    write_shelf(folder / SHELF)
    write_level_index(folder, "en", sections, [])
    reader = LevelReader(folder)
    hits = reader.search(ask(text), offset=0, limit=10).hits
    reader.close()
    return hits


def test_what_was_asked_lately_is_not_worked_out_again(level: LevelReader) -> None:
    first = level.search(ask("router"), offset=0, limit=10)
    assert level.search(ask("router"), offset=0, limit=10) is first
    assert level.search(ask("router", stage="after"), offset=0, limit=10) is not first
    assert level.search(ask("router"), offset=0, limit=9).limit == 9
    assert level.search(ask("router"), offset=1, limit=10).offset == 1
    offered = level.complete("re", "en", 5)
    assert level.complete("re", "en", 5) is offered
    assert level.complete("re", "en", 1) == offered[:1]


def test_long_questions_and_large_pages_are_not_kept(level: LevelReader) -> None:
    for query, limit in ((ask("router " * 40), 10), (ask("router"), 50)):
        first = level.search(query, offset=0, limit=limit)
        again = level.search(query, offset=0, limit=limit)
        assert again == first
        assert again is not first


def test_many_threads_get_the_same_answers(level: LevelReader) -> None:
    texts = [f"router {n % 7}" for n in range(60)]
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda text: level.search(ask(text), offset=0, limit=5), texts))
    assert [page.query.text for page in pages] == texts
    assert {tuple(hit.card.id for hit in page.hits) for page in pages} == {("router",)}


def test_a_closed_level_opens_again(level: LevelReader) -> None:
    before = level.search(ask("refund"), offset=0, limit=5)
    level.complete("re", "en", 5)
    level.close()
    assert level.search(ask("refund"), offset=0, limit=5) == before


# Honesty

SURE_OF_ALL, SURE_OF_NONE = 0.0, 1.01


def with_floor(level: LevelReader, folder: Path, floor: float) -> LevelReader:
    """Return another reader of the same level, with another floor."""
    level.close()
    return LevelReader(folder, floor=floor)


def test_under_the_floor_there_are_no_hits_and_the_nearest_stand_apart(level: LevelReader, tmp_path: Path) -> None:
    text = "how do I reset my password and router"
    before = level.search(ask(text), offset=0, limit=10)
    assert (len(before.hits), before.nearest) == (before.total, ())
    page = with_floor(level, tmp_path, SURE_OF_NONE).search(ask(text), offset=0, limit=10)
    assert (page.hits, page.total, page.answer) == ((), 0, None)
    assert page.nearest == before.hits[:MOST_NEAREST]
    assert page.confidence == before.confidence


def test_under_the_floor_later_pages_are_empty_too(level: LevelReader, tmp_path: Path) -> None:
    page = with_floor(level, tmp_path, SURE_OF_NONE).search(ask("router password"), offset=1, limit=1)
    assert (page.hits, page.total) == ((), 0)


def test_at_the_floor_what_was_found_is_shown(level: LevelReader, tmp_path: Path) -> None:
    sure = level.search(ask("router"), offset=0, limit=5).confidence
    assert sure is not None
    assert with_floor(level, tmp_path, sure).search(ask("router"), offset=0, limit=5).total == 1
    assert with_floor(level, tmp_path, sure + 1e-6).search(ask("router"), offset=0, limit=5).total == 0


def test_where_nothing_here_answers_other_languages_are_asked_and_are_as_honest(
    level: LevelReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [hit.card.lang for hit in level.search(ask("Verbindung"), offset=0, limit=5).elsewhere] == ["de"]
    unsure = with_floor(level, tmp_path, SURE_OF_NONE).search(ask("Verbindung"), offset=0, limit=5)
    assert (unsure.hits, unsure.elsewhere) == ((), ())


@pytest.mark.parametrize("text", ['"the router"', "tag:network", "topic:network router", "rout*", "title:refund"])
def test_who_says_exactly_what_is_a_hit_gets_all_of_them(level: LevelReader, tmp_path: Path, text: str) -> None:
    page = with_floor(level, tmp_path, SURE_OF_NONE).search(ask(text), offset=0, limit=10)
    assert (page.total, len(page.hits), page.nearest) == (1, 1, ())


@pytest.mark.parametrize("text", ["", " ", "xylophone", "...", "tag:nothing"])
def test_nothing_found_is_an_empty_page_at_any_floor(level: LevelReader, tmp_path: Path, text: str) -> None:
    for floor in (SURE_OF_ALL, SURE_OF_NONE):
        page = with_floor(level, tmp_path, floor).search(ask(text), offset=0, limit=10)
        assert (page.hits, page.total, page.nearest, page.answer) == ((), 0, (), None)


# As typed, or corrected


def test_a_page_says_what_was_searched_for_instead_and_a_verbatim_one_does_as_it_is_told(level: LevelReader) -> None:
    page = level.search(ask("Passwrod"), offset=0, limit=10)
    assert ([hit.card.id for hit in page.hits], page.corrected) == (["password"], "Password")
    assert ("password", True) in page.hits[0].title.parts
    verbatim = level.search(Query(text="Passwrod", lang="en", is_verbatim=True), offset=0, limit=10)
    assert (verbatim.hits, verbatim.corrected) == ((), None)
    assert level.search(ask("Passwrod"), offset=0, limit=10) is page, "the two are kept apart"
    assert [article for article, _ in level.explain(ask("Passwrod"), 5)] == ["password"]
    assert level.explain(Query(text="Passwrod", lang="en", is_verbatim=True), 5) == []


def test_words_of_other_languages_are_corrected_apart(level: LevelReader) -> None:
    page = level.search(ask("Passwrot", lang="de"), offset=0, limit=10)
    assert ([hit.card.id for hit in page.hits], page.corrected) == (["passwort"], "Passwort")


# Meaning


def test_a_level_asks_the_encoder_of_each_language_and_goes_on_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_shelf(tmp_path / SHELF)
    with KeptConcepts(tmp_path / "cache") as kept:
        write_level_index(tmp_path, "en", HELP_CENTRE, [], Beside(kept=kept))
    (tmp_path / "cache").rename(tmp_path.with_suffix(".kept"))
    for encoder, found in ((Concepts(), ["password"]), (None, [])):
        monkeypatch.setattr("portal.search.level.encoder_for", lambda *_, encoder=encoder: encoder)
        with opened(tmp_path) as reader:
            page = reader.search(ask("recover passcode"), offset=0, limit=10)
        assert [hit.card.id for hit in page.hits] == found


@contextmanager
def opened(folder: Path) -> Iterator[LevelReader]:
    reader = LevelReader(folder)
    yield reader
    reader.close()


# Any text

POISON = """<script>alert("x")</script> & <img src=x onerror='alert(1)'> {{7*7}} password </mark>"""


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LevelReader]:
    folder = tmp_path_factory.mktemp("poisoned")
    write_shelf(folder / SHELF)
    documents = [
        a_section(POISON * 3, article="password", anchor="a", title=POISON, headings=POISON),
        a_section("alert img script mark", article="router", anchor="b", title="<b>router</b>", headings="<i>"),
    ]
    write_level_index(folder, "en", documents, [])
    reader = LevelReader(folder)
    yield reader
    reader.close()


def unmarked(snippet: Snippet) -> str:
    return snippet.__html__().replace("<mark>", "").replace("</mark>", "")


@given(st.one_of(st.text(st.characters(), max_size=60), st.sampled_from(POISON.split())))
@example(POISON)
@example("scr <mark> img* alert")
@example('"alert(1)" <b>')
def test_nothing_of_a_query_or_an_article_is_markup(poisoned: LevelReader, text: str) -> None:
    page = poisoned.search(ask(text), offset=0, limit=10)
    assert len(page.hits) == page.total
    for hit in (*page.hits, *page.elsewhere):
        for snippet in (hit.snippet, hit.title):
            assert not set("<>\"'") & set(unmarked(snippet))
            assert snippet.__html__().count("<mark>") == sum(is_match for _, is_match in snippet.parts)


def test_pages_beyond_the_last_and_of_no_hits_are_empty(level: LevelReader) -> None:
    for offset, limit in ((0, 0), (5, 10), (-3, 0), (10**6, 1)):
        page = level.search(ask("router password"), offset=offset, limit=limit)
        assert (page.hits, page.total, page.answer) == ((), 2, None)
