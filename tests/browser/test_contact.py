"""A customer writes to people: is offered the answer and withdraws, or sends; with scripts, without, by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come

FORM = "/en/contact/form"
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
    page.goto("/en/contact")
    page.locator("main").get_by_role("link", name="Write to us").click()
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
    page.goto(FORM)
    expect(page.get_by_label("Your message")).to_have_value("")


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
