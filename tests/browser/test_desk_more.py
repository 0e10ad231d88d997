"""Requests, outbox and jobs at the desk in a browser: for everybody, wide and on the phone, light and dark."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from portal import clock
from portal.db import Database, Session, transaction
from portal.feedback import requests
from portal.gaps.models import State
from portal.outbox import store
from portal.outbox.models import Channel, Delivery, DeliveryState
from portal.outbox.news import letter
from portal.outbox.parcel import Message
from portal.people import accounts, sessions
from portal.people.models import Role
from portal.schedule import jobs
from portal.web.staff import COOKIE
from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.test_layout import CUT, WIDER
from tests.browser.visitor import Visitor
from tests.journeys.serving import Served
from tests.web.desk_gaps import a_gap

ADMIN, NEWCOMER = "grace@acme.example", "new@acme.example"
PAGES = ("/desk/requests", "/desk/requests?done=sent", "/desk/running", "/desk/outbox", "/desk/outbox?done=again")
LONG_URL = f"https://hooks.example.com/{'services/' * 12}T00"
PROBLEM = "hooks.example.com can't be reached: the name is not known to any server that was asked."


@pytest.fixture(scope="module")
def keys(served: Served) -> dict[str, str]:
    """A token by account; requests in every state, jobs that run and fail, messages that wait and were given up."""
    database = Database(f"sqlite:///{served.data / 'portal.sqlite'}")
    at = clock.now()
    with database.session() as session, transaction(session):
        grace, new = (
            accounts.find(session, email) or accounts.add(session, email=email, name=name, role=role, at=at)
            for email, name, role in ((ADMIN, "Grace", Role.ADMIN), (NEWCOMER, "New", Role.AGENT))
        )
        _wishes(session, grace.id)
        _jobs(session)
        _messages(session)
        tokens = {one.email: sessions.sign_in(session, one, at=at, is_complete=True).token for one in (grace, new)}
    database.close()
    return tokens


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_for_everybody(arrive: Come, keys: dict[str, str], path: str) -> None:
    page = _enter(arrive(reduced_motion="reduce"), keys[ADMIN]).page
    page.goto(path)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert _both_schemes(page) == [], width


@pytest.mark.parametrize("path", ["/desk/requests", "/desk/running"])
def test_the_first_look_is_for_everybody_too(arrive: Come, keys: dict[str, str], path: str) -> None:
    visitor = _enter(arrive(reduced_motion="reduce", viewport={"width": 390, "height": 844}), keys[NEWCOMER])
    visitor.page.goto(path)
    assert _both_schemes(visitor.page) == []
    if path == "/desk/running":
        visitor.forgive("403")


def test_nothing_scrolls_sideways(arrive: Come, keys: dict[str, str]) -> None:
    page = _enter(arrive(reduced_motion="reduce"), keys[ADMIN]).page
    found = {}
    for path in PAGES:
        page.goto(path)
        for width in (320, 390, 768, 1024, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            found[path, width] = page.evaluate(WIDER, width) + page.evaluate(CUT)
    assert {where: what for where, what in found.items() if what} == {}


def test_on_the_phone_the_bar_shows_where_one_is(arrive: Come, keys: dict[str, str]) -> None:
    page = _enter(arrive(viewport={"width": 390, "height": 844}), keys[ADMIN]).page
    page.goto("/desk/account")
    expect(page.locator(".desk-rail [aria-current]")).to_be_in_viewport(ratio=1)


def test_an_agent_asks_and_takes_it_back_on_the_phone_without_scripts(arrive: Come, keys: dict[str, str]) -> None:
    visitor = _enter(arrive(java_script_enabled=False, viewport={"width": 390, "height": 844}), keys[NEWCOMER])
    page = visitor.page
    page.goto("/desk/gaps")
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Requests").click()
    page.get_by_label("What customers ask", exact=True).fill("Do you deliver by tandem?")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("status").first).to_contain_text("Noted.")
    expect(page.locator(".wish")).to_have_text("Do you deliver by tandem?")
    page.get_by_role("button", name="Take it back Do you deliver by tandem?").click()
    expect(page.get_by_role("status").first).to_contain_text("taken back")
    expect(page.get_by_text("Nothing yet.")).to_be_visible()


def test_a_message_is_tried_again_by_keyboard_and_the_rail_counts_less(arrive: Come, keys: dict[str, str]) -> None:
    page = _enter(arrive(viewport={"width": 1280, "height": 800}), keys[ADMIN]).page
    page.goto("/desk/running")
    before = int(_given_up(page).inner_text())
    page.get_by_role("link", name="Outbox").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Try again A gap was accepted").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("tried again within")
    expect(_given_up(page)).to_have_text(str(before - 1))


def _given_up(page: Page) -> Locator:
    """How many messages were given up, as the rail says."""
    return page.get_by_role("link", name="Running").locator(".rail-count > [aria-hidden]")


def _wishes(session: Session, user: int) -> None:
    asked = ("Can I pay with a gift card?", "They want one invoice for the whole year\nand ask where to find it",
             "A voucher for two people", "w" * 300)  # fmt: skip
    for number, text in enumerate(asked):
        uid = f"{user:016x}{number:016x}"
        at = clock.now() - timedelta(days=3 * number, hours=1)
        requests.add(session, uid=uid, at=at, lang="en", text=text, visitor=f"user-{user}", search=None, address=None,
                     user=user)  # fmt: skip
        if number in {1, 2}:
            state = State.WATCHING if number == 1 else State.DISMISSED
            gap = a_gap(session, text[:60], asked=[(f"{text[:30]} {number}", 3, "gave_up")], state=state)
            gap.dismissal = "We sell none, and the shop says so on its first page" if number > 1 else None
            requests.take_up(session, [uid], gap.id)


def _jobs(session: Session) -> None:
    at = clock.now()
    for name in ("night-work", "long-work"):
        jobs.take(session, name, holder="node-a-123-0f0f0f0f", at=at, seconds=36_000)
    jobs.failed(session, "night-work", holder="node-a-123-0f0f0f0f", at=at, problem=PROBLEM)


def _messages(session: Session) -> None:
    at = clock.now()
    for number, event in enumerate(("gap.closed", "gap.accepted", "gap.merged")):
        message = Message(uid=f"hook-{number}", channel=Channel.WEBHOOK, target=LONG_URL, event=event, payload="{}",
                          at=at, gap=None)  # fmt: skip
        store.add(session, message)
        store.failed(session, message.uid, PROBLEM, at=at)
        if number:
            session.get_one(Delivery, message.uid).state = DeliveryState.DEAD
    store.add(session, letter(uid="letter-1", to="eve@example.com", subject="S", text="T", at=at, event="answer"))
    session.get_one(Delivery, "letter-1").next_at = at + timedelta(days=1)
    session.get_one(Delivery, "hook-0").next_at = at + timedelta(days=1)


def _enter(visitor: Visitor, token: str) -> Visitor:
    """Sign a visitor in, without going through the door."""
    visitor.context.add_cookies([{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}])
    return visitor


def _both_schemes(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    in_light = faults(page)
    page.emulate_media(color_scheme="dark")
    return in_light + [f"dark: {fault}" for fault in faults_of_colour(page)]
