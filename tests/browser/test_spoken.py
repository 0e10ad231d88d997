"""What a screen reader is told: what has changed, in which language, and what each thing is."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Come
from tests.browser.pages import ARABIC, HOME, MANUAL_ARTICLE, PAGES
from tests.browser.visitor import Visitor

CLIPBOARD = ["clipboard-read", "clipboard-write"]
ENGLISH_UNMARKED = """() => {
  const theirs = ".prose, .channels p, .footer-links, .site-name, .footer-name, .topics a, .topic > p, .tag, "
    + ".menu-topics li, .welcome-line, .lead, .card-list, .plain-list, .crumbs a, .crumbs [aria-current], "
    + ".beside summary, h1";
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) { // what the company and its writers say is theirs to mark
    const words = walker.currentNode.data.trim(), parent = walker.currentNode.parentElement;
    if (!/[A-Za-z]{3}/.test(words) || parent.closest(theirs) || parent.closest("script, style")) continue;
    if (!parent.closest("[lang]").lang.startsWith("en") && !parent.closest("[lang=de]")) found.push(words);
  }
  return found;
}"""
UNNAMED = """() => [...document.querySelectorAll("nav, aside")].filter(one => {
  const named = document.getElementById(one.getAttribute("aria-labelledby"));
  return one.checkVisibility() && !one.getAttribute("aria-label") && !named?.textContent.trim();
}).map(one => one.outerHTML.slice(0, 120))"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter(one => one.checkVisibility()).map(one => Number(one.tagName[1]))"""


def test_copying_code_is_said(arrive: Come) -> None:
    page = arrive(permissions=CLIPBOARD).page
    page.goto(MANUAL_ARTICLE)
    expect(page.locator("#said")).to_be_empty()
    page.locator(".copy-button").first.click()
    expect(page.locator("#said")).to_have_text("Copied")


def test_copying_the_link_is_said_and_gives_one_that_outlives_renames(arrive: Come) -> None:
    page = arrive(permissions=CLIPBOARD).page
    page.goto(MANUAL_ARTICLE)
    page.get_by_role("link", name="Copy link").click()
    expect(page.locator("#said")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/a/markdown")
    assert page.url.endswith(MANUAL_ARTICLE)


def test_what_could_not_be_copied_is_said_too(arrive: Come) -> None:
    page = arrive().page
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page.goto(MANUAL_ARTICLE)
    page.locator(".copy-button").first.click()
    expect(page.locator("#said")).to_have_text("Not copied")


def test_each_count_of_results_is_said_as_it_changes(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/en/search?q=article")
    status = page.locator(".search-box [role=status]")
    expect(status).to_be_empty()
    page.fill("#q", "footnote")
    expect(status).to_have_text(re.compile(r"^\d+ articles? for “footnote”$"))
    page.fill("#q", "zzyzx")
    expect(status).to_have_text(re.compile(r"^(Nothing found for|No clear answer to) “zzyzx”"))


@pytest.mark.parametrize("path", ["/ar/", ARABIC, "/ar/search?q=zzyzx", "/ar/topics/reading", "/ar/articles/nowhere"])
def test_our_english_words_say_that_they_are_english_where_the_page_is_not(arrive: Come, path: str) -> None:
    page = arrive().page
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    assert page.evaluate(ENGLISH_UNMARKED) == []


def test_results_in_another_language_say_which(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/en/search?q=Antwort")
    expect(page.locator(".hit[lang=de]").first).to_be_visible()


def test_every_region_has_a_name_and_headings_skip_no_step(visitor: Visitor) -> None:
    for name, path in PAGES.items():
        visitor.page.goto(path)
        assert visitor.page.evaluate(UNNAMED) == [], name
        levels = visitor.page.evaluate(HEADINGS)
        assert levels.count(1) == 1, name
        assert all(after - before <= 1 for before, after in pairwise(levels)), (name, levels)


def test_every_page_has_a_title_of_its_own(visitor: Visitor) -> None:
    titles = {}
    for name, path in PAGES.items():
        visitor.page.goto(path)
        titles[name] = visitor.page.title()
    kinds = ("home", "topic", "article", "search", "search: hits", "notices", "contact", "vote", "not found")
    assert len({titles[kind] for kind in kinds}) == len(kinds), titles
    assert all(title.strip() for title in titles.values())


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_a_day_becomes_how_long_ago_it_was_and_keeps_the_exact_moment(arrive: Come, locale: str) -> None:
    page = arrive(locale=locale).page
    page.goto(MANUAL_ARTICLE)
    time = page.locator(".article-facts time")
    expect(time).to_have_text(re.compile(r"ago|now|this minute|yesterday"))
    exact = time.get_attribute("title") or ""
    year = (time.get_attribute("datetime") or "")[:4]
    assert year.isdigit()
    assert year in exact
    assert ":" in exact, "the hour"


def test_without_scripts_a_day_is_a_day(arrive: Come) -> None:
    page = arrive(java_script_enabled=False).page
    page.goto("/de/articles/getting-started/what-is-signpost")
    time = page.locator(".article-facts time")
    assert re.search(r"^\d+\. \w+ \d{4}$", time.inner_text())
    assert ":" in (time.get_attribute("title") or "")


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_the_slash_goes_to_the_search_and_types_nothing(visitor: Visitor) -> None:
    page = visitor.page
    for path in (HOME, MANUAL_ARTICLE, "/en/search?q=article"):
        page.goto(path)
        before = page.locator("#q").input_value()
        page.keyboard.press("/")
        assert _focused(page) == "q", path
        assert page.locator("#q").input_value() == before, path
        page.keyboard.type("/")
        assert "/" in page.locator("#q").input_value(), path
