"""A question to people, whole: one customer is offered the answer, another gets it by mail, and the numbers show both.

Real browsers on `portal serve`, a real mail server that keeps what it gets; only the moment of delivery is told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from portal import clock, telling
from portal.bootstrap import Portal, bootstrap
from portal.conversations.inbox import UNDO
from portal.conversations.models import ContactForm
from portal.db import transaction
from portal.people import accounts, sessions
from portal.people.models import Role
from portal.schedule import jobs
from portal.settings import Settings
from tests.browser.visitor import come
from tests.journeys.holding import HOLDER, LEASE_SECONDS, hold_jobs
from tests.journeys.serving import Served, free_port, serve
from tests.repositories import HELP_CENTRE, ContentRepository

SITE = HELP_CENTRE["portal.toml"] + '\n[[channels]]\nkind = "form"\nlabel = "Write to us"\n'
FILES = {
    "portal.toml": SITE,
    "en/billing/gift-card.md": (
        "---\ntitle: Buy a gift card\n---\nOpen **Shop** and choose **Gift card**. It arrives by mail as a PDF.\n"
    ),
    "de/billing/gift-card.md": (
        "---\ntitle: Gutschein kaufen\n---\nÖffnen Sie **Shop** und wählen Sie **Gutschein**. Er kommt als PDF.\n"
    ),
    "en/billing/statements.md": "---\ntitle: Monthly statements\n---\nThey are sent on the first of each month.\n",
    "de/billing/statements.md": "---\ntitle: Monatliche Auszüge\n---\nSie kommen am Ersten jedes Monats.\n",
}
WAIT_SECONDS = 20
FEW_KEYS = 10
"""issue: an agent answers in under ten keystrokes after the greeting."""


class Postbox:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: Queue[EmailMessage] = Queue()

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: ANN401, ARG002, N802
        self.mails.put(message_from_bytes(bytes(envelope.content or b""), EmailMessage, policy=policy.default))
        return "250 OK"


@dataclass(frozen=True, slots=True)
class Company:
    """A help centre with a mail server, and the same portal as jobs see it."""

    browser: Browser
    served: Served
    portal: Portal
    postbox: Postbox
    agent: str
    """The token of an agent who is signed in."""

    def visit(self, **options: Any) -> Page:  # noqa: ANN401 - whatever a context takes
        return come(self.browser, self.served.address, **options).page

    def desk(self) -> Page:
        page = self.visit(viewport={"width": 1280, "height": 800})
        page.context.add_cookies([{"name": "staff", "value": self.agent, "url": self.served.address}])
        return page

    def deliver(self) -> list[EmailMessage]:
        """Send what is due once nothing can be taken back any more."""
        telling.deliver(self.portal, at=clock.now() + UNDO + timedelta(seconds=5))
        return [self.postbox.mails.get(timeout=WAIT_SECONDS) for _ in range(self.postbox.mails.qsize())]


@pytest.fixture
def company(browser: Browser, tmp_path: Path) -> Iterator[Company]:
    repository, postbox = ContentRepository(tmp_path / "content"), Postbox()
    repository.commit(HELP_CENTRE | FILES)
    smtp = Controller(postbox, hostname="127.0.0.1", port=free_port())
    smtp.start()
    settings = {"smtp_url": f"smtp://127.0.0.1:{smtp.port}", "mail_from": "Acme <help@acme.example>"}
    data = tmp_path / "portal" / "data"
    portal = bootstrap(Settings(content=str(repository.folder), data=data, **settings))  # type: ignore[arg-type]
    hold_jobs(portal)
    at = clock.now()
    with portal.database.session() as session, transaction(session):
        assert jobs.take(session, "deliver", holder=HOLDER, at=at, seconds=LEASE_SECONDS)
        bo = accounts.add(session, email="bo@acme.example", name="Bo", role=Role.LEAD, at=at)
        token = sessions.sign_in(session, bo, at=at, is_complete=True).token
    environment = {f"PORTAL_{name.upper()}": value for name, value in settings.items()}
    with serve(repository.folder, tmp_path / "portal", **environment) as served:
        yield Company(browser, served, portal, postbox, token)
        portal.database.close()
    smtp.stop()
    assert "Traceback" not in served.said()


def _ask_and_find_the_answer(page: Page) -> None:
    """Type a request, be offered the answer, and withdraw."""
    page.goto("/en/contact/form")
    page.fill("#subject", "Gift card for a friend")
    page.locator("#text").press_sequentially("Where can I buy a gift card?", delay=5)
    offered = page.locator(".suggested-list li").filter(has_text="Buy a gift card")
    expect(offered).to_be_visible()
    offered.get_by_role("button", name=re.compile("This answered it")).click()
    expect(page.locator("h1")).to_have_text("Good to hear")


def _write_to_people(page: Page) -> None:
    """Send a request in German, from a phone; the second sending is the one that suggestions don't stop."""
    page.goto("/de/contact/form")
    page.fill("#subject", "Gutschein für meine Schwester")
    page.fill("#text", "Wo kann ich einen Gutschein kaufen?")
    page.fill("#address", "ada@customer.example")
    page.fill("#name", "Ada")
    expect(page.locator(".suggested-list li").first).to_be_visible()
    page.wait_for_timeout(2000)  # a form that is filled in faster than any person types is asked for once more
    page.locator(".writing-send button").click()
    expect(page).to_have_url(re.compile(r"/de/conversations/[0-9a-f]{32}-[0-9a-f]{32}"))
    expect(page.locator("main")).to_contain_text("Wo kann ich einen Gutschein kaufen?")


def _answer_by_keyboard(page: Page) -> int:
    """Answer the newest request without the mouse; return the keystrokes after the greeting."""
    page.goto("/desk/inbox")
    page.get_by_role("link", name=re.compile("Gutschein für meine Schwester")).focus()
    page.keyboard.press("Enter")
    box = page.locator("#text")
    expect(box).to_have_value(re.compile("Guten Tag Ada"))
    box.focus()
    page.keyboard.press("Control+End")
    keys = ["?", "?", "Enter", "Control+Enter"]
    for key in keys[:2]:
        page.keyboard.type(key)
    expect(page.get_by_role("option").first).to_contain_text("Gutschein kaufen")
    page.keyboard.press(keys[2])
    expect(box).to_have_value(re.compile(r"Gutschein kaufen: http://\S+/a/\S+\?via=\w+"))
    page.keyboard.press(keys[3])
    expect(page.locator("main")).to_contain_text("Undo")
    return len(keys)


def _let_an_hour_go_by(portal: Portal) -> None:
    """Forms count an hour after they were begun: until then one may still be sent."""
    with portal.database.session() as session, transaction(session):
        session.execute(update(ContactForm).values(at=clock.now() - timedelta(hours=2)))


def test_a_question_is_answered_by_an_article_or_by_a_person_and_both_are_counted(company: Company) -> None:
    _ask_and_find_the_answer(company.visit(viewport={"width": 1280, "height": 800}))
    phone = {"viewport": {"width": 390, "height": 844}, "locale": "de-DE", "has_touch": True}
    _write_to_people(company.visit(**phone))
    [receipt] = company.deliver()
    assert receipt["To"] == "ada@customer.example"
    desk = company.desk()
    assert _answer_by_keyboard(desk) < FEW_KEYS

    [mail] = company.deliver()
    assert mail["To"] == "ada@customer.example"
    assert mail["In-Reply-To"]
    [link] = re.findall(r"http://\S+/a/\S+via=\w+", mail.get_content())
    reader = company.visit(**phone)
    reader.goto(link)
    expect(reader).to_have_url(re.compile("/de/articles/billing/gift-card"))
    expect(reader.locator("h1")).to_have_text("Gutschein kaufen")
    reader.get_by_role("button", name="Ja").click()
    expect(reader.locator(".vote")).to_contain_text("Danke")

    desk.goto("/desk/links")
    row = desk.locator("tr", has_text="Gutschein kaufen")
    expect(row).to_contain_text("1 of 1")
    _let_an_hour_go_by(company.portal)
    desk.goto("/desk/contact")
    for what, count in (("Begun", "2"), ("Answered by an article", "1"), ("Sent", "1")):
        expect(desk.locator(".contact-numbers tr", has_text=what).locator("td").first).to_contain_text(count)
