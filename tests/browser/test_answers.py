"""The results page in each of its states, made by hand and shown as the server would send it."""

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, ViewportSize, expect

from portal.app import create_app
from portal.bootstrap import bootstrap
from portal.search.hits import ResultPage, Snippet
from portal.settings import Settings
from portal.web.access import shelf
from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.help_centre import MANUAL
from tests.browser.visitor import Visitor
from tests.journeys.serving import Served
from tests.web.help.search_states import MEANT, TYPED, rendered, states

NAMES = (
    "corrected", "answered", "corrected and answered", "nothing answers", "nothing answers what was corrected",
    "nothing at all", "nothing with these filters", "as it was typed", "nothing as it was typed",
)  # fmt: skip
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
ZOOMED: ViewportSize = {"width": 640, "height": 400}
"""What is left of a screen of 1280 by 800 at 200 %."""
FOCUSED = "document.activeElement.id || document.activeElement.textContent.trim()"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def app(served: Served) -> Flask:
    """The same articles, templates and styles as the server's."""
    return create_app(bootstrap(Settings(content=str(MANUAL), data=served.data, secret_key="a secret of sixteen")))


@pytest.fixture(scope="module")
def pages(app: Flask) -> dict[str, ResultPage]:
    with app.test_request_context("/en/search"):
        return states(shelf())


def _show(page: Page, app: Flask, results: ResultPage) -> None:
    """Go to an address of the search, and see these results there."""
    html = {False: rendered(app, results), True: rendered(app, results, "help/_search_results.html")}

    def answer(route: Route) -> None:
        is_fragment = "x-fragment" in route.request.headers
        route.fulfill(body=html[is_fragment], content_type="text/html; charset=utf-8")

    page.unroute("**/search?*")
    page.route("**/search?*", answer)
    page.goto(f"/{results.query.lang}/search?q=words")


@pytest.mark.parametrize("name", NAMES)
def test_every_state_of_a_search_is_for_everybody(
    arrive: Come, app: Flask, pages: dict[str, ResultPage], name: str
) -> None:
    page = arrive(reduced_motion="reduce").page
    _show(page, app, pages[name])
    for viewport in (WIDE, PHONE, ZOOMED):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme="light")
        assert faults(page) == [], viewport
        page.emulate_media(color_scheme="dark")
        assert faults_of_colour(page) == [], viewport
        assert page.evaluate(TOO_WIDE) == 0, viewport


def test_every_state_is_looked_at(pages: dict[str, ResultPage]) -> None:
    assert set(NAMES) == set(pages)


def test_tab_goes_from_the_box_over_filters_and_the_answer_to_the_hits(
    visitor: Visitor, app: Flask, pages: dict[str, ResultPage]
) -> None:
    results = pages["corrected and answered"]
    _show(visitor.page, app, results)
    visitor.page.focus("#q")
    stops: list[str] = []
    while len(stops) < 40 and results.hits[0].card.title not in stops:
        visitor.page.keyboard.press("Tab")
        stops.append(visitor.page.evaluate(FOCUSED))
    quoted = f"{results.hits[0].card.title} › By e-mail"
    order = [stops.index(one) for one in ("Writing articles", TYPED, quoted, results.hits[0].card.title)]
    assert order == sorted(order)
    assert order[-1] == len(stops) - 1


def test_a_link_to_other_words_puts_the_cursor_into_the_box(
    arrive: Come, app: Flask, pages: dict[str, ResultPage]
) -> None:
    for scripts in (True, False):
        page = arrive(java_script_enabled=scripts, viewport=PHONE).page
        _show(page, app, pages["nothing answers"])
        page.get_by_role("link", name="Ask in other words").click()
        expect(page.locator("#q")).to_be_focused()
        expect(page.locator("#q")).to_be_in_viewport()
        expect(page.locator("#q")).to_have_value(TYPED)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("corrected", f"4 articles for “{MEANT}”. Corrected from “{TYPED}”"),
        ("nothing answers", f"No clear answer to “{TYPED}”. 3 articles that come near"),
        ("nothing at all", f"Nothing found for “{TYPED}”"),
    ],
)
def test_while_typing_all_of_it_is_announced(
    visitor: Visitor, app: Flask, pages: dict[str, ResultPage], name: str, said: str
) -> None:
    _show(visitor.page, app, pages[name])
    visitor.page.fill("#q", "other words")
    expect(visitor.page.locator(".search-box [role=status]")).to_have_text(said)


def test_a_long_passage_is_shown_whole(visitor: Visitor, app: Flask, pages: dict[str, ResultPage]) -> None:
    results = pages["answered"]
    assert results.answer
    long = replace(results.answer, passage=Snippet((("word " * 200 + "unbreakable" * 30, False),)))
    visitor.page.set_viewport_size(PHONE)
    _show(visitor.page, app, replace(results, answer=long))
    assert (
        visitor.page.evaluate(
            "(() => { const one = document.querySelector('.answer blockquote');"
            " return one.scrollHeight - one.clientHeight; })()"
        )
        <= 0
    )
    assert visitor.page.evaluate(TOO_WIDE) == 0


def test_on_paper_the_quotation_stands_with_its_place(
    visitor: Visitor, app: Flask, pages: dict[str, ResultPage]
) -> None:
    _show(visitor.page, app, pages["answered"])
    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator(".answer blockquote")).to_be_visible()
    expect(visitor.page.locator(".answer figcaption a")).to_be_visible()
    expect(visitor.page.locator(".search-stick")).to_be_hidden()


def test_right_to_left_everything_begins_at_the_right(visitor: Visitor, app: Flask) -> None:
    with app.test_request_context("/ar/search"):
        results = states(shelf(), "ar")["corrected and answered"]
    visitor.page.set_viewport_size(PHONE)
    _show(visitor.page, app, results)
    assert faults(visitor.page) == []
    for part in (".answer figcaption a", ".corrected strong"):
        box = visitor.page.locator(part).bounding_box()
        assert box
        assert box["x"] + box["width"] > 195, part
    assert visitor.page.evaluate(TOO_WIDE) == 0
