"""Recent searches: offered in an empty box, kept in this browser and nowhere else."""

import json

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.pages import HOME, MANUAL_ARTICLE
from tests.browser.visitor import Visitor

KEY = "recent-searches"
MOST = 8
SIZES: dict[str, ViewportSize] = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


def _search(page: Page, *queries: str) -> None:
    for query in queries:
        page.goto(f"/en/search?q={query}")


def _offered(page: Page) -> list[str]:
    return page.locator("#completions [role=option]").all_inner_texts()


def test_searches_are_offered_newest_first_in_an_empty_box(visitor: Visitor) -> None:
    page = visitor.page
    _search(page, "markdown", "footnote", "MARKDOWN")
    page.goto(HOME)
    expect(page.locator("#completions")).to_be_hidden()
    page.focus("#q")
    expect(page.get_by_role("group", name="Recent searches")).to_be_visible()
    expect(page.locator(".search-box [role=status]")).to_have_text("Recent searches: 2. Use the arrow keys.")
    assert _offered(page) == ["MARKDOWN", "footnote"]


def test_a_recent_search_is_chosen_by_the_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    _search(page, "footnote", "tabs+%26+more")
    page.goto(MANUAL_ARTICLE)
    page.keyboard.press("/")
    options = page.locator("#completions [role=option]")
    for place in (0, 1):
        page.keyboard.press("ArrowDown")
        expect(options.nth(place)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_have_value("tabs & more")
    assert page.url.endswith("/en/search?q=tabs%20%26%20more")


def test_no_more_than_eight_are_kept_and_no_long_ones(visitor: Visitor) -> None:
    page = visitor.page
    _search(page, *(f"word{number}" for number in range(MOST + 2)), "x" * 101)
    page.goto(HOME)
    page.focus("#q")
    assert _offered(page) == [f"word{number}" for number in range(MOST + 1, 1, -1)]


def test_what_is_merely_typed_is_not_kept(visitor: Visitor) -> None:
    page = visitor.page
    _search(page, "footnote")
    page.fill("#q", "zzyzx")
    expect(page.locator(".results-line")).to_contain_text("zzyzx")
    page.goto(HOME)
    page.focus("#q")
    page.keyboard.type("markdown")
    expect(page.get_by_role("group", name="Recent searches")).to_have_count(0)
    page.fill("#q", "")
    assert _offered(page) == ["footnote"]


def test_no_request_carries_what_was_searched_before(visitor: Visitor) -> None:
    page, sent = visitor.page, list[str]()
    _search(page, "footnote")
    page.goto(HOME, wait_until="networkidle")
    visitor.context.on(
        "request", lambda request: sent.append(f"{request.url} {request.all_headers()} {request.post_data}")
    )
    page.reload()
    page.focus("#q")
    with page.expect_response("**/api/v1/complete*"):
        page.keyboard.type("mark")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=mark")
    page.goto(MANUAL_ARTICLE)
    assert sent
    assert [one for one in sent if "footnote" in one] == []
    assert [cookie.get("name") for cookie in visitor.context.cookies()] == ["visit"]
    assert json.loads(page.evaluate(f"localStorage['{KEY}']")) == {"format": 1, "searches": ["mark", "footnote"]}


def test_clear_forgets_them_and_says_so(visitor: Visitor) -> None:
    page = visitor.page
    _search(page, "footnote")
    page.goto(HOME)
    page.focus("#q")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    clear = page.get_by_role("button", name="Clear recent searches")
    expect(clear).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#completions")).to_be_hidden()
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator(".search-box [role=status]")).to_have_text("Your recent searches are cleared")
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    page.focus("#q")
    expect(page.locator("#completions")).to_be_hidden()


@pytest.mark.parametrize(
    "kept",
    ["", "{", "[1]", "null", '{"format": 2, "searches": ["x"]}', '{"format": 1}', '{"format": 1, "searches": [1, ""]}'],
)
def test_what_can_not_be_understood_is_passed_over_and_written_over(visitor: Visitor, kept: str) -> None:
    page = visitor.page
    page.goto(HOME)
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [KEY, kept])
    page.reload()
    page.focus("#q")
    expect(page.locator("#completions")).to_be_hidden()
    _search(page, "footnote")
    page.goto(HOME)
    page.focus("#q")
    assert _offered(page) == ["footnote"]


def test_markup_that_was_searched_for_is_shown_as_text(visitor: Visitor) -> None:
    page = visitor.page
    _search(page, "%3Cimg+src=x+onerror=alert(1)%3E")
    page.goto(HOME)
    page.focus("#q")
    assert _offered(page) == ["<img src=x onerror=alert(1)>"]
    expect(page.locator("#completions img")).to_have_count(0)


def test_where_nothing_may_be_stored_searching_works_without(visitor: Visitor) -> None:
    page = visitor.page
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked') } })"
    )
    _search(page, "footnote")
    expect(page.locator(".hit").first).to_be_visible()
    page.goto(HOME)
    page.focus("#q")
    expect(page.locator("#completions")).to_be_hidden()
    page.keyboard.type("markdown")
    expect(page.locator("#completions [role=option]").first).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_recent_searches_are_for_everybody(arrive: Come, size: str) -> None:
    page = arrive(viewport=SIZES[size], reduced_motion="reduce").page
    _search(page, "footnote", "how+do+I+restore+a+backup+from+yesterday")
    page.goto(HOME)
    page.focus("#q")
    page.keyboard.press("ArrowDown")
    page.emulate_media(color_scheme="light")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults_of_colour(page) == []
