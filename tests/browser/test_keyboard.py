"""Everything can be reached and done without a mouse, and one always sees where one is."""

from typing import TypedDict

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ballots import Ballots
from tests.browser.conftest import Come
from tests.browser.pages import ARABIC, HOME, MANUAL_ARTICLE, MANUAL_ID, PAGES
from tests.browser.visitor import Visitor
from tests.journeys.serving import Served

MOST_STOPS = 150
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getClientRects()[0];
  const top = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const isSeen = Boolean(top) && (one.contains(top) || top.contains(one)) && style.opacity === "1";
  let ring = 0; // its own, or that of what it stands for, such as a whole row that leads where its link does
  for (let at = one; at !== document.body && !ring; at = at.parentElement) {
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    ring = outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
  }
  return { what: one.outerHTML.slice(0, 120), text: one.textContent.trim(), isSeen, ring };
}"""


class Stop(TypedDict):
    """Where the focus is: `ring` is the width of what shows it, in pixels."""

    what: str
    text: str
    isSeen: bool
    ring: float


def _tab(page: Page) -> Stop | None:
    page.keyboard.press("Tab")
    stop: Stop | None = page.evaluate(STOP)
    return stop


def _tab_to(page: Page, text: str) -> None:
    """Press Tab until a control with this text has the focus."""
    seen = []
    for _ in range(MOST_STOPS):
        stop = _tab(page)
        if stop and stop["text"].startswith(text):
            return
        seen.append(stop and stop["text"])
    raise AssertionError(f"Tab never came to {text!r}, only to {seen}")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", [HOME, MANUAL_ARTICLE, ARABIC, "/en/search?q=article", f"/en/votes/{MANUAL_ID}"])
def test_every_stop_of_the_tab_key_is_seen_and_ringed(arrive: Come, path: str, width: int) -> None:
    page = arrive(viewport={"width": width, "height": 800}, reduced_motion="reduce").page
    page.goto(path)
    stops: list[Stop] = []
    while (stop := _tab(page)) and len(stops) < MOST_STOPS:
        stops.append(stop)
    assert 5 < len(stops) < MOST_STOPS
    assert [stop["what"] for stop in stops if not stop["isSeen"] or stop["ring"] < 2] == []


def test_the_skip_link_comes_first_and_leads_to_the_text(visitor: Visitor) -> None:
    page = visitor.page
    for path in PAGES.values():
        page.goto(path)
        stop = _tab(page)
        assert stop, path
        assert ("skip-link" in stop["what"], stop["isSeen"]) == (True, True), path
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()


def test_colours_and_language_are_chosen_without_a_mouse(visitor: Visitor) -> None:
    page = visitor.page
    page.emulate_media(color_scheme="light")
    page.goto(HOME)
    stops = (_tab(page) for _ in range(MOST_STOPS))
    assert any(stop and "theme-button" in stop["what"] for stop in stops)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    _tab_to(page, "Deutsch")
    page.keyboard.press("Enter")
    page.wait_for_url("**/de/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["with-scripts", "without-scripts"])
def test_search_read_and_vote_without_a_mouse(arrive: Come, served: Served, *, java_script_enabled: bool) -> None:
    ballots = Ballots.of(served, MANUAL_ID)
    page = arrive(java_script_enabled=java_script_enabled).page
    page.goto(HOME)
    while page.evaluate("document.activeElement.id") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("footnote")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=footnote")
    _tab_to(page, "Markdown you can use")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Markdown you can use")
    _tab_to(page, "No")
    page.keyboard.press("Enter")
    expect(page.get_by_label("In your own words")).to_be_visible()
    assert ballots.new() == [(False, None, None)]
    while page.evaluate("document.activeElement.name") != "reason":
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Too short")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#vote-heading")).to_have_text("Thank you, that is noted")
    assert [(helpful, comment) for helpful, _, comment in ballots.new()] == [(False, "Too short")]
    assert ballots.new()[0][1]
