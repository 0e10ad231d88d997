"""What scripts tell of a visit: clicks, reading, suggestions that were chosen, ways to a person."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from portal.events.kinds import Clicked, Contacted, Requested, Searched, Step, Viewed, Voted, Where
from tests.browser.conftest import Come
from tests.browser.logbook import Logbook
from tests.browser.pages import HOME, MANUAL_ARTICLE, MANUAL_ID
from tests.browser.visitor import WISHES, Visitor
from tests.journeys.serving import Served, until

QUESTION = "/en/search?q=footnotes+in+an+article"


@pytest.fixture
def logbook(served: Served) -> Iterator[Logbook]:
    logbook = Logbook.of(served)
    yield logbook
    logbook.database.close()


def open_hit(page: Page) -> None:
    page.locator(".hit").filter(has_text="Markdown you can use").first.locator("h3 a").click()
    expect(page.locator("h1")).to_have_text("Markdown you can use")
    page.wait_for_load_state()  # so that the script that tells of reading is there


def make_it(page: Page, state: str) -> None:
    """Let the browser say that the page is hidden, or visible."""
    page.evaluate(
        "state => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        state,
    )


def test_a_page_of_results_tells_that_a_script_would_tell_of_clicks(visitor: Visitor, logbook: Logbook) -> None:
    visitor.page.goto(QUESTION)
    until(lambda: len(logbook.all()) > 1, 30, "a sign that results were shown")
    searched, shown = logbook.all()
    assert isinstance(shown, Viewed)
    assert (shown.article, shown.search, shown.visitor) == ("", searched.uid, searched.visitor)


def test_a_click_and_the_reading_after_it_belong_to_the_search(visitor: Visitor, logbook: Logbook) -> None:
    page = visitor.page
    page.goto(QUESTION)
    open_hit(page)
    page.mouse.wheel(0, 4000)
    page.wait_for_function("scrollY > 1000")
    page.goto(HOME)
    searched, clicked, viewed = logbook.until(Searched, Clicked, Viewed)
    assert isinstance(searched, Searched)
    assert isinstance(clicked, Clicked)
    assert isinstance(viewed, Viewed)
    assert searched.query == "footnotes in an article"
    assert (clicked.search, clicked.article, clicked.anchor) == (searched.uid, MANUAL_ID, "footnotes")
    assert clicked.position == searched.offered.index(MANUAL_ID) + 1
    assert (viewed.search, viewed.article) == (searched.uid, MANUAL_ID)
    assert viewed.seconds > 0
    assert 0.2 < viewed.depth <= 1
    assert len({event.visitor for event in (searched, clicked, viewed)}) == 1


def test_reading_is_told_each_time_the_page_is_hidden_counted_from_its_opening(
    visitor: Visitor, logbook: Logbook
) -> None:
    page = visitor.page
    page.goto(MANUAL_ARTICLE)
    make_it(page, "hidden")
    logbook.until(Viewed)  # two messages that are sent at once may arrive in any order
    make_it(page, "visible")
    make_it(page, "hidden")
    first, second = logbook.until(Viewed, Viewed)
    assert isinstance(first, Viewed)
    assert isinstance(second, Viewed)
    assert second.seconds >= first.seconds
    assert first.search == second.search == ""
    page.goto(HOME)
    assert len(logbook.until(Viewed, Viewed)) == 2


def test_a_hit_of_a_later_page_belongs_to_the_search_of_the_first(visitor: Visitor, logbook: Logbook) -> None:
    page = visitor.page
    page.goto("/en/search?q=article")
    page.get_by_role("link", name="More results").click()
    expect(page).to_have_url(re.compile("offset=10"))
    page.locator(".hit h3 a").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_load_state()
    page.goto(HOME)
    searched, clicked, viewed = logbook.until(Searched, Clicked, Viewed)
    assert isinstance(clicked, Clicked)
    assert isinstance(viewed, Viewed)
    assert (clicked.search, clicked.position) == (searched.uid, 11)
    assert viewed.search == searched.uid


def test_a_chosen_suggestion_is_a_search_a_click_and_leads_to_reading(visitor: Visitor, logbook: Logbook) -> None:
    page = visitor.page
    page.goto(HOME)
    page.fill("#q", "")
    page.locator("#q").press_sequentially("markdown you")
    expect(page.locator("#completions [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Markdown you can use")
    page.wait_for_load_state()  # so that the script that tells of reading is there
    page.goto(HOME)
    searched, clicked, viewed = logbook.until(Searched, Clicked, Viewed)
    assert isinstance(searched, Searched)
    assert isinstance(clicked, Clicked)
    assert isinstance(viewed, Viewed)
    assert (searched.query, searched.where) == ("markdown you", Where.TYPING)
    assert (clicked.search, clicked.article, clicked.position) == (searched.uid, MANUAL_ID, 1)
    assert viewed.search == searched.uid


def test_the_way_to_a_person_is_told_with_the_search_it_came_from(visitor: Visitor, logbook: Logbook) -> None:
    page = visitor.page
    page.goto("/en/search?q=zzyzx")
    page.locator(".site-nav").get_by_role("link", name="Contact").click()
    expect(page.locator("h1")).to_have_text("Write to us")
    page.evaluate("addEventListener('click', event => event.preventDefault(), true)")
    page.locator("main [data-channel=email]").first.click()
    searched, opened, sent = logbook.until(Searched, Contacted, Contacted)
    assert isinstance(opened, Contacted)
    assert isinstance(sent, Contacted)
    assert (opened.step, opened.search) == (Step.OPENED, searched.uid)
    assert (sent.step, sent.channel, sent.search) == (Step.SENT, "email", searched.uid)


def test_what_is_sent_instead_and_a_vote_belong_to_the_visit(visitor: Visitor, logbook: Logbook) -> None:
    page = visitor.page
    page.goto("/en/search?q=zzyzx")
    page.get_by_label("In your own words").fill("How do I undo a deletion")
    page.get_by_role("button", name="Send to the writers").click()
    expect(page.get_by_text("Thank you, that is noted")).to_be_focused()
    page.goto(MANUAL_ARTICLE)
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_text("your vote is counted").wait_for()
    page.goto(HOME)
    searched, requested, voted, viewed = logbook.until(Searched, Requested, Voted, Viewed)
    assert isinstance(requested, Requested)
    assert isinstance(voted, Voted)
    assert (requested.search, voted.article, voted.is_helpful) == (searched.uid, MANUAL_ID, False)
    assert len({event.visitor for event in (searched, requested, voted, viewed)}) == 1


def test_without_scripts_searches_are_recorded_and_clicks_are_not(arrive: Come, logbook: Logbook) -> None:
    page = arrive(java_script_enabled=False).page
    page.goto(QUESTION)
    open_hit(page)
    page.goto(HOME)
    logbook.until(Searched)


@pytest.mark.parametrize("wish", WISHES)
def test_whoever_asks_not_to_be_followed_tells_nothing(arrive: Come, logbook: Logbook, wish: str) -> None:
    visitor, told = arrive(), list[str]()
    visitor.ask_not_to_be_followed(wish)
    visitor.page.on("request", lambda request: told.append(request.url))
    visitor.page.goto(QUESTION)
    open_hit(visitor.page)
    visitor.page.goto("/en/contact")
    visitor.page.goto(HOME)
    assert [url for url in told if url.endswith("/events")] == []
    assert logbook.now() == []
    assert visitor.page.evaluate("sessionStorage.length") == 0


def test_while_database_and_disk_are_gone_a_visit_is_as_before(arrive: Come, without_database: str) -> None:
    page = arrive(without_database).page
    page.goto(QUESTION)
    open_hit(page)
    page.goto(QUESTION)
    expect(page.locator(".hit").first).to_be_visible()
