"""The inbox in a real browser: by keyboard alone, undo, drafts that survive a reload, and for everybody."""

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.conversations import store
from portal.conversations.models import Kind
from portal.db import Database, transaction
from portal.people import accounts, sessions
from portal.people.models import Role
from portal.web.staff import COOKIE
from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.pages import MANUAL_ID
from tests.browser.test_layout import CUT, TWICE, WIDER
from tests.browser.visitor import Visitor
from tests.conversations.cast import ask
from tests.journeys.serving import Served
from tests.web.inbox_story import full_inbox

BO, CLEO = "bo.lind@acme.example", "cleo.marsh@acme.example"
"""Of this module alone: other modules' agents are in the same database."""
LIST = "/desk/inbox"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def story(served: Served) -> tuple[str, int]:
    """Bo's token, and the number of the conversation that has everything in it."""
    database, at = Database(f"sqlite:///{served.data / 'portal.sqlite'}"), clock.now()
    with database.session() as session, transaction(session):
        bo, cleo = (
            accounts.find(session, email) or accounts.add(session, email=email, name=name, role=Role.AGENT, at=at)
            for email, name in ((BO, "Bo Lind"), (CLEO, "cleo.marsh-of-the-night-shift@acme.example"))
        )
        number = full_inbox(session, bo, cleo, at=at, article=MANUAL_ID).id
        token = sessions.sign_in(session, bo, at=at, is_complete=True).token
    database.close()
    return token, number


@pytest.fixture
def bo(arrive: Come, story: tuple[str, int]) -> Visitor:
    return enter(arrive(viewport=WIDE, reduced_motion="reduce"), story[0])


@pytest.fixture
def number(served: Served) -> int:
    """A conversation of the test's own, the newest of all."""
    database = Database(f"sqlite:///{served.data / 'portal.sqlite'}")
    with database.session() as session, transaction(session):
        made = ask(session, "Where is my parcel?", subject="A parcel", at=clock.now())
    database.close()
    return made.id


def test_a_request_is_answered_by_keyboard_alone(bo: Visitor, served: Served, number: int) -> None:
    page = bo.page
    page.goto(LIST)
    page.keyboard.press("j")
    expect(page.locator(".inbox-link").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("A parcel")
    page.keyboard.press("r")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type("It comes tomorrow.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".undo-left")).to_be_visible()
    assert replies(served, number) == ["Hello Ada,\n\nIt comes tomorrow."]
    page.keyboard.press("z")
    expect(page.locator("#text")).to_have_value("Hello Ada,\n\nIt comes tomorrow.")
    assert replies(served, number) == []


def test_what_was_typed_survives_a_reload_and_is_forgotten_once_sent(bo: Visitor, served: Served, number: int) -> None:
    page = bo.page
    page.goto(f"{LIST}/{number}")
    page.locator("#text").fill("Hello Ada,\n\nhalf an")
    page.reload()
    expect(page.locator("#text")).to_have_value("Hello Ada,\n\nhalf an")
    page.locator("#text").fill("Hello Ada,\n\nhalf an hour.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".undo-left")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Hello Ada,\n\n")
    assert replies(served, number) == ["Hello Ada,\n\nhalf an hour."]


def test_a_saved_reply_goes_where_the_caret_is(bo: Visitor, number: int) -> None:
    page = bo.page
    page.goto(f"{LIST}/{number}")
    page.locator("#text").fill("A  Z")
    page.locator("#text").evaluate("one => one.setSelectionRange(2, 2)")
    page.get_by_label("Saved reply").select_option("Where invoices are")
    page.get_by_role("button", name="Insert").click()
    expect(page.locator("#text")).to_have_value("A They are under Billing, Ada.\n\nBo Lind Z")


def test_it_works_without_scripts_on_a_phone(arrive: Come, story: tuple[str, int], served: Served, number: int) -> None:
    page = enter(arrive(java_script_enabled=False, viewport=PHONE), story[0]).page
    page.goto(LIST)
    page.get_by_text("A parcel").first.click()
    page.get_by_label("Saved reply").select_option("Ask for the order")
    page.get_by_role("button", name="Insert").click()
    page.get_by_role("button", name="Send", exact=True).click()
    assert replies(served, number) == ["Hello Ada,\n\nThey are under Billing, Ada.\n\nBo Lind"]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#text")).to_have_value("Hello Ada,\n\nThey are under Billing, Ada.\n\nBo Lind")


@pytest.mark.parametrize("path", [f"{LIST}?view=all", f"{LIST}?view=closed&q=zebra", f"{LIST}/", f"{LIST}/saved"])
def test_every_page_is_for_everybody(arrive: Come, story: tuple[str, int], path: str) -> None:
    visitor = enter(arrive(reduced_motion="reduce"), story[0])
    page, found = visitor.page, {}
    page.goto(f"{path}{story[1]}" if path.endswith("/") else path)
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        found[width] = faults(page)
        page.emulate_media(color_scheme="dark")
        found[width, "dark"] = faults_of_colour(page)
    for scale in ({}, TWICE):
        if scale:
            visitor.context.new_cdp_session(page).send("Page.setFontSizes", scale)
        for width in (320, 768, 1024, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            found[width, bool(scale)] = page.evaluate(WIDER, width) + page.evaluate(CUT)
    wrong = [f"{where}: {one}" for where, what in found.items() for one in what]
    assert wrong == []


def enter(visitor: Visitor, token: str) -> Visitor:
    """Sign a visitor in, without going through the door."""
    visitor.context.add_cookies([{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}])
    return visitor


def replies(served: Served, number: int) -> list[str]:
    database = Database(f"sqlite:///{served.data / 'portal.sqlite'}")
    with database.session() as session:
        found = [one.text for one in store.messages(session, number) if one.kind is Kind.REPLY]
    database.close()
    return found
