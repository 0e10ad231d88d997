"""What scripts add to the pages: suggestions, results that follow the words, tabs, the button that copies."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.pages import HOME, MANUAL_ARTICLE
from tests.browser.visitor import Visitor

COPIED = """    return f"Hello {name}\""""


def _type(page: Page, words: str) -> None:
    page.focus("#q")
    page.keyboard.type(words)


def test_a_suggestion_is_chosen_by_the_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(HOME)
    _type(page, "markdown y")
    field, options = page.locator("#q"), page.locator("#completions [role=option]")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("role", "combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "-")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Markdown you can use")


def test_escape_closes_the_suggestions_and_keeps_the_words(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(HOME)
    _type(page, "markdown")
    expect(page.locator("#completions")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#completions")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("markdown")
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")


def test_the_arrows_go_round_through_the_field(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(HOME)
    _type(page, "article")
    options = page.locator("#completions [role=option]")
    expect(options.first).to_be_visible()
    count = options.count()
    page.keyboard.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#completions [aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")


def _answer_with(page: Page, *completions: dict[str, object]) -> None:
    """Let every suggestion be one of these."""
    plain = {"url": HOME, "kind": "title", "topic": None, "is_corrected": False}
    body = json.dumps({"completions": [{**plain, "title": one["text"], **one} for one in completions]})
    page.route("**/api/v1/complete*", lambda route: route.fulfill(body=body, content_type="application/json"))


def test_suggestions_of_several_topics_stand_in_groups_and_the_arrows_pass_the_labels(visitor: Visitor) -> None:
    page = visitor.page
    _answer_with(
        page,
        {"text": "One", "topic": "Apples"},
        {"text": "Two", "topic": "Apples", "kind": "heading", "title": "Cores"},
        {"text": "Three", "topic": "Pears", "kind": "aka", "title": "Stalks"},
        {"text": "Four", "kind": "query"},
        {"text": "Five"},
        {"text": "Six", "topic": "Pears", "is_corrected": True},
        {"text": "Seven", "topic": "Apples", "is_corrected": True},
    )
    page.goto(HOME)
    _type(page, "o")
    options = page.locator("#completions [role=option]")
    expect(options).to_have_count(7)
    labels = ("Apples", "Pears", "Others searched for", "Other articles", "Similar to what you typed")
    groups = [page.get_by_role("group", name=label, exact=True) for label in labels]
    assert [group.get_by_role("option").all_inner_texts() for group in groups] == [
        ["One", "Two\nCores"], ["Three\nStalks"], ["Four"], ["Five"], ["Six", "Seven"],
    ]  # fmt: skip
    for place in range(7):
        page.keyboard.press("ArrowDown")
        expect(page.locator("#q")).to_have_attribute("aria-activedescendant", f"completions.option.{place}")
        expect(options.nth(place)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#completions [aria-selected=true]")).to_have_count(0)


def test_articles_of_no_topic_are_called_others_only_below_some_that_have_one(visitor: Visitor) -> None:
    page = visitor.page
    _answer_with(page, {"text": "One"}, {"text": "Two", "topic": "Pears"}, {"text": "Three"})
    page.goto(HOME)
    _type(page, "o")
    expect(page.locator("#completions [role=option]")).to_have_text(["One", "Two", "Three"])
    expect(page.locator("#completions [role=presentation]")).to_have_text(["Pears", "Other articles"])


def test_one_topic_has_no_label_and_a_correction_alone_has(visitor: Visitor) -> None:
    page = visitor.page
    _answer_with(page, {"text": "One", "topic": "Apples"}, {"text": "Two", "topic": "Apples"})
    page.goto(HOME)
    _type(page, "o")
    expect(page.locator("#completions [role=option]")).to_have_count(2)
    expect(page.locator("#completions [role=group]")).to_have_count(0)
    _answer_with(page, {"text": "One", "topic": "Apples", "is_corrected": True})
    _type(page, "n")
    expect(page.get_by_role("group", name="Similar to what you typed")).to_be_visible()


def test_a_misspelt_word_is_understood_and_the_list_says_that_it_was(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(HOME)
    _type(page, "markdwon")
    group = page.get_by_role("group", name="Similar to what you typed")
    expect(group.get_by_role("option", name="Markdown you can use")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Markdown you can use")


def test_words_typed_are_marked_where_words_begin(visitor: Visitor) -> None:
    page = visitor.page
    _answer_with(page, {"text": "A cat and a concat (cat)"}, {"text": "設定を変える cat"})
    page.goto(HOME)
    _type(page, "cat 定 (")
    expect(page.locator("#completions mark")).to_have_text(["cat", "cat", "定", "cat"])


def test_an_arrow_opens_a_list_that_was_closed(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(HOME)
    _type(page, "markdown")
    expect(page.locator("#completions")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#completions")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#completions")).to_be_visible()


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}], ids=str)
def test_groups_are_for_everybody(arrive: Come, viewport: ViewportSize) -> None:
    page = arrive(viewport=viewport, reduced_motion="reduce").page
    _answer_with(
        page, {"text": "One", "topic": "A"}, {"text": "Once", "kind": "query"}, {"text": "Oh", "is_corrected": True}
    )
    page.goto(HOME)
    _type(page, "o")
    expect(page.locator("#completions [role=group]")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    page.emulate_media(color_scheme="light")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults_of_colour(page) == []


def test_the_number_of_suggestions_is_announced_politely(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(HOME)
    status = page.locator(".search-box [role=status]")
    expect(status).to_be_empty()
    _type(page, "markdown")
    expect(status).to_have_text(re.compile(r"^Suggestions: \d+\. Use the arrow keys\.$"))
    _type(page, "zzyzx")
    expect(status).to_have_text("No suggestions")


def test_enter_without_a_choice_searches(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(HOME)
    _type(page, "footnote")
    expect(page.locator("#completions")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    assert page.url.endswith("/en/search?q=footnote")


def test_a_suggestion_is_chosen_by_a_click(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(HOME)
    _type(page, "markdown you")
    page.locator("#completions [role=option]").first.click()
    expect(page.locator("h1")).to_have_text("Markdown you can use")


def test_a_late_suggestion_is_dropped(visitor: Visitor) -> None:
    page, held = visitor.page, list[Route]()
    page.route(re.compile(r"/complete\?.*q=mark$"), lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers, a list's method can't be
    page.goto(HOME)
    with page.expect_request(re.compile(r"/complete\?.*q=mark$")):
        _type(page, "mark")
    page.fill("#q", "restore")
    expect(page.locator("#completions [role=option]").first).to_contain_text(re.compile("restore", re.IGNORECASE))
    late = '{"completions": [{"text": "Too late", "url": "/", "kind": "title", "title": "Too late"}]}'
    for route in held:
        route.fulfill(body=late, content_type="application/json")
    page.wait_for_load_state("networkidle")
    assert len(held) == 1
    expect(page.locator("#completions")).not_to_contain_text("Too late")
    expect(page.locator("#completions [role=option]").first).to_contain_text(re.compile("restore", re.IGNORECASE))


def test_late_results_are_dropped(visitor: Visitor) -> None:
    page, held = visitor.page, list[Route]()
    page.goto("/en/search?q=article")
    page.route(re.compile(r"/search\?q=footnote$"), lambda route: held.append(route))  # noqa: PLW0108 - as above
    with page.expect_request(re.compile(r"/search\?q=footnote$")):
        page.fill("#q", "footnote")
    page.fill("#q", "zzyzx")
    expect(page.locator(".results-line")).to_contain_text("zzyzx")
    for route in held:
        route.fulfill(body='<h2 class="results-line">Too late</h2>')
    page.wait_for_load_state("networkidle")
    assert len(held) == 1
    expect(page.locator(".results-line")).to_contain_text("zzyzx")
    assert page.url.endswith("q=zzyzx")


def test_results_follow_the_words_and_so_do_the_address_and_the_announcement(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/en/search?q=article")
    page.fill("#q", "footnote")
    expect(page.locator(".results-line")).to_contain_text("footnote")
    expect(page.locator(".search-box [role=status]")).to_contain_text("footnote")
    assert page.url.endswith("/en/search?q=footnote")
    page.reload()
    expect(page.locator(".results-line")).to_contain_text("footnote")


def test_a_suggestion_that_fails_leaves_a_search_that_works(visitor: Visitor) -> None:
    page = visitor.page
    page.route("**/api/v1/complete*", lambda route: route.abort())
    page.goto(HOME)
    with page.expect_console_message(lambda message: "ERR_FAILED" in message.text):
        _type(page, "footnote")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    visitor.forgive("ERR_FAILED")


def test_code_is_copied_by_a_button_that_the_keyboard_reaches(arrive: Come) -> None:
    page = arrive(permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce").page
    page.goto(MANUAL_ARTICLE)
    button = page.locator(".code .copy-button").first
    button.focus()
    expect(button).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith(COPIED)


def test_tabs_turn_by_the_arrow_keys(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(MANUAL_ARTICLE)
    page.get_by_role("tab", name="Windows").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="macOS")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="macOS")).to_be_visible()
    expect(page.locator("#tab-0-0-panel")).to_be_hidden()
    page.keyboard.press("Home")
    expect(page.get_by_role("tabpanel", name="Windows")).to_be_visible()
