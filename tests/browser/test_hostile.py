"""Hostile words and hostile articles: nothing of theirs runs, by two layers that each hold alone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Come
from tests.browser.hostile import PAYLOADS
from tests.browser.pages import HOME, MANUAL_ARTICLE, PAGES
from tests.browser.visitor import Visitor

QUERIES = ("<script>window.__x=1</script>", '"><img src=x onerror=window.__x=1>', "javascript:window.__x=1", "{{7*7}}")
POKE = """() => {
  for (const one of document.querySelectorAll("main *")) {
    for (const type of ["pointerover", "mouseover", "mouseenter", "focus", "toggle", "click"])
      if (type !== "click" || !one.closest("a[href^=http], a[href^='/'], a[href^='#'], a[href^=mailto], button"))
        one.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));
    if (/^(javascript|data|vbscript)/i.test(one.protocol ?? "")) one.click();
  }
  return new Promise(done => setTimeout(() => done(window.__x ?? null), 0));
}"""
FOREIGN = """() => [...document.querySelectorAll(".prose *")].filter(one =>
  one.matches("script, style, svg, math, iframe, object, embed, form, textarea, title, template, noscript, meta, base")
  || [...one.attributes].some(a => /^on|^style$|^srcdoc$|^action$|^formaction$/i.test(a.name)
                                   || /^\\s*(javascript|data|vbscript):/i.test(a.value))
).map(one => one.outerHTML.slice(0, 150))"""


def _visit(page: Page, paths: Iterator[str]) -> dict[str, object]:
    """Open each page and poke everything on it; returns the pages where something ran or stands that may not."""
    found: dict[str, object] = {}
    for path in paths:
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        what = (page.evaluate(POKE), page.evaluate(FOREIGN))
        if what != (None, []):
            found[path] = what
    return found


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["with-the-policy", "without-the-policy"])
def test_a_hostile_article_runs_nothing(arrive: Come, *, bypass_csp: bool) -> None:
    page = arrive(bypass_csp=bypass_csp).page
    assert _visit(page, (f"/en/articles/hostile/{name}" for name in PAYLOADS)) == {}
    expect(page.locator("h1")).to_contain_text("Wombat")


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["with-the-policy", "without-the-policy"])
def test_hostile_titles_and_summaries_are_text_in_every_list(arrive: Come, *, bypass_csp: bool) -> None:
    page = arrive(bypass_csp=bypass_csp).page
    lists = [f"/en/search?q=wombat&offset={offset}" for offset in range(0, len(PAYLOADS), 10)]
    assert _visit(page, iter([*lists, "/en/topics/hostile", HOME])) == {}
    page.goto("/en/topics/hostile")
    assert "<script>" in page.inner_text("main")
    page.focus("#q")
    page.keyboard.type("wombat script")
    expect(page.locator("#completions [role=option]").first).to_contain_text("<script>")
    assert page.evaluate(POKE) is None


def test_the_policy_alone_stops_what_no_cleaning_took_out(arrive: Come) -> None:
    visitor = arrive()
    page = visitor.page
    page.route("**" + MANUAL_ARTICLE, _put_in("\n".join(raw for raw in PAYLOADS.values() if "http-equiv" not in raw)))
    page.goto(MANUAL_ARTICLE)
    assert page.evaluate("document.querySelectorAll('.prose [onerror], .prose [onload]').length") > 3
    assert page.evaluate(POKE) is None
    visitor.forgive("Content Security Policy")
    visitor.complaints.clear()


def test_without_policy_and_cleaning_the_payloads_do_run(arrive: Come) -> None:
    visitor = arrive(bypass_csp=True)
    page = visitor.page
    page.route("**" + MANUAL_ARTICLE, _put_in(PAYLOADS["image"]))
    page.goto(MANUAL_ARTICLE)
    page.wait_for_function("window.__x === 1")
    visitor.complaints.clear()


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_hostile_question_is_shown_as_text(arrive: Come, *, java_script_enabled: bool) -> None:
    page = arrive(java_script_enabled=java_script_enabled, bypass_csp=True).page
    for query in QUERIES:
        page.goto(HOME)
        page.fill("#q", query)
        page.press("#q", "Enter")
        expect(page.locator(".results-line")).to_contain_text(f"“{query}”")
        expect(page.locator("#q")).to_have_value(query)
        assert page.evaluate("window.__x ?? null") is None


def test_a_hostile_question_is_text_in_the_results_that_follow_the_words(arrive: Come) -> None:
    page = arrive(bypass_csp=True).page
    for query in QUERIES:
        page.goto("/en/search?q=article")
        page.fill("#q", query)
        expect(page.locator(".results-line")).to_contain_text(f"“{query}”")
        assert page.evaluate("window.__x ?? null") is None


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["with-scripts", "without-scripts"])
def test_no_page_complains_or_asks_another_host(arrive: Come, *, java_script_enabled: bool) -> None:
    visitor = arrive(java_script_enabled=java_script_enabled)
    asked: list[str] = []
    visitor.context.on("request", lambda request: asked.append(request.url))
    for path in PAGES.values():
        visitor.page.goto(path)
        assert visitor.complaints == [], path
    assert any("site.css" in url for url in asked)


def test_no_two_elements_of_a_page_share_an_id(visitor: Visitor) -> None:
    for path in (*PAGES.values(), "/en/articles/clash", "/en/articles/hostile/clobber"):
        visitor.page.goto(path)
        ids = visitor.page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert sorted(ids) == sorted(set(ids)), path


def _put_in(raw: str) -> Callable[[Route], None]:
    """Answer with the portal's own page and headers, with `raw` in its text as if nobody had cleaned it."""

    def put_in(route: Route) -> None:
        answer = route.fetch()
        body = re.sub(r'(<div class="prose">)', lambda found: found[0] + raw, answer.text(), count=1)
        route.fulfill(response=answer, body=body)

    return put_in
