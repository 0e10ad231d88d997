"""Search, read, vote: with a script, without one, with the keyboard alone."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import POISONED

ARTICLE = "/en/articles/accounts/reset-your-password"
WITHOUT_SCRIPT = pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
SHIFT = """new Promise(done => {
  let sum = 0;
  const watch = list => list.getEntries().forEach(entry => { sum += entry.value; });
  new PerformanceObserver(watch).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 200);
})"""
PHONE = pytest.mark.parametrize("page", [{"viewport": {"width": 320, "height": 640}}], indirect=True)


@WITHOUT_SCRIPT
def test_search_read_and_vote_without_a_script(page: Page) -> None:
    page.goto("/en/")
    page.fill("#q", "telephone")
    page.click(".search-box button")
    expect(page.locator(".results-line")).to_have_text("1 article for “telephone”")
    page.click(".hit a")
    expect(page.locator("h1")).to_have_text("Reset your password")
    page.click(".vote-answers button[value=no]")
    expect(page.locator("#vote-heading")).to_have_text("Thank you, your vote is counted")
    page.check("input[value=unclear]")
    page.fill("#comment", "Which link?")
    page.click(".vote-why button")
    expect(page.locator("#vote-heading")).to_have_text("Thank you, that is noted")
    page.get_by_text("Take my vote back").click()
    expect(page.locator("#vote-heading")).to_have_text("Did this help?")
    page.get_by_role("link", name="Back to").click()
    expect(page).to_have_url(page.url.partition("/en/")[0] + ARTICLE)


def test_a_vote_with_the_script_stays_on_the_page(page: Page) -> None:
    page.goto(ARTICLE)
    page.click(".vote-answers button[value=yes]")
    expect(page.locator("#vote-heading")).to_have_text("Thank you, your vote is counted")
    expect(page.locator("#vote-heading")).to_be_focused()
    expect(page).to_have_url(page.url.partition("/en/")[0] + ARTICLE)
    page.get_by_role("button", name="Change to no").click()
    page.check("input[value=missing]")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#vote-heading")).to_have_text("Thank you, that is noted")


def test_a_vote_that_does_not_arrive_is_said_and_can_be_cast_again(page: Page) -> None:
    page.goto(ARTICLE)
    page.context.set_offline(True)
    page.click(".vote-answers button[value=yes]")
    expect(page.locator("#vote [role=alert]")).to_contain_text("not counted")
    page.context.set_offline(False)
    page.click(".vote-answers button[value=yes]")
    expect(page.locator("#vote-heading")).to_have_text("Thank you, your vote is counted")
    complaints: list[str] = page.complaints  # type: ignore[attr-defined]
    complaints[:] = [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_suggestions_by_the_keyboard_alone(page: Page) -> None:
    page.goto("/en/")
    page.focus("#q")
    page.keyboard.type("invoice 1")
    options = page.locator("#completions [role=option]")
    expect(options.first).to_be_visible()
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = options.first.get_attribute("id") or ""
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", chosen)
    page.keyboard.press("Escape")
    expect(page.locator("#completions")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("invoice 1")
    page.keyboard.type("2")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Invoice 12")


def test_suggestions_are_announced(page: Page) -> None:
    page.goto("/en/")
    page.focus("#q")
    page.keyboard.type("reset")
    expect(page.locator(".search-box [role=status]")).to_contain_text("suggestions, use the arrow keys")


def test_enter_without_a_choice_searches(page: Page) -> None:
    page.goto("/en/")
    page.focus("#q")
    page.keyboard.type("telephone")
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(1)


def test_results_follow_the_words_and_so_does_the_address(page: Page) -> None:
    page.goto("/en/search?q=invoice")
    page.fill("#q", "telephone")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(".search-box [role=status]")).to_have_text("1 article for “telephone”")
    assert page.url.endswith("/en/search?q=telephone")


def test_a_late_answer_is_dropped(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/v1/complete?*q=inv", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers, a method of a list can't be
    page.goto("/en/")
    page.fill("#q", "inv")
    expect(page.locator("#q")).to_have_value("inv")
    page.wait_for_timeout(200)
    page.fill("#q", "reset")
    expect(page.locator("#completions [role=option]").first).to_contain_text("Reset")
    for route in held:
        route.abort()
    expect(page.locator("#completions [role=option]").first).to_contain_text("Reset")
    complaints: list[str] = page.complaints  # type: ignore[attr-defined]
    complaints.clear()


def test_a_poisoned_title_is_text_in_suggestions(page: Page) -> None:
    page.goto("/en/")
    page.focus("#q")
    page.keyboard.type("plans")
    expect(page.locator("#completions [role=option]").first).to_contain_text("<img src=x")
    assert page.locator("#completions img").count() == 0


@pytest.mark.parametrize("page", [{"bypass_csp": True}, {}], indirect=True, ids=["without-policy", "with-policy"])
def test_a_poisoned_article_runs_nothing(page: Page) -> None:
    for path in (f"/a/{POISONED}", "/en/search?q=wombat", "/en/topics/billing", "/en/"):
        page.goto(path)
        expect(page.locator("main")).to_be_visible()


@PHONE
@pytest.mark.parametrize("path", ["/en/", ARTICLE, "/en/search?q=invoice", "/en/search?q=zzyzx", "/en/topics/billing"])
def test_nothing_scrolls_sideways_on_the_smallest_phone(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_skip_link_comes_first(page: Page) -> None:
    page.goto(ARTICLE)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the text")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_page_does_not_shift_while_it_loads(page: Page) -> None:
    page.goto(ARTICLE)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate(SHIFT) <= 0.02
