"""A customer writes to people: is offered the answer and withdraws, or sends; with scripts, without, by keyboard."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from portal import clock
from portal.conversations import offers
from portal.conversations.models import Arm
from portal.db import Database, transaction
from portal.people import accounts, sessions
from portal.people.models import Role
from portal.web.staff import COOKIE
from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.journeys.serving import Served

CONTACT, FORM = "/en/contact", "/en/contact/form"
LEAD = "lea@acme.example"
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
EACH_SIZE = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
SUBJECT, TEXT = "Move the help centre to PostgreSQL", "We run on SQLite and would like to use a PostgreSQL database."
UNKNOWN_SUBJECT, UNKNOWN = "Zyxgrb", "Qwvbt krzl fmpnd."
THANKS = "Thank you, we have it."


def fill(page: Page, subject: str, text: str) -> None:
    page.get_by_label("What is it about?").fill(subject)
    page.get_by_label("Your message").fill(text)


def both_schemes(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    in_light = faults(page)
    page.emulate_media(color_scheme="dark")
    return in_light + [f"dark: {fault}" for fault in faults_of_colour(page)]


def wait_like_a_person(page: Page) -> None:
    """Nobody writes into a form within two seconds of opening it."""
    page.wait_for_timeout(2100)


@EACH_SIZE
def test_a_request_that_an_article_answers_is_withdrawn(arrive: Come, viewport: ViewportSize) -> None:
    page = arrive(viewport=viewport, reduced_motion="reduce").page
    page.goto(CONTACT)
    fill(page, SUBJECT, TEXT)
    offered = page.get_by_role("region", name="Perhaps this answers it already")
    expect(offered.get_by_role("link").first).to_contain_text("PostgreSQL")
    assert both_schemes(page) == []
    with page.context.expect_page() as opened:
        offered.get_by_role("link").first.click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("PostgreSQL")
    opened.value.close()
    expect(page.get_by_label("Your message")).to_have_value(TEXT)
    offered.get_by_role("button", name="This answered it").first.click()
    expect(page.locator("main [role=status]")).to_contain_text("Nothing was sent")
    assert both_schemes(page) == []
    page.goto(CONTACT)
    expect(page.get_by_label("Your message")).to_have_value("")


@EACH_SIZE
def test_the_other_ways_are_at_hand_beside_the_form(arrive: Come, viewport: ViewportSize) -> None:
    page = arrive(viewport=viewport, reduced_motion="reduce").page
    page.goto(CONTACT)
    others = page.get_by_role("region", name="Other ways to reach us")
    assert both_schemes(page) == []
    if viewport is PHONE:
        expect(others).not_to_be_in_viewport()
        page.get_by_role("link", name="Other ways to reach us").click()
    expect(others.get_by_role("link", name="Call us")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-23T08:00:00Z", "Open now"),
        ("2026-11-23T07:59:00Z", "Closed now"),
        ("2026-11-23T16:00:00Z", "Closed now"),
        ("2026-07-20T07:00:00Z", "Open now"),
        ("2026-11-22T12:00:00Z", "Closed now"),
    ],
    ids=["Monday nine", "a minute before", "Monday five", "in summer", "Sunday noon"],
)
def test_whether_somebody_answers_the_phone_is_told_by_the_companys_clock(arrive: Come, at: str, said: str) -> None:
    page = arrive(viewport=WIDE, timezone_id="America/New_York").page
    page.clock.set_fixed_time(at)
    page.goto(CONTACT)
    expect(page.locator("main .channels li", has_text="Call us").locator(".channel-now")).to_have_text(said)


def test_a_form_that_was_open_for_days_is_sent_at_the_second_try(arrive: Come) -> None:
    visitor = arrive(viewport=WIDE, reduced_motion="reduce")
    page = visitor.page
    page.goto(CONTACT)
    fill(page, UNKNOWN_SUBJECT, UNKNOWN)
    page.locator("#writing [name=stamp]").evaluate("field => { field.value = '0-0'; }")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("open for a long time")
    wait_like_a_person(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text(THANKS)).to_be_visible()
    visitor.forgive("422")


def test_by_keyboard_alone_a_request_is_sent_and_read_again(arrive: Come) -> None:
    page = arrive(viewport=WIDE, reduced_motion="reduce").page
    page.goto(FORM)
    page.get_by_label("What is it about?").focus()
    page.keyboard.type(UNKNOWN_SUBJECT)
    page.keyboard.press("Tab")
    page.keyboard.type(UNKNOWN)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your e-mail address")).to_be_focused()
    page.keyboard.type("ada@example.com")
    wait_like_a_person(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text(THANKS)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(UNKNOWN_SUBJECT)
    assert "/en/conversations/" in page.url
    assert both_schemes(page) == []
    page.get_by_label("Your message").fill("One thing more.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("list", name="Messages").get_by_text("One thing more.")).to_be_visible()
    page.goto(FORM)
    expect(page.get_by_label("Your message")).to_have_value("")


def test_without_scripts_the_answer_is_offered_before_anything_is_sent(arrive: Come) -> None:
    page = arrive(viewport=PHONE, java_script_enabled=False).page
    page.goto(FORM)
    fill(page, SUBJECT, TEXT)
    wait_like_a_person(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Nothing has been sent yet.")).to_be_visible()
    page.get_by_role("button", name="Send anyway").first.click()
    expect(page.get_by_text(THANKS)).to_be_visible()
    expect(page.get_by_text(TEXT)).to_be_visible()


def test_what_was_written_survives_a_reload_and_an_error(arrive: Come, tmp_path: Path) -> None:
    visitor = arrive(viewport=WIDE, reduced_motion="reduce")
    page, video = visitor.page, tmp_path / "video.mov"
    video.write_bytes(bytes(11 * 1024 * 1024))
    page.goto(FORM)
    fill(page, UNKNOWN_SUBJECT, UNKNOWN)
    page.reload()
    expect(page.get_by_label("Your message")).to_have_value(UNKNOWN)
    page.get_by_label("Files").set_input_files(video)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("video.mov")
    page.get_by_label("Files").set_input_files([])
    page.get_by_label("Your e-mail address").fill("nobody@x")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("This e-mail address can't be used.")
    expect(page.get_by_label("Your message")).to_have_value(UNKNOWN)
    assert both_schemes(page) == []
    visitor.forgive("422")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_numbers_are_for_everybody_who_leads(arrive: Come, served: Served, width: int) -> None:
    visitor = arrive(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    visitor.context.add_cookies([{"name": COOKIE, "value": a_lead_with_numbers(served), "url": served.address}])
    visitor.page.goto("/desk/contact")
    expect(visitor.page.get_by_role("row", name="Begun")).to_contain_text("10")
    assert both_schemes(visitor.page) == []


def a_lead_with_numbers(served: Served) -> str:
    """Write forms of both arms and an account that leads; return its token."""
    database, at = Database(f"sqlite:///{served.data / 'portal.sqlite'}"), clock.now()
    with database.session() as session, transaction(session):
        for number in range(20):
            uid, arm = f"{number:032x}", Arm.OFFERED if number < 10 else Arm.HELD_OUT
            offers.begin(session, uid=uid, lang="en", topic=None, arm=arm, offered=(), at=at - timedelta(days=1))
            if number % 10 < 4 and arm is Arm.OFFERED:
                offers.withdraw(session, uid, article="use-postgresql", at=at)
            else:
                offers.send(session, uid, at=at)
        lead = accounts.find(session, LEAD) or accounts.add(session, email=LEAD, name="Lea", role=Role.LEAD, at=at)
        token = sessions.sign_in(session, lead, at=at, is_complete=True).token
    database.close()
    return token
