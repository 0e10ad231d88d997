"""The picker in a real browser: in a reply, on its page, beside another help desk; by keyboard, for everybody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Frame, Locator, Page, ViewportSize, expect
from sqlalchemy import select

from portal import clock
from portal.conversations import intake
from portal.conversations.intake import Received
from portal.conversations.models import Entry
from portal.db import Database, transaction
from portal.links.models import SentLink
from portal.people import accounts, sessions
from portal.people.models import Role
from portal.people.passwords import Passwords
from portal.web.staff import COOKIE
from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.host_site import HostPage, HostSite, host_site
from tests.browser.test_layout import CUT, WIDER
from tests.browser.visitor import Visitor
from tests.journeys.serving import Served, serve
from tests.people.staff import PASSWORD
from tests.repositories import ContentRepository

DESK = ViewportSize(width=1280, height=800)
PHONE, SIDE_BAR = ViewportSize(width=390, height=844), ViewportSize(width=320, height=640)
QUESTION = "Guten Tag, ich habe mein Passwort vergessen. Wie kann ich es zurücksetzen?"
GREETING = "Guten Tag Ada,\n\n"
FILES = {
    "en/accounts/reset.md": """---
id: reset-en
title: Reset your password
---
You can choose a new password at any time, without waiting for us.

## By e-mail

Ask for a mail on the sign-in page, and open the link in it within an hour.
""",
    "de/accounts/reset.md": """---
id: reset-de
title: Passwort zurücksetzen
---
Ein neues Passwort können Sie jederzeit wählen, ohne auf uns zu warten.

## Per E-Mail

Lassen Sie sich eine Mail schicken und öffnen Sie den Link darin innerhalb einer Stunde.
""",
    "de/accounts/email.md": "---\nid: mail-de\ntitle: Mail-Adresse ändern\n---\nÖffnen Sie die Einstellungen.\n",
    "de/staff/check.md": (
        "---\nid: check-de\ntitle: Ausweise prüfen\naudience: staff\n---\nSehen Sie sich den Ausweis genau an.\n"
    ),
}
SITE = 'name = "Acme help"\nlanguages = ["en", "de"]\n[picker]\norigins = ["{origin}"]\n'


@dataclass(frozen=True, slots=True)
class Centre:
    """A help centre with a German customer's conversation, and a token of an agent who is signed in."""

    served: Served
    host: HostSite
    token: str
    conversation: int

    def links(self) -> list[SentLink]:
        database = Database(f"sqlite:///{self.served.data / 'portal.sqlite'}")
        with database.session() as session:
            found = list(session.scalars(select(SentLink).order_by(SentLink.made_at)))
        database.close()
        return found


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("picker")
    repository = ContentRepository(folder / "content")
    with host_site() as host:
        repository.commit(FILES | {"portal.toml": SITE.replace("{origin}", host.address)})
        with serve(repository.folder, folder / "portal") as served:
            yield Centre(served, host, *_people(served))


@pytest.fixture
def bo(arrive: Come, centre: Centre) -> Visitor:
    return _enter(arrive(centre.served.address, viewport=DESK, reduced_motion="reduce"), centre)


@pytest.fixture
def reply(bo: Visitor, centre: Centre) -> Locator:
    """The box for a reply, with its greeting."""
    bo.page.goto(f"/desk/inbox/{centre.conversation}")
    box = bo.page.locator("#text")
    box.press("Control+End")
    assert box.input_value() == GREETING
    return box


def test_two_question_marks_and_enter_answer_in_the_customer_s_language(reply: Locator, centre: Centre) -> None:
    keys = reply.page.keyboard
    for key in ("?", "?"):
        keys.press(key)
    expect(_options(reply.page).and_(reply.page.locator("[aria-selected=true]"))).to_contain_text(
        "Passwort zurücksetzen"
    )
    keys.press("Enter")
    expect(reply).not_to_have_value(GREETING + "??")
    token = centre.links()[-1].token
    said = GREETING + f"Passwort zurücksetzen: {centre.served.address}/a/reset-de?via={token}"
    assert reply.input_value() == said
    expect(reply.page.locator("#said")).to_have_text("Inserted: Passwort zurücksetzen")
    keys.press("Control+z")
    assert reply.input_value() == GREETING + "??"


def test_enter_that_comes_before_the_list_waits_for_it(reply: Locator) -> None:
    reply.page.keyboard.type("?? mail")
    reply.page.keyboard.press("Enter")
    expect(reply).to_have_value(_like("Mail-Adresse ändern: "))


def test_typing_on_narrows_and_arrows_choose(reply: Locator) -> None:
    keys, options = reply.page.keyboard, _options(reply.page)
    keys.type("??")
    expect(options.first).to_contain_text("Passwort")
    first = reply.get_attribute("aria-activedescendant")
    keys.type("Mail")
    expect(options.first).to_contain_text("Mail-Adresse ändern")
    keys.press("ArrowUp")
    assert reply.get_attribute("aria-activedescendant") != f"{first}x"
    keys.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert faults(reply.page) == []


def test_shift_and_enter_quote_a_passage(reply: Locator) -> None:
    reply.page.keyboard.type("??")
    expect(_options(reply.page).first).to_be_visible()
    reply.page.keyboard.press("Shift+Enter")
    expect(reply).to_have_value(_like("> "))
    assert "\n\nPasswort zurücksetzen: http" in reply.input_value()


def test_escape_closes_and_leaves_what_is_there(reply: Locator) -> None:
    keys, options = reply.page.keyboard, _options(reply.page)
    keys.type("??")
    expect(options.first).to_be_visible()
    keys.press("Escape")
    expect(options).to_have_count(0)
    keys.type(" mail")
    keys.press("Enter")
    assert reply.input_value() == GREETING + "?? mail\n"


def test_two_question_marks_at_the_end_of_a_word_are_what_they_are(reply: Locator, centre: Centre) -> None:
    before = len(centre.links())
    reply.page.keyboard.type("Wirklich??")
    reply.page.keyboard.press("Enter")
    assert reply.input_value() == GREETING + "Wirklich??\n"
    assert len(centre.links()) == before


def test_what_the_customer_may_not_read_is_asked_first(reply: Locator) -> None:
    page = reply.page
    page.keyboard.type("?? Ausweise")
    option = _options(page).and_(page.locator("[aria-selected=true]"))
    expect(option).to_contain_text("Only staff can read this")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Press Enter once more")
    assert reply.input_value().endswith("?? Ausweise")
    page.keyboard.press("Enter")
    expect(reply).to_have_value(_like("Ausweise prüfen: http"))


def test_a_session_that_ended_is_said_and_loses_nothing(reply: Locator, bo: Visitor) -> None:
    reply.page.keyboard.type("??")
    expect(_options(reply.page).first).to_be_visible()
    bo.context.clear_cookies()
    reply.page.keyboard.press("Enter")
    expect(reply.page.locator(".reply-picker-hint")).to_contain_text("The link could not be made")
    assert reply.input_value().endswith("??")


def test_a_message_is_pasted_and_copied_without_the_mouse(bo: Visitor, centre: Centre) -> None:
    page = bo.page
    bo.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/desk/picker")
    page.get_by_label("Customer's language").select_option("de")
    page.get_by_label("What the customer wrote").fill(QUESTION)
    expect(page.locator(".pick-title").first).to_contain_text("Passwort zurücksetzen")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    expect(page.locator(".pick-copy").first).to_contain_text("Copied")
    token = centre.links()[-1].token
    url = f"{centre.served.address}/a/reset-de?via={token}"
    assert _copied(page) == f"[Passwort zurücksetzen]({url})"
    page.keyboard.press("l")
    page.wait_for_timeout(50)
    assert _copied(page) == url
    page.keyboard.press("q")
    page.keyboard.press("t")
    page.wait_for_timeout(50)
    assert _copied(page).startswith("> ")
    assert centre.links()[-1].token == token  # one link, however often it is copied
    page.keyboard.press("Escape")
    expect(page.get_by_label("What the customer wrote")).to_be_focused()


def test_the_bookmark_brings_a_text_that_no_server_sees(bo: Visitor) -> None:
    page = bo.page
    page.goto("/desk/picker#q=Passwort%20vergessen%3F")
    expect(page.get_by_label("What the customer wrote")).to_have_value("Passwort vergessen?")
    expect(page.locator(".pick").first).to_be_visible()
    assert "#" not in page.url


def test_the_frame_signs_in_by_itself_and_hands_the_link_over(bo: Visitor, centre: Centre) -> None:
    page = bo.page
    bo.context.clear_cookies()
    frame = _frame_in(page, centre)
    frame.get_by_label("E-mail address").fill("bo@acme.example")
    frame.get_by_label("Password").fill(PASSWORD)
    frame.get_by_role("button", name="Sign in").click()
    expect(frame.get_by_label("What the customer wrote")).to_be_visible()
    page.evaluate(f"show({{type: 'signpost.message', text: {QUESTION!r}, lang: 'de'}})")
    expect(frame.locator(".pick-title").first).to_contain_text("Passwort zurücksetzen")
    frame.locator(".pick-copy").first.click()
    page.wait_for_function("document.title.includes('reset-de?via=')")
    expect(frame.locator(".pick-copy").first).to_contain_text("Copied")
    page.reload()
    expect(_inside(page).get_by_label("What the customer wrote")).to_be_visible()
    for expected in ("Permissions policy violation: The Clipboard API", "asked another host"):
        bo.forgive(expected)  # this page lends its frame no clipboard


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/desk/picker", "/desk/picker/frame", "/desk/links"])
def test_each_page_is_for_everybody(bo: Visitor, path: str, size: ViewportSize) -> None:
    page = bo.page
    page.set_viewport_size(SIDE_BAR if path.endswith("frame") and size == PHONE else size)
    page.goto(path)
    if "links" not in path:
        page.get_by_label("What the customer wrote").fill(QUESTION)
        expect(page.locator(".pick").first).to_be_visible()
    assert faults(page) == []
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate(WIDER, width) + page.evaluate(CUT) == []
    page.emulate_media(color_scheme="dark")
    assert faults_of_colour(page) == []


def _people(served: Served) -> tuple[str, int]:
    database, at = Database(f"sqlite:///{served.data / 'portal.sqlite'}"), clock.now()
    received = Received(
        uid="c" * 32, entry=Entry.FORM, subject="Passwort", text=QUESTION, lang="de", topic=None, name="Ada",
        address="ada@example.com", level="public", visitor=None, has_trail=False, search=None,
    )  # fmt: skip
    with database.session() as session, transaction(session):
        user = accounts.add(session, email="bo@acme.example", name="Bo", role=Role.AGENT, at=at)
        accounts.set_password(session, user.id, Passwords().hash(PASSWORD))
        token = sessions.sign_in(session, user, at=at, is_complete=True).token
        number = intake.open_conversation(session, received, at=at).id
    database.close()
    return token, number


def _enter(visitor: Visitor, centre: Centre) -> Visitor:
    visitor.context.add_cookies([{"name": COOKIE, "value": centre.token, "url": centre.served.address}])
    return visitor


def _frame_in(page: Page, centre: Centre) -> Frame:
    """Show the picker in the page of another help desk, which writes what it is told into its title."""
    address = f"{centre.served.address}/desk/picker/frame"
    there = f"'{centre.served.address}'"
    script = (
        f"addEventListener('message', told => {{ if (told.origin === {there}) document.title = told.data.url }});"
        f"const show = what => document.querySelector('iframe').contentWindow.postMessage(what, {there})"
    )
    html = f'<!doctype html><title>Desk</title><iframe src="{address}" width=320 height=700></iframe>'
    html += f"<script>{script}</script>"
    centre.host.pages["/ticket"] = HostPage(html)
    page.goto(f"{centre.host.address}/ticket")
    return _inside(page)


def _inside(page: Page) -> Frame:
    handle = page.wait_for_selector("iframe")
    frame = handle.content_frame() if handle else None
    assert frame
    return frame


def _options(page: Page) -> Locator:
    return page.locator(".reply-picker").get_by_role("option")


def _copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def _like(words: str) -> "re.Pattern[str]":
    return re.compile(re.escape(words).replace("\\ ", " "))
