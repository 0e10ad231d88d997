"""axe on every kind of page and state, wide and on the phone, in light and dark: no fault, nothing left undecided."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.pages import ARABIC, HOME, MANUAL_ARTICLE, MANUAL_ID, PAGES, SEARCH
from tests.journeys.serving import Served

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
EACH_SIZE = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
ENOUGH = 40


def _type(page: Page) -> None:
    page.focus("#q")
    page.keyboard.type("markdown")
    expect(page.locator("#completions [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")


def _open(summary: str) -> Callable[[Page], None]:
    def open_it(page: Page) -> None:
        details = page.locator("details", has=page.locator(f"summary{summary}")).last
        details.evaluate("one => { one.open = true; }")
        details.locator("a:visible, span:visible").last.hover()

    return open_it


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    page.locator(".copy-button").first.focus()


def _vote(*buttons: str) -> Callable[[Page], None]:
    def vote(page: Page) -> None:
        for button in buttons:
            if button == "Send":
                page.get_by_label("I couldn't follow it").check()
            page.get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("button", name=button, exact=True)).to_have_count(0)
        page.evaluate("document.querySelectorAll('#vote details').forEach(one => { one.open = true; })")

    return vote


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "suggestions": (HOME, _type),
    "suggestions on an article": (MANUAL_ARTICLE, _type),
    "topics menu": (HOME, _open(":has-text('Topics')")),
    "language menu": (MANUAL_ARTICLE, _open(":has-text('Language:')")),
    "language menu, right to left": (ARABIC, _open(":has-text('Language:')")),
    "filters": (SEARCH, _open(":has-text('Filter')")),
    "contents, neighbours, a button that copies": (MANUAL_ARTICLE, _open_all),
    "after yes": (MANUAL_ARTICLE, _vote("Yes")),
    "after no": (MANUAL_ARTICLE, _vote("No")),
    "after a reason": (MANUAL_ARTICLE, _vote("No", "Send")),
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_every_page_is_for_everybody(arrive: Come, path: str) -> None:
    page = arrive(reduced_motion="reduce").page
    page.goto(path)
    for viewport in (WIDE, PHONE):
        page.set_viewport_size(viewport)
        assert _both_schemes(page) == [], viewport


@EACH_SIZE
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_for_everybody(arrive: Come, state: str, viewport: ViewportSize) -> None:
    page = arrive(viewport=viewport, reduced_motion="reduce").page
    path, bring_about = STATES[state]
    page.goto(path)
    bring_about(page)
    assert _both_schemes(page) == []


@pytest.mark.parametrize("path", [HOME, MANUAL_ARTICLE, SEARCH])
def test_colours_that_the_button_chose_are_for_everybody(arrive: Come, path: str) -> None:
    page = arrive(color_scheme="light", viewport=WIDE, reduced_motion="reduce").page
    page.goto(path)
    page.locator(".theme-button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    page.locator(".theme-button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert faults_of_colour(page) == []


def test_enough_is_looked_at() -> None:
    assert len(PAGES) + len(STATES) >= ENOUGH


@EACH_SIZE
def test_a_page_that_says_that_something_is_away_is_for_everybody(
    arrive: Come, served: Served, without_database: str, unpublished: str, viewport: ViewportSize
) -> None:
    name, _, key = served.post(f"/en/votes/{MANUAL_ID}", "helpful=yes").cookie.partition("=")
    for address, path in ((without_database, f"/en/votes/{MANUAL_ID}"), (unpublished, "/")):
        visitor = arrive(address, viewport=viewport, reduced_motion="reduce")
        visitor.context.add_cookies([{"name": name, "value": key, "url": address}])
        answer = visitor.page.goto(path)
        assert answer
        assert answer.status == 503
        assert _both_schemes(visitor.page) == []
        visitor.forgive("503")


def _both_schemes(page: Page) -> list[str]:
    """Everything in light; in dark what a scheme can change."""
    page.emulate_media(color_scheme="light")
    in_light = faults(page)
    page.emulate_media(color_scheme="dark")
    return in_light + [f"dark: {fault}" for fault in faults_of_colour(page)]
