"""Webhooks at the desk in a browser: for everybody, wide and on the phone, light and dark, by keyboard, bare."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from portal.db import Database, Session, transaction
from portal.outbox import receivers, store
from portal.outbox.models import Channel, Delivery
from portal.outbox.parcel import Message
from portal.people import accounts, sessions
from portal.people.models import Role
from portal.web.staff import COOKIE
from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.test_layout import CUT, WIDER
from tests.browser.visitor import Visitor
from tests.journeys.serving import Served

ADMIN = "grace-of-webhooks@acme.example"
PLACE = "/desk/webhooks"
LONG_URL = f"https://hooks.example.com/{'services/' * 12}T00"
PAYLOAD = '{"at": "2026-11-22T14:00:00+00:00", "by": "Cleo", "cause": "missing", "event": "gap.accepted", "gap": 12}'


@pytest.fixture(scope="module")
def keys(served: Served) -> dict[str, str]:
    """The admin's token, and the uids of webhooks: one that works, one that was given up, one switched off."""
    database = Database(f"sqlite:///{served.data / 'portal.sqlite'}")
    at = clock.now()
    with database.session() as session, transaction(session):
        grace = accounts.add(session, email=ADMIN, name="Grace", role=Role.ADMIN, at=at)
        token = sessions.sign_in(session, grace, at=at, is_complete=True).token
        uids = {name: _webhook(session, name) for name in ("Chat of the support team", "Pager", "Warehouse")}
        _log(session, uids["Chat of the support team"])
        for number in range(receivers.MOST_GIVEN_UP):
            _given_up(session, uids["Pager"], f"p-{number}")
        receivers.switch(session, uids["Warehouse"], on=False, by="Grace", at=at)
    database.close()
    return {"token": token, **uids}


def test_every_page_is_for_everybody_and_nothing_scrolls_sideways(arrive: Come, keys: dict[str, str]) -> None:
    page = _enter(arrive(reduced_motion="reduce"), keys["token"]).page
    for path in (PLACE, *(f"{PLACE}/{keys[name]}" for name in ("Chat of the support team", "Pager", "Warehouse"))):
        page.goto(path)
        _open_all(page)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert _both_schemes(page) == [], (path, width)
        for width in (320, 768, 1024):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDER, width) + page.evaluate(CUT) == [], (path, width)


def test_a_webhook_is_made_tested_and_deleted_by_keyboard(arrive: Come, keys: dict[str, str]) -> None:
    page = _enter(arrive(viewport={"width": 1280, "height": 800}), keys["token"]).page
    page.goto(PLACE)
    page.get_by_label("What it is for").focus()
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.type("https://keyboard.example.com/hook")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The secret of your new webhook")).to_be_visible()
    page.get_by_role("button", name="Send a test").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("The test is on its way")
    page.get_by_text("Delete the webhook").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete it for good").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("The webhook is deleted")


def test_without_scripts_on_the_phone_one_is_made_for_some_events(arrive: Come, keys: dict[str, str]) -> None:
    visitor = _enter(arrive(java_script_enabled=False, viewport={"width": 390, "height": 844}), keys["token"])
    page = visitor.page
    page.goto(PLACE)
    page.get_by_label("What it is for").fill("Bare")
    page.get_by_label("Address").fill("https://bare.example.com/hook")
    for every in ("All that happens to gaps", "All that happens to conversations"):
        page.get_by_label(every).uncheck()
    page.get_by_text("Only some of what happens to gaps").click()
    page.get_by_label("A gap was closed gap.closed").check()
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.get_by_text("sph_")).to_be_visible()
    page.get_by_role("link", name="Webhooks").first.click()
    expect(page.locator(".webhooks > li", has_text="Bare")).to_contain_text("A gap was closed")


def _webhook(session: Session, name: str) -> str:
    url = LONG_URL if name == "Warehouse" else f"https://{name.split(maxsplit=1)[0].lower()}.example.com/signpost"
    events = ["gap.*", "conversation.created", "conversation.closed"]
    return receivers.make(session, name=name, url=url, events=events, by="Grace", at=clock.now()).uid


def _log(session: Session, uid: str) -> None:
    for number, (event, status) in enumerate((("ping", 200), ("gap.accepted", 204), ("gap.closed", 0))):
        _put(session, uid, f"chat-{number}", event, minutes=number - 3)
        session.get_one(Delivery, f"chat-{number}").attempts = 1
        if status:
            store.sent(session, f"chat-{number}", at=clock.now(), status=status)
        else:
            store.failed(session, f"chat-{number}", "The webhook answered 503: try later.", at=clock.now(), status=503)


def _given_up(session: Session, uid: str, message: str) -> None:
    _put(session, uid, message, "gap.published")
    session.get_one(Delivery, message).attempts = store.MOST_TRIES
    store.failed(session, message, "pager.example.com can't be reached: it took too long.", at=clock.now())


def _put(session: Session, uid: str, message: str, event: str, minutes: int = 0) -> None:
    at = clock.now() + timedelta(minutes=minutes)
    store.add(session, Message(uid=message, channel=Channel.WEBHOOK, target=uid, event=event, payload=PAYLOAD, at=at))


def _open_all(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")


def _enter(visitor: Visitor, token: str) -> Visitor:
    visitor.context.add_cookies([{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}])
    return visitor


def _both_schemes(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    in_light = faults(page)
    page.emulate_media(color_scheme="dark")
    return in_light + [f"dark: {fault}" for fault in faults_of_colour(page)]
