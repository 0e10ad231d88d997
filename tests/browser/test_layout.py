"""Small screens, large text, the other direction, paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Come
from tests.browser.pages import ARABIC, MANUAL_ARTICLE, PAGES
from tests.browser.visitor import Visitor

TWICE = {"fontSizes": {"standard": 32, "fixed": 26}}
WIDER = """wide => document.scrollingElement.scrollWidth <= wide ? [] : [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > wide + 1 && !one.closest("pre, .table-scroll"))
  .map(one => one.outerHTML.slice(0, 120)).slice(0, 5).concat(`${document.scrollingElement.scrollWidth} px`)"""
CHROME = (
    ".site-header", ".site-footer", ".beside", ".contents", "#vote", ".neighbours", ".related", ".article-links",
    ".tags", ".copy-button", ".skip-link",
)  # fmt: skip
CUT = """() => [...document.querySelectorAll("body *")].filter(one => {
  const style = getComputedStyle(one);
  return ["hidden", "clip"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1
    && one.clientWidth > 1 && !one.matches(".skip-link, .clamp, input");
}).map(one => one.outerHTML.slice(0, 120))"""


def test_nothing_scrolls_sideways(visitor: Visitor) -> None:
    assert _too_wide(visitor.page, (320, 390, 768, 1280)) == {}


def test_text_of_twice_the_size_fits(visitor: Visitor) -> None:
    visitor.context.new_cdp_session(visitor.page).send("Page.setFontSizes", TWICE)
    assert _too_wide(visitor.page, (390, 640, 1280)) == {}
    assert visitor.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32


def test_arabic_runs_from_right_to_left(arrive: Come) -> None:
    page = arrive(viewport={"width": 1280, "height": 800}).page
    page.goto(ARABIC)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    heading, contents = page.locator("h1").bounding_box(), page.locator(".contents").bounding_box()
    name, code = page.locator(".site-name").bounding_box(), page.locator(".prose pre")
    assert heading
    assert contents
    assert name
    assert contents["x"] + contents["width"] < heading["x"] + heading["width"], "the contents stand on the left"
    assert name["x"] > 640, "the name stands on the right"
    expect(code).to_have_css("direction", "ltr")


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["with-scripts", "without-scripts"])
def test_paper_carries_the_article_alone(arrive: Come, *, java_script_enabled: bool) -> None:
    page = arrive(java_script_enabled=java_script_enabled).page
    page.goto(MANUAL_ARTICLE)
    page.emulate_media(media="print")
    assert [one for one in CHROME if page.locator(f"{one}:visible").count()] == []
    for part in ("h1", ".prose .admonition >> nth=0", ".prose pre >> nth=0", ".prose table", ".footnote"):
        expect(page.locator(part)).to_be_visible()
    expect(page.get_by_text("Its text is searched like any other.")).to_be_visible()
    for name in ("Windows", "macOS"):
        expect(page.locator(".tab-title", has_text=name)).to_be_visible()


def _too_wide(page: Page, widths: tuple[int, ...]) -> dict[tuple[str, int], list[str]]:
    """Name what sticks out of the screen. Asks the width that was given: `innerWidth` may grow with the page."""
    found = {}
    for path in PAGES.values():
        page.goto(path)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            found[path, width] = page.evaluate(WIDER, width) + page.evaluate(CUT)
    return {where: what for where, what in found.items() if what}
