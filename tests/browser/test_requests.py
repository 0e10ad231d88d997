""" "What were you looking for?", by keyboard and on the phone, with scripts and without, in light and dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from portal.feedback import requests
from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come, copy_data
from tests.journeys.serving import Served, serve

NOTHING, SOME = "/en/search?q=zzyzx", "/en/search?q=footnote"
SENT = "How do I undo a deletion"
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
EACH_SIZE = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
EACH_WAY = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["with-scripts", "without-scripts"])
SECRET = "a secret of sixteen"
LABEL, BUTTON, THANKS = "In your own words", "Send to the writers", "Thank you, that is noted"


@pytest.fixture(scope="module")
def mailing(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that can send mail, and so asks for an address."""
    folder = tmp_path_factory.mktemp("mailing")
    copy_data(served, folder)
    told = {"PORTAL_SMTP_URL": "smtp://127.0.0.1:9", "PORTAL_SECRET_KEY": SECRET, "PORTAL_TRUSTED_PROXIES": "1"}
    with serve(Path(served.data).parent / "content", folder, **told) as other:
        yield other
    assert "Traceback" not in other.said()


def both_schemes(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    in_light = faults(page)
    page.emulate_media(color_scheme="dark")
    return in_light + [f"dark: {fault}" for fault in faults_of_colour(page)]


@EACH_WAY
@EACH_SIZE
def test_what_was_not_found_is_told_to_the_writers(
    arrive: Come, viewport: ViewportSize, *, java_script_enabled: bool
) -> None:
    page = arrive(viewport=viewport, java_script_enabled=java_script_enabled).page
    page.goto(NOTHING)
    page.get_by_label(LABEL).fill(SENT)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_role("heading", name=THANKS).last).to_be_visible()
    expect(page.locator("main [data-channel]").first).to_be_visible()
    if not java_script_enabled:
        page.get_by_role("link", name="Back to the results").click()
    assert page.url.endswith(NOTHING)


@EACH_WAY
def test_under_the_last_result_the_question_unfolds(arrive: Come, *, java_script_enabled: bool) -> None:
    page = arrive(java_script_enabled=java_script_enabled).page
    page.goto(SOME)
    expect(page.get_by_label(LABEL)).not_to_be_visible()
    page.get_by_text("Not what you were looking for?").click()
    page.get_by_label(LABEL).fill(SENT)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_role("heading", name=THANKS).last).to_be_visible()


def test_by_keyboard_alone(arrive: Come, mailing: Served) -> None:
    page = arrive(mailing.address, viewport=WIDE).page
    page.goto(NOTHING)
    page.get_by_role("link", name="Ask in other words").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label(LABEL)).to_be_focused()
    page.keyboard.type(SENT)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Tell me when there is an answer")).to_be_focused()
    page.keyboard.type("ada@example.com")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(THANKS)).to_be_focused()
    expect(page.get_by_text("When there is an answer, we write to you.")).to_be_visible()


@EACH_WAY
def test_while_the_database_is_away_what_was_written_stays(
    arrive: Come, without_database: str, *, java_script_enabled: bool
) -> None:
    visitor = arrive(without_database, java_script_enabled=java_script_enabled)
    page = visitor.page
    page.goto(NOTHING)
    page.get_by_label(LABEL).fill(SENT)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator("main [role=alert]")).to_contain_text("What you wrote was not kept")
    expect(page.get_by_label(LABEL)).to_have_value(SENT)
    visitor.forgive("503")


def test_what_does_not_arrive_is_said_and_stays(arrive: Come) -> None:
    visitor = arrive()
    page = visitor.page
    page.goto(NOTHING)
    page.get_by_label(LABEL).fill(SENT)
    visitor.context.set_offline(True)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator("main [role=alert]")).to_contain_text("not sent")
    expect(page.get_by_label(LABEL)).to_have_value(SENT)
    visitor.context.set_offline(False)
    visitor.forgive("ERR_INTERNET_DISCONNECTED")


@EACH_SIZE
@pytest.mark.parametrize("state", ["nothing found", "unfolded", "by itself", "refused", "thanks", "withdrawal"])
def test_every_state_is_for_everybody(arrive: Come, mailing: Served, state: str, viewport: ViewportSize) -> None:
    visitor = arrive(mailing.address, viewport=viewport, reduced_motion="reduce")
    page = visitor.page
    uid = "0" * 32
    paths = {"unfolded": SOME, "by itself": "/en/requests?q=zzyzx", "thanks": "/en/requests/thanks?q=zzyzx&mail=1",
             "withdrawal": requests.withdrawal_path(SECRET.encode(), "en", uid)}  # fmt: skip
    page.goto(paths.get(state, NOTHING))
    if state == "unfolded":
        page.get_by_text("Not what you were looking for?").click()
    if state == "refused":
        page.locator(".request-form").evaluate("form => { form.noValidate = true; }")
        page.get_by_role("button", name=BUTTON).click()
        expect(page.locator("main [role=alert]")).to_contain_text("Write in a few words")
        visitor.forgive("422")
    assert both_schemes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
