"""What a program is sent of each state of a search."""

import json
from dataclasses import replace

import pytest

from portal.audience import Level
from portal.bootstrap import Portal
from portal.search.hits import ResultPage, Snippet
from portal.web.api.shapes import of_results
from tests.web.api.test_searches import HIT, RESULTS
from tests.web.help.search_states import MEANT, PASSAGE, states

ANSWER = {"id", "title", "url", "section_url", "heading", "text", "html"}


@pytest.fixture(scope="session")
def pages(shown: Portal) -> dict[str, ResultPage]:
    return states(shown.library.current().level(Level.PUBLIC).shelf)


def test_every_state_has_the_same_fields(pages: dict[str, ResultPage]) -> None:
    for name, results in pages.items():
        sent = of_results(results)
        assert set(sent) == RESULTS, name
        assert all(set(hit) == HIT for hit in [*sent["hits"], *sent["nearest"]]), name
        assert json.loads(json.dumps(sent)) == sent, name


def test_an_answer_is_sent_as_words_and_as_escaped_html(pages: dict[str, ResultPage]) -> None:
    answer = pages["answered"].answer
    assert answer
    poisoned = replace(answer, passage=Snippet((*PASSAGE, ("<b>&", False))))
    sent = of_results(replace(pages["answered"], answer=poisoned))["answer"]
    assert set(sent) == ANSWER
    assert sent["section_url"] == f"{sent['url']}#by-e-mail"
    assert sent["text"].startswith("Choose Forgot password below")
    assert sent["text"].endswith("<b>&")
    assert sent["html"].startswith("Choose <mark>Forgot password</mark> below")
    assert sent["html"].endswith("&lt;b&gt;&amp;")


def test_what_is_near_is_no_hit(pages: dict[str, ResultPage]) -> None:
    sent = of_results(pages["nothing answers"])
    assert (sent["total"], sent["hits"], sent["answer"]) == (0, [], None)
    assert [one["id"] for one in sent["nearest"]] == [hit.card.id for hit in pages["nothing answers"].nearest]


def test_numbers_have_four_digits_after_the_point(pages: dict[str, ResultPage]) -> None:
    sent = of_results(replace(pages["corrected"], confidence=0.123456))
    assert (sent["confidence"], sent["hits"][0]["score"], sent["corrected"]) == (0.1235, 7.1235, MEANT)


def test_a_hit_names_further_sections(pages: dict[str, ResultPage]) -> None:
    hit = of_results(pages["answered"])["hits"][0]
    assert hit["jumps"] == [{"heading": "By telephone", "url": f"{hit['url']}#by-telephone"}]
