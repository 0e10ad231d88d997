"""Reading leaves no trace: no cookie, nothing stored, nobody else asked."""

from http.cookies import SimpleCookie

from playwright.sync_api import Response

from tests.browser.conftest import Come
from tests.browser.pages import MANUAL_ARTICLE, PAGES


def test_no_page_sets_a_cookie_or_stores_anything_but_what_was_searched_for(arrive: Come) -> None:
    visitor = arrive()
    set_by = list[str]()
    visitor.page.on("response", lambda answer: set_by.extend(_cookies(answer)))
    for path in PAGES.values():
        visitor.page.goto(path)
    assert set_by == []
    assert visitor.context.cookies() == []
    assert visitor.page.evaluate("Object.keys({...localStorage, ...sessionStorage})") == ["recent-searches"]


def test_typing_and_suggestions_set_no_cookie(arrive: Come) -> None:
    visitor = arrive()
    visitor.page.goto("/en/")
    visitor.page.focus("#q")
    with visitor.page.expect_response("**/api/v1/complete*"):
        visitor.page.keyboard.type("mark")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/search?q=mark")
    assert visitor.context.cookies() == []


def test_a_vote_sets_one_cookie_that_scripts_and_other_sites_do_not_get(arrive: Come) -> None:
    visitor = arrive()
    visitor.page.goto(MANUAL_ARTICLE)
    visitor.page.get_by_role("button", name="Yes", exact=True).click()
    visitor.page.get_by_text("your vote is counted").wait_for()
    (cookie,) = visitor.context.cookies()
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") in {"Lax", "Strict"}
    assert visitor.page.evaluate("document.cookie") == ""


def _cookies(answer: Response) -> list[str]:
    return [f"{answer.url}: {name}" for name in SimpleCookie(answer.headers.get("set-cookie", ""))]
