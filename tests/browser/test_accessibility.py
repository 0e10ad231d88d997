"""axe on every kind of page and state, in light and dark."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.pages import HOME, MANUAL_ARTICLE, MANUAL_ID, PAGES
from tests.journeys.serving import Served

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
EACH_SIZE = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])


def _both_schemes(page: Page) -> list[str]:
    """Everything in light; in dark what a scheme can change."""
    page.emulate_media(color_scheme="light")
    in_light = faults(page)
    page.emulate_media(color_scheme="dark")
    return in_light + [f"dark: {fault}" for fault in faults_of_colour(page)]


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_every_page_is_for_everybody(arrive: Come, path: str) -> None:
    page = arrive(reduced_motion="reduce").page
    page.goto(path)
    for viewport in (WIDE, PHONE):
        page.set_viewport_size(viewport)
        assert _both_schemes(page) == [], viewport


@EACH_SIZE
def test_what_opens_is_for_everybody(arrive: Come, viewport: ViewportSize) -> None:
    page = arrive(viewport=viewport, reduced_motion="reduce").page
    page.goto(HOME)
    page.focus("#q")
    page.keyboard.type("markdown")
    expect(page.locator("#completions [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert _both_schemes(page) == []
    page.goto(MANUAL_ARTICLE)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.locator(".copy-button").first.focus()
    assert _both_schemes(page) == []


@EACH_SIZE
def test_every_step_of_a_vote_is_for_everybody(arrive: Come, viewport: ViewportSize) -> None:
    page = arrive(viewport=viewport, reduced_motion="reduce").page
    page.goto(MANUAL_ARTICLE)
    for button, next_one in (("Yes", "Change to no"), ("Change to no", "Send"), ("Send", "Change what I said")):
        if button == "Send":
            page.get_by_label("I couldn't follow it").check()
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text(next_one)).to_be_visible()
        assert _both_schemes(page) == [], button
    page.goto(f"/en/votes/{MANUAL_ID}")
    page.get_by_text("Change what I said").click()
    assert _both_schemes(page) == []


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
