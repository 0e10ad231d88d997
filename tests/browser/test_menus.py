"""Menus: disclosures of plain links, by mouse, by keyboard alone and without scripts; and the choice of a language."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Come
from tests.browser.pages import HOME, MANUAL_ARTICLE, SEARCH
from tests.browser.visitor import Visitor

EACH_WAY = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["with-scripts", "without-scripts"])
EACH_MENU = pytest.mark.parametrize("name", ["topics", "languages"])


def _menu(page: Page, name: str) -> Locator:
    return page.locator(f".menu-{name}")


@EACH_MENU
@EACH_WAY
def test_a_menu_opens_by_enter_and_its_links_follow_in_order(
    arrive: Come, name: str, *, java_script_enabled: bool
) -> None:
    page = arrive(java_script_enabled=java_script_enabled).page
    page.goto(HOME)
    menu = _menu(page, name)
    expect(menu.locator("a").first).to_be_hidden()
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.locator("a:visible").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.locator("a:visible").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(HOME))
    expect(page.locator("h1")).to_be_visible()


@EACH_MENU
def test_escape_closes_a_menu_and_gives_the_focus_back(visitor: Visitor, name: str) -> None:
    page = visitor.page
    page.goto(HOME)
    menu = _menu(page, name)
    menu.locator("summary").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.locator("a").first).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_a_menu_closes_when_another_thing_is_touched_or_focused(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(HOME)
    topics, languages = _menu(page, "topics"), _menu(page, "languages")
    topics.locator("summary").click()
    languages.locator("summary").click()
    expect(topics.locator("a").first).to_be_hidden()
    expect(languages.locator("a").first).to_be_visible()
    page.locator("h1").click()
    expect(languages.locator("a").first).to_be_hidden()
    topics.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(topics.locator("a").first).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("path", [HOME, MANUAL_ARTICLE, "/ar/"])
@EACH_MENU
def test_an_open_menu_stays_on_the_screen(arrive: Come, name: str, path: str, width: int) -> None:
    page = arrive(viewport={"width": width, "height": 700}).page
    page.goto(path)
    menu = _menu(page, name)
    menu.locator("summary").click()
    box = menu.locator(".menu-panel").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


@EACH_WAY
def test_a_language_is_changed_by_the_menu_and_the_page_stays_the_same(
    arrive: Come, *, java_script_enabled: bool
) -> None:
    page = arrive(java_script_enabled=java_script_enabled).page
    page.goto("/en/articles/getting-started/what-is-signpost")
    menu = _menu(page, "languages")
    menu.locator("summary").click()
    menu.get_by_role("link", name="Deutsch").click()
    page.wait_for_url("**/de/articles/getting-started/what-is-signpost")
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_a_language_is_remembered_after_it_was_chosen_and_not_before(arrive: Come) -> None:
    visitor = arrive(locale="en-GB")
    page = visitor.page
    page.goto("/")
    assert page.url.endswith("/en/")
    page.goto("/de/")
    page.goto("/")
    assert page.url.endswith("/en/"), "reading a German page chose nothing"
    assert visitor.context.cookies() == []
    _menu(page, "languages").locator("summary").click()
    _menu(page, "languages").get_by_role("link", name="Deutsch").click()
    page.wait_for_url("**/de/")
    assert [(one.get("name"), one.get("value"), one.get("sameSite")) for one in visitor.context.cookies()] == [
        ("lang", "de", "Lax")
    ]
    page.goto("/")
    assert page.url.endswith("/de/")


def test_a_page_that_is_not_translated_says_so_before_it_is_left(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/en/articles/hard/no-text")
    menu = _menu(page, "languages")
    menu.locator("summary").click()
    german = menu.get_by_role("link", name="Deutsch")
    expect(german).to_contain_text("not translated")
    german.click()
    page.wait_for_url("**/de/")


@EACH_WAY
@pytest.mark.parametrize("width", [390, 1280])
def test_filters_narrow_and_are_taken_away_again(arrive: Come, width: int, *, java_script_enabled: bool) -> None:
    page = arrive(java_script_enabled=java_script_enabled, viewport={"width": width, "height": 800}).page
    page.goto(SEARCH)
    all_of_them = page.locator(".results-line").inner_text()
    _unfold_filters(page)
    page.locator(".filters").get_by_role("link", name="Writing articles").click()
    page.wait_for_url("**topic=writing*")
    expect(page.locator(".results-line")).not_to_have_text(all_of_them)
    _unfold_filters(page)
    page.locator(".filters").get_by_role("link", name="Writing articles").click()
    expect(page.locator(".results-line")).to_have_text(all_of_them)


def _unfold_filters(page: Page) -> None:
    if not page.locator(".filters a").first.is_visible():
        page.locator(".filters summary").click()
