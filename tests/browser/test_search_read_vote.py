"""The main journey: ask, read at the right section, say whether it helped. With scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ballots import Ballots
from tests.browser.conftest import Come
from tests.browser.pages import HOME, MANUAL_ARTICLE, MANUAL_ID
from tests.browser.visitor import Visitor
from tests.journeys.serving import Served

EACH_WAY = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["with-scripts", "without-scripts"])
NEW_TAB = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SHIFT = """new Promise(done => {
  let sum = 0;
  const add = list => list.getEntries().forEach(entry => { sum += entry.value; });
  new PerformanceObserver(add).observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


@pytest.fixture
def ballots(served: Served) -> Ballots:
    return Ballots.of(served, MANUAL_ID)


def _heading(page: Page) -> str:
    return page.locator("#vote-heading").inner_text()


def _says(page: Page, words: str) -> None:
    expect(page.locator("#vote-heading")).to_have_text(words)


@EACH_WAY
def test_a_question_leads_to_the_section_that_answers_it(arrive: Come, *, java_script_enabled: bool) -> None:
    page = arrive(java_script_enabled=java_script_enabled, viewport=NEW_TAB).page
    page.goto(HOME)
    page.fill("#q", "footnotes in an article")
    page.press("#q", "Enter")
    hit = page.locator(".hit").filter(has_text="Markdown you can use").first
    expect(hit.locator("mark").first).to_be_visible()
    expect(page.locator("#q")).to_have_value("footnotes in an article")
    hit.locator("a").click()
    expect(page).to_have_url(f"{page.url.partition('/en/')[0]}{MANUAL_ARTICLE}#footnotes")
    expect(page.locator("h2#footnotes")).to_be_in_viewport()


@EACH_WAY
def test_a_misspelt_question_is_corrected_and_as_typed_the_page_is_honest(
    arrive: Come, *, java_script_enabled: bool
) -> None:
    page = arrive(java_script_enabled=java_script_enabled, viewport=PHONE).page
    page.goto(HOME)
    page.fill("#q", "how can people anounce problms")
    page.press("#q", "Enter")
    expect(page.locator(".corrected strong")).to_have_text("how can people announce problems")
    expect(page.locator(".hit").first).to_contain_text("Announce a problem or some news")
    page.get_by_role("link", name="how can people anounce problms", exact=True).press("Enter")
    expect(page.locator(".results-line")).to_have_text("No clear answer to “how can people anounce problms”")
    expect(page.locator(".hit, .corrected, .answer")).to_have_count(0)
    expect(page.get_by_role("heading", name="What were you looking for?")).to_be_visible()
    nearest = page.locator(".nearest a").first
    title = nearest.inner_text()
    nearest.press("Enter")
    expect(page.locator("h1")).to_have_text(title)
    page.go_back()
    expect(page.locator("#q")).to_have_value("how can people anounce problms")
    expect(page.locator(".nearest a").first).to_be_visible()
    page.go_back()
    expect(page.locator(".corrected strong")).to_have_text("how can people announce problems")


@EACH_WAY
def test_a_vote_is_stored_changed_explained_and_withdrawn(
    arrive: Come, ballots: Ballots, *, java_script_enabled: bool
) -> None:
    page = arrive(java_script_enabled=java_script_enabled).page
    page.goto(MANUAL_ARTICLE)
    page.get_by_role("button", name="Yes", exact=True).click()
    _says(page, "Thank you, your vote is counted")
    assert ballots.new() == [(True, None, None)]
    page.get_by_role("button", name="Change to no").click()
    expect(page.get_by_text("did not help")).to_be_visible()
    assert ballots.new() == [(False, None, None)]
    page.get_by_label("I couldn't follow it").check()
    page.get_by_label("In your own words").fill("Which <b>button</b>?\nÜberall & nirgends")
    page.get_by_role("button", name="Send").click()
    _says(page, "Thank you, that is noted")
    assert ballots.new() == [(False, "unclear", "Which <b>button</b>?\nÜberall & nirgends")]
    page.get_by_text("Change what I said").click()
    expect(page.get_by_label("In your own words")).to_have_value("Which <b>button</b>?\nÜberall & nirgends")
    page.get_by_role("button", name="Take my vote back").click()
    _says(page, "Did this help?")
    assert ballots.new() == []


@EACH_WAY
def test_another_visitor_counts_as_another_and_the_same_one_does_not(
    arrive: Come, ballots: Ballots, *, java_script_enabled: bool
) -> None:
    first, second = (arrive(java_script_enabled=java_script_enabled).page for _ in range(2))
    for page, answer in ((first, "Yes"), (second, "No"), (first, "Yes")):
        page.goto(MANUAL_ARTICLE)
        page.get_by_role("button", name=answer, exact=True).click()
        _says(page, "Thank you, your vote is counted")
    assert sorted(ballots.new()) == [(False, None, None), (True, None, None)]


@EACH_WAY
def test_a_vote_is_still_there_after_loading_anew(arrive: Come, ballots: Ballots, *, java_script_enabled: bool) -> None:
    page = arrive(java_script_enabled=java_script_enabled).page
    page.goto(MANUAL_ARTICLE)
    page.get_by_role("button", name="No", exact=True).click()
    _says(page, "Thank you, your vote is counted")
    page.reload()
    assert ballots.new() == [(False, None, None)]
    page.goto(f"/en/votes/{MANUAL_ID}")
    expect(page.get_by_text("You said that this article did not help.")).to_be_visible()


def test_with_scripts_a_vote_stays_on_the_page_and_moves_the_focus_to_the_thanks(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(MANUAL_ARTICLE)
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.locator("#vote-heading")).to_be_focused()
    assert page.url.endswith(MANUAL_ARTICLE)


def test_without_scripts_the_way_back_leads_to_the_article(arrive: Come) -> None:
    page = arrive(java_script_enabled=False).page
    page.goto(MANUAL_ARTICLE)
    page.get_by_role("button", name="Yes", exact=True).click()
    page.get_by_role("link", name="Back to").click()
    assert page.url.endswith(MANUAL_ARTICLE)


def test_a_vote_that_does_not_arrive_is_said_and_can_be_cast_again(visitor: Visitor, ballots: Ballots) -> None:
    page = visitor.page
    page.goto(MANUAL_ARTICLE)
    visitor.context.set_offline(True)
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.locator("#vote [role=alert]")).to_contain_text("not counted")
    assert ballots.new() == []
    visitor.context.set_offline(False)
    page.get_by_role("button", name="Yes", exact=True).click()
    _says(page, "Thank you, your vote is counted")
    assert ballots.new() == [(True, None, None)]
    visitor.forgive("ERR_INTERNET_DISCONNECTED")


@EACH_WAY
def test_a_vote_while_the_database_is_away_is_refused_in_words(
    arrive: Come, without_database: str, *, java_script_enabled: bool
) -> None:
    visitor = arrive(without_database, java_script_enabled=java_script_enabled)
    page = visitor.page
    page.goto(MANUAL_ARTICLE)
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.locator("[role=alert]")).to_contain_text("Your vote was not counted")
    visitor.forgive("503")
    page.goto("/en/search?q=footnote")
    expect(page.locator(".hit").first).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "home"), [("de-DE", "/de/"), ("ar-EG", "/ar/"), ("en-GB", "/en/"), ("fr-FR", "/en/")]
)
def test_the_bare_address_leads_to_a_language_of_the_reader(arrive: Come, locale: str, home: str) -> None:
    page = arrive(locale=locale).page
    page.goto("/")
    assert page.url.endswith(home)


@EACH_WAY
def test_an_address_that_is_nearly_right_offers_the_article(arrive: Come, *, java_script_enabled: bool) -> None:
    page = arrive(java_script_enabled=java_script_enabled).page
    answer = page.goto("/en/articles/writing/markdwon-you-can-use")
    assert answer
    assert answer.status == 404
    page.locator("main").get_by_role("link", name="Markdown you can use").click()
    expect(page.locator("h1")).to_have_text("Markdown you can use")


def test_nothing_jumps_while_a_page_loads(visitor: Visitor) -> None:
    for path in (HOME, MANUAL_ARTICLE, "/en/search?q=article"):
        visitor.page.goto(path)
        assert visitor.page.evaluate(SHIFT) <= 0.02, path


def test_topics_keep_their_columns_while_the_last_ones_are_still_arriving(visitor: Visitor) -> None:
    columns = "list => getComputedStyle(list).gridTemplateColumns"
    visitor.page.set_viewport_size(NEW_TAB)
    visitor.page.goto(HOME)
    topics = visitor.page.locator(".topics")
    whole = topics.evaluate(columns)
    for _ in range(4):
        topics.locator(".topic").last.evaluate("topic => topic.remove()")
        assert topics.evaluate(columns) == whole
