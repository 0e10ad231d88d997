"""Pages leave no trace but the visit's key, and not even that with whoever asks not to be followed."""

from http.cookies import SimpleCookie

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import Come
from tests.browser.pages import MANUAL_ARTICLE, PAGES
from tests.browser.visitor import WISHES


@pytest.mark.parametrize("wish", WISHES)
def test_for_whoever_asks_not_to_be_followed_nothing_is_set_or_stored_but_what_was_searched_for(
    arrive: Come, wish: str
) -> None:
    visitor = arrive()
    visitor.ask_not_to_be_followed(wish)
    for path in PAGES.values():
        assert _cookies(visitor.page.goto(path)) == []
    assert visitor.context.cookies() == []
    assert visitor.page.evaluate("Object.keys({...localStorage, ...sessionStorage})") == ["recent-searches"]


def test_searching_alone_sets_a_cookie_when_a_page_is_opened(arrive: Come) -> None:
    visitor = arrive(java_script_enabled=False)
    setting = set[str]()
    for path in PAGES.values():
        visitor.context.clear_cookies()
        answer = visitor.page.goto(path)
        if _cookies(answer):
            assert _cookies(answer) == ["visit"]
            setting.add(path)
    assert setting == {path for path in PAGES.values() if "/search?q=" in path and "offset=" not in path}


def test_typing_and_suggestions_set_no_cookie_and_a_search_sets_one_that_scripts_do_not_get(arrive: Come) -> None:
    visitor = arrive()
    visitor.page.goto("/en/")
    visitor.page.focus("#q")
    with visitor.page.expect_response("**/api/v1/complete*"):
        visitor.page.keyboard.type("mark")
    assert visitor.context.cookies() == []
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/search?q=mark")
    (cookie,) = visitor.context.cookies()
    assert (cookie.get("name"), cookie.get("httpOnly"), cookie.get("sameSite")) == ("visit", True, "Lax")
    assert visitor.page.evaluate("document.cookie") == ""


def test_a_vote_sets_one_cookie_that_scripts_and_other_sites_do_not_get(arrive: Come) -> None:
    visitor = arrive()
    visitor.page.goto(MANUAL_ARTICLE)
    visitor.page.get_by_role("button", name="Yes", exact=True).click()
    visitor.page.get_by_text("your vote is counted").wait_for()
    (cookie,) = visitor.context.cookies()
    assert cookie.get("name") == "voter"
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") in {"Lax", "Strict"}
    assert visitor.page.evaluate("document.cookie") == ""


def _cookies(answer: Response | None) -> list[str]:
    assert answer
    return list(SimpleCookie(answer.all_headers().get("set-cookie", "")))
