"""What the results page says in each of its states, whatever the ranking thinks."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import Flask

from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.shelf import Shelf
from portal.search.hits import ResultPage, Snippet
from tests.web.conftest import POISONED
from tests.web.help.search_states import MEANT, TYPED, a_hit, an_answer, rendered, states
from tests.web.help.test_searches import POISON

FRAGMENT = "help/_search_results.html"
Pages = dict[str, ResultPage]


@pytest.fixture(scope="session")
def here(shown: Portal) -> Shelf:
    return shown.library.current().level(Level.PUBLIC).shelf


@pytest.fixture
def pages(here: Shelf) -> Pages:
    return states(here)


class _Tags(HTMLParser):
    """What a browser takes for tags, and for their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def _links(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'href="(/en/search[^"]*)"', page)]


def _said(page: str) -> str:
    return unescape(page.partition('data-said="')[2].partition('"')[0])


def _words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def _without_its_frame(page: str) -> str:
    return page.partition('<div class="results-found">')[2].partition("<footer")[0]


def test_a_correction_is_said_first_and_what_was_typed_is_one_click_away(app: Flask, pages: Pages) -> None:
    page = _without_its_frame(rendered(app, pages["corrected"]))
    assert _words(page).startswith(f"Showing results for {MEANT}. Search instead for {TYPED} 4 articles for “{MEANT}”")
    assert "/en/search?q=rest+pasword&verbatim=1" in _links(page)


def test_the_way_to_what_was_typed_keeps_every_filter(app: Flask, pages: Pages) -> None:
    query = replace(pages["corrected"].query, topic="a&b", tag="t", product="p", stage="after")
    links = _links(rendered(app, replace(pages["corrected"], query=query)))
    assert "/en/search?q=rest+pasword&topic=a%26b&tag=t&product=p&stage=after&verbatim=1" in links


def test_what_was_typed_is_not_corrected_again(app: Flask, pages: Pages) -> None:
    page = rendered(app, replace(pages["as it was typed"], corrected=MEANT))
    assert "Showing results for" not in page
    assert MEANT not in page
    assert "4 articles for “rest pasword”" in page


def test_as_it_was_typed_holds_for_filters_pages_and_languages(app: Flask, pages: Pages) -> None:
    page = rendered(app, replace(pages["as it was typed"], total=40, offset=10))
    others = [link for link in _links(page) if "verbatim=1" not in link and link != "/en/search"]
    assert others == []
    assert "/de/search?q=rest+pasword&amp;verbatim=1" in page
    assert len(_links(page)) > 3


def test_other_words_typed_into_the_box_are_corrected_again(app: Flask, pages: Pages) -> None:
    form = rendered(app, pages["as it was typed"]).partition("<form")[2].partition("</form>")[0]
    assert "verbatim" not in form


def test_an_answer_is_a_quotation_with_its_place_and_its_day(app: Flask, pages: Pages) -> None:
    page = _without_its_frame(rendered(app, pages["answered"]))
    box, _, rest = page.partition('class="answer"')[2].partition("</section>")
    answer = pages["answered"].answer
    assert answer
    assert f'<blockquote cite="{answer.section_url}">' in box
    assert str(answer.passage) in _words(box)
    assert f'<a href="{answer.section_url}">' in box
    assert f"From: {answer.card.title} › By e-mail updated March 1, 2026" in _words(box)
    assert rest.count('class="hit"') == 4


def test_a_heading_that_is_the_title_is_not_said_twice(app: Flask, pages: Pages) -> None:
    card = pages["answered"].hits[0].card
    for heading in ("", card.title):
        page = rendered(app, replace(pages["answered"], answer=an_answer(card, heading)))
        assert "›" not in page


def test_what_stands_quoted_above_is_not_said_again_below(app: Flask, pages: Pages) -> None:
    results = pages["answered"]
    first, *others = _without_its_frame(rendered(app, results)).split('class="hit"')[1:]
    assert "Open the <mark>link</mark>" not in first
    assert all("Open the <mark>link</mark>" in one for one in others)
    elsewhere = replace(results, answer=an_answer(results.hits[0].card, "Elsewhere"))
    assert elsewhere.answer
    elsewhere = replace(elsewhere, answer=replace(elsewhere.answer, anchor="elsewhere"))
    assert rendered(app, elsewhere).count("Open the <mark>link</mark>") == len(results.hits)


def test_a_hit_names_its_heading_only_where_that_is_not_its_title(app: Flask, pages: Pages) -> None:
    hit = pages["corrected"].hits[0]
    same = replace(hit, heading=hit.card.title.upper())
    assert "hit-heading" in rendered(app, replace(pages["corrected"], hits=(hit,)))
    assert "hit-heading" not in rendered(app, replace(pages["corrected"], hits=(same,)))
    assert "hit-heading" not in rendered(app, replace(pages["nothing answers"], nearest=(same,)))


def test_later_pages_quote_nothing(app: Flask, pages: Pages) -> None:
    page = rendered(app, replace(pages["answered"], offset=10, total=40))
    assert "<blockquote" not in page


def test_what_comes_near_is_no_result(app: Flask, pages: Pages) -> None:
    page = _without_its_frame(rendered(app, pages["nothing answers"]))
    before, heading, apart = page.partition("Nearest articles")
    assert "No clear answer to “rest pasword”" in before
    assert heading
    for hit in pages["nothing answers"].nearest:
        assert f'href="{hit.section_url}"' in apart
    assert 'class="hit"' not in page
    assert "<mark>" not in page


def test_where_nothing_answers_a_person_and_other_words_are_offered(app: Flask, pages: Pages) -> None:
    for name in ("nothing answers", "nothing at all", "nothing with these filters", "nothing as it was typed"):
        page = rendered(app, pages[name])
        _, asked, after = page.partition("What were you looking for?")
        assert asked, name
        assert '<a href="#q">Ask in other words</a>' in after, name
        assert "help@acme.example" in after.partition("<footer")[0], name
        assert '<form class="request-form" method="post" action="/en/requests">' in after, name
        assert "Not what you were looking for?" not in page, name


def test_under_results_the_question_is_a_quiet_line(app: Flask, pages: Pages) -> None:
    whole = pages["answered"]
    for results in (whole, replace(whole, total=20), replace(whole, offset=4, total=8)):
        before, line, after = rendered(app, results).partition("<summary>Not what you were looking for?</summary>")
        assert line
        assert "request-form" in after
        assert "request-form" not in before


def test_a_corrected_search_that_finds_nothing_shows_no_results(app: Flask, pages: Pages) -> None:
    page = _without_its_frame(rendered(app, pages["nothing answers what was corrected"]))
    words = f"Looked for {MEANT}. Search instead for {TYPED} No clear answer to “{MEANT}”"
    assert _words(page).startswith(words)


def test_nothing_with_filters_leads_to_the_search_without_them(app: Flask, pages: Pages) -> None:
    results = pages["nothing with these filters"]
    verbatim = replace(results, query=replace(results.query, is_verbatim=True))
    for one, more in ((results, ""), (verbatim, "&amp;verbatim=1")):
        page = rendered(app, one)
        assert "Nothing with these filters for “rest pasword”" in page
        assert f'<a href="/en/search?q=rest+pasword{more}">Search without the filters</a>' in page


def test_hits_in_other_languages_are_not_called_nothing(app: Flask, pages: Pages, here: Shelf) -> None:
    elsewhere = tuple(a_hit(card) for card in here.recent("de", 1))
    page = rendered(app, replace(pages["nothing at all"], elsewhere=elsewhere))
    assert "No article in this language fits" in page
    assert "No article here has these words" not in page


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("corrected", "4 articles for “reset password”. Corrected from “rest pasword”"),
        ("answered", "4 articles for “How do I reset my password?”. A passage that may answer stands first"),
        ("nothing answers", "No clear answer to “rest pasword”. 3 articles that come near"),
        ("nothing at all", "Nothing found for “rest pasword”"),
        ("nothing with these filters", "Nothing with these filters for “rest pasword”. 3 articles that come near"),
        ("as it was typed", "4 articles for “rest pasword”"),
    ],
)
def test_one_sentence_announces_all_of_it(app: Flask, pages: Pages, state: str, said: str) -> None:
    assert _said(rendered(app, pages[state], FRAGMENT)) == said


def test_poisoned_words_are_text_in_every_state(app: Flask, pages: Pages, here: Shelf) -> None:
    card = here.cards([POISONED])[POISONED]
    hit = replace(a_hit(card), heading=POISON)
    answer = replace(an_answer(card, POISON), passage=Snippet(((POISON, True), (POISON, False))))
    for name, results in pages.items():
        poisoned = replace(
            results,
            query=replace(results.query, text=POISON),
            hits=(hit,) * len(results.hits),
            nearest=(hit,) * len(results.nearest),
            corrected=results.corrected and f"{POISON} corrected",
            answer=results.answer and answer,
        )
        main = rendered(app, poisoned).partition("<main")[2].partition("</main>")[0]
        assert POISON[:20] in unescape(main), name
        tags = _Tags(main)
        assert tags.names.isdisjoint({"script", "img", "b"}), name
        assert not {one for one in tags.attributes if one.startswith("on")}, "its quotation marks are no marks of ours"
        assert "4991" not in main, name


def test_pages_of_results_are_still_not_for_search_engines(app: Flask, pages: Pages) -> None:
    assert '<meta name="robots" content="noindex' in rendered(app, pages["answered"])
    assert app.test_client().get("/en/search?q=plan&verbatim=1").headers["X-Robots-Tag"] == "noindex"
