"""The widget on another origin's page: `localhost` shows what 127.0.0.1 serves, so browsers keep no cookies in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Locator, Page, expect

from portal.events.kinds import Clicked, Searched, Viewed, Where
from tests.browser.axe import faults
from tests.browser.ballots import Ballots
from tests.browser.host_site import HostPage, HostSite, host_site
from tests.browser.logbook import Logbook
from tests.browser.visitor import PATIENCE_MS
from tests.journeys.serving import Served, serve
from tests.repositories import ContentRepository

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
INVOICE = "inv-1"
FILES = {
    "en/billing/find-an-invoice.md": f"""---
id: {INVOICE}
title: Find an invoice
summary: Where your invoices are.
---
Each invoice is on the page *Billing*. See [how to pay](pay-an-invoice.md) or [the tax office](https://tax.example/).
""",
    "en/billing/pay-an-invoice.md": "---\nid: pay-1\ntitle: Pay an invoice\n---\nBy card or by transfer.\n",
    "en/accounts/close-an-account.md": "---\nid: bye-1\ntitle: Close your account\n---\nAll of it is deleted.\n",
    "de/billing/find-an-invoice.md": "---\ntitle: Eine Rechnung finden\n---\nUnter Abrechnung.\n",
}
SITE = """
name = "Acme help"
languages = ["en", "de"]

[limits]
searches_per_minute = 100000

[widget]
origins = ["{origin}"]

[[widget.rules]]
path = "/billing/*"
articles = ["pay-1"]
"""
READABLE = ":root { color-scheme: light dark } body { background: Canvas; color: CanvasText } a { color: inherit }"
HOSTILE = """
*, *::before, *::after { all: unset !important; }
body *, :not(html, head, body) { display: none !important; opacity: 0 !important; visibility: hidden !important;
  pointer-events: none !important; color: red !important; font-size: 1px !important; transform: scale(0) !important; }
html, body { display: block !important; }
body { transform: translateX(0) !important; }
#veil { display: block !important; visibility: visible !important; opacity: .5 !important;
  pointer-events: auto !important; transform: none !important; position: fixed !important; inset: 0 !important;
  z-index: 2147483647 !important; }
"""


@dataclass(slots=True)
class Guest:
    """Somebody on the company's page. `said`: what stood on the console there and in the frame."""

    context: BrowserContext
    page: Page
    said: list[str] = field(default_factory=list)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("signpost-help .launcher")

    @property
    def dialog(self) -> Locator:
        return self.page.locator("signpost-help dialog")

    @property
    def help(self) -> FrameLocator:
        return self.page.frame_locator("signpost-help iframe")

    @property
    def frame(self) -> Frame:
        return next(frame for frame in self.page.frames if "/widget/" in frame.url)

    def open(self) -> None:
        """Press the button, and wait until the frame's scripts are there."""
        self.launcher.click()
        expect(self.help.get_by_label("Search the articles")).to_be_focused()

    def focus(self) -> str:
        """What has the focus: in the frame, else on the page, within shadow trees too."""
        found: str = self.page.evaluate(
            "() => { let at = document.activeElement;"
            " while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
            " return at.id || at.className || at.localName; }"
        )
        inner = "() => document.activeElement.id || document.activeElement.textContent.trim()"
        return str(self.frame.evaluate(inner)) if found == "iframe" else found


Visit = Callable[..., Guest]


@pytest.fixture(scope="module")
def company() -> Iterator[HostSite]:
    with host_site() as site:
        yield site


@pytest.fixture(scope="module")
def stranger() -> Iterator[HostSite]:
    """A site that portal.toml does not name."""
    with host_site() as site:
        yield site


@pytest.fixture(scope="module")
def centre(company: HostSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("widget")
    repository = ContentRepository(folder / "content")
    repository.commit(FILES | {"portal.toml": SITE.format(origin=company.address)})
    with serve(repository.folder, folder / "portal") as served:
        yield served
    assert "Traceback" not in served.said()


@pytest.fixture
def visit(browser: Browser, centre: Served) -> Iterator[Visit]:
    """Open a page of a site with the widget on it; at the end nothing may have been said on any console."""
    guests: list[Guest] = []

    def visit(site: HostSite, path: str = "/billing/invoices", *, policy: str = "", head: str = "", body: str = "",
              options: str = "", **context: object) -> Guest:  # fmt: skip
        site.pages[path] = HostPage(_html(centre, head, body, options), policy)
        opened = browser.new_context(**({"viewport": DESK} | context))  # type: ignore[arg-type]
        guest = Guest(opened, opened.new_page())
        guests.append(guest)
        guest.page.set_default_timeout(PATIENCE_MS)
        guest.page.on("console", lambda said: guest.said.append(said.text))
        guest.page.on("pageerror", lambda error: guest.said.append(f"uncaught: {error}"))
        guest.page.goto(site.address + path)
        guest.page.locator("signpost-help").wait_for(state="attached")
        return guest

    yield visit
    for guest in guests:
        guest.context.close()
    assert [guest.said for guest in guests if guest.said] == []


def _html(centre: Served, head: str, body: str, options: str) -> str:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,">{head}<script src="{centre.address}/widget.js" {options} async></script></head>
<body><main><h1>Shop</h1><p><a id="outside" href="/elsewhere">Elsewhere</a> <input id="field" aria-label="Name"></p>
{body}</main></body></html>"""


def test_a_question_is_answered_inside_the_page(visit: Visit, company: HostSite) -> None:
    guest = visit(company)
    guest.launcher.click()
    expect(guest.dialog).to_be_visible()
    expect(guest.help.locator("h2")).to_have_text("For this page")
    expect(guest.help.locator(".card-list a")).to_have_text(["Pay an invoice"])
    guest.help.get_by_label("Search the articles").fill("find invoice")
    guest.help.get_by_role("link", name="Find an invoice").click()
    expect(guest.help.locator("h1")).to_have_text("Find an invoice")
    guest.help.get_by_role("link", name="how to pay").click()
    expect(guest.help.locator("h1")).to_have_text("Pay an invoice")
    guest.help.get_by_role("button", name="Back").click()
    expect(guest.help.locator("h1")).to_have_text("Find an invoice")
    guest.help.get_by_role("button", name="Back").click()
    expect(guest.help.get_by_label("Search the articles")).to_have_value("find invoice")
    expect(guest.help.get_by_role("link", name="Find an invoice")).to_be_focused()
    expect(guest.help.get_by_role("button", name="Back")).to_be_hidden()
    assert guest.page.url == f"{company.address}/billing/invoices"


def test_a_request_is_sent_without_leaving_the_page(visit: Visit, company: HostSite) -> None:
    guest = visit(company)
    guest.open()
    guest.help.get_by_role("link", name="Write to us").click()
    guest.help.get_by_label("What is it about?").fill("A duck")
    guest.help.get_by_label("Your message").press_sequentially(
        "It quacks at night, what shall I do about it?", delay=60
    )
    guest.help.get_by_role("button", name="Send").click()
    expect(guest.help.locator("h1")).to_have_text("Your message is here")
    with guest.context.expect_page() as opened:
        guest.help.get_by_role("link", name="Open it in a new tab").click()
    expect(opened.value.get_by_text("It quacks at night")).to_be_visible()


def test_what_is_refused_says_why_and_keeps_what_was_written(visit: Visit, company: HostSite) -> None:
    guest = visit(company)
    guest.open()
    guest.help.get_by_role("link", name="Write to us").click()
    guest.help.get_by_label("What is it about?").fill("A duck")
    guest.help.get_by_label("Your message").fill("Quack")
    guest.help.get_by_role("button", name="Send").click()
    expect(guest.help.get_by_role("alert")).to_contain_text("faster than people write")
    expect(guest.help.get_by_label("Your message")).to_have_value("Quack")
    guest.said[:] = [one for one in guest.said if "422" not in one]


def test_what_was_begun_is_there_when_the_form_is_opened_again(visit: Visit, company: HostSite) -> None:
    guest = visit(company)
    guest.open()
    guest.help.get_by_role("link", name="Write to us").click()
    guest.help.get_by_label("Your message").fill("Quack")
    guest.help.get_by_role("button", name="Back").click()
    guest.help.get_by_role("link", name="Write to us").click()
    expect(guest.help.get_by_label("Your message")).to_have_value("Quack")


def test_a_file_that_is_too_large_is_named_before_anything_is_sent(
    visit: Visit, company: HostSite, tmp_path: Path
) -> None:
    guest, video = visit(company), tmp_path / "video.mov"
    video.write_bytes(bytes(11 * 1024 * 1024))
    guest.open()
    guest.help.get_by_role("link", name="Write to us").click()
    guest.help.get_by_label("What is it about?").fill("A duck")
    guest.help.get_by_label("Your message").fill("Quack")
    guest.help.get_by_label("Files").set_input_files(video)
    guest.help.get_by_role("button", name="Send").click()
    expect(guest.help.get_by_role("alert")).to_contain_text("video.mov")


def test_an_article_that_answers_a_request_withdraws_it(visit: Visit, company: HostSite) -> None:
    guest = visit(company)
    guest.open()
    guest.help.get_by_role("link", name="Write to us").click()
    guest.help.get_by_label("What is it about?").fill("Where is my invoice")
    guest.help.get_by_label("Your message").press_sequentially("I can't find the invoice.", delay=5)
    guest.help.get_by_role("button", name="This answered it").first.click()
    expect(guest.help.locator("h1")).to_have_text("Glad that helped")


def test_everything_is_done_by_keyboard(visit: Visit, company: HostSite) -> None:
    guest = visit(company)
    while guest.focus() != "launcher":
        guest.page.keyboard.press("Tab")
    guest.page.keyboard.press("Enter")
    expect(guest.help.get_by_label("Search the articles")).to_be_focused()
    guest.page.keyboard.type("invoice")
    expect(guest.help.locator("#results .hit")).to_have_count(2)
    guest.page.keyboard.press("ArrowDown")
    guest.page.keyboard.press("ArrowDown")
    guest.page.keyboard.press("ArrowUp")
    guest.page.keyboard.press("ArrowUp")
    expect(guest.help.get_by_label("Search the articles")).to_be_focused()
    guest.page.keyboard.press("ArrowDown")
    title = guest.focus()
    guest.page.keyboard.press("Enter")
    expect(guest.help.locator("h1")).to_have_text(title)
    expect(guest.help.locator("h1")).to_be_focused()
    guest.page.keyboard.press("Escape")
    expect(guest.dialog).to_be_hidden()
    expect(guest.launcher).to_be_focused()


def test_the_focus_stays_in_the_dialog(visit: Visit, company: HostSite) -> None:
    guest = visit(company)
    guest.open()
    seen = set()
    for _ in range(30):
        guest.page.keyboard.press("Tab")
        seen.add(guest.focus())
    assert "shut" in seen
    assert not {"outside", "field", "launcher"} & seen


def test_escape_on_the_close_button_closes_and_the_focus_returns(visit: Visit, company: HostSite) -> None:
    guest = visit(company, body='<button id="own" data-signpost-open>Help me</button>')
    guest.page.locator("#own").click()
    expect(guest.help.get_by_label("Search the articles")).to_be_focused()
    guest.page.locator("signpost-help .shut").focus()
    guest.page.keyboard.press("Escape")
    expect(guest.dialog).to_be_hidden()
    expect(guest.page.locator("#own")).to_be_focused()


def test_a_key_of_the_companys_choice_opens_it_but_not_while_somebody_writes(visit: Visit, company: HostSite) -> None:
    guest = visit(company, options='data-key="?"')
    guest.page.locator("#field").focus()
    guest.page.keyboard.type("why?")
    expect(guest.dialog).to_be_hidden()
    expect(guest.page.locator("#field")).to_have_value("why?")
    guest.page.locator("#outside").focus()
    guest.page.keyboard.press("?")
    expect(guest.dialog).to_be_visible()


def test_the_page_may_open_an_article_or_a_search(visit: Visit, company: HostSite) -> None:
    guest = visit(
        company, options='data-button="none"', body=f'<a href="/x" data-signpost-open="{INVOICE}">Invoices?</a>'
    )
    expect(guest.launcher).to_be_hidden()
    guest.page.get_by_role("link", name="Invoices?").click()
    expect(guest.help.locator("h1")).to_have_text("Find an invoice")
    guest.page.evaluate("Signpost.close()")
    expect(guest.dialog).to_be_hidden()
    guest.page.evaluate("Signpost.open({ query: 'close account' })")
    expect(guest.help.get_by_label("Search the articles")).to_have_value("close account")
    expect(guest.help.locator("#results .hit h3")).to_have_text(["Close your account"])


def test_it_speaks_the_language_of_the_page(visit: Visit, company: HostSite) -> None:
    guest = visit(company, options='data-lang="de-AT"')
    guest.launcher.click()
    expect(guest.help.locator("html")).to_have_attribute("lang", "de")
    guest.page.evaluate("Signpost.open({ article: 'inv-1' })")
    expect(guest.help.locator("h1")).to_have_text("Eine Rechnung finden")


def test_links_to_elsewhere_leave_for_a_tab_of_their_own(visit: Visit, company: HostSite) -> None:
    guest = visit(company)
    guest.context.route("https://tax.example/**", lambda route: route.fulfill(body="Taxes"))
    guest.page.evaluate(f"Signpost.open({{ article: '{INVOICE}' }})")
    with guest.context.expect_page() as opened:
        guest.help.get_by_role("link", name="the tax office").click()
    opened.value.wait_for_url("https://tax.example/")
    with guest.context.expect_page() as opened:
        guest.help.get_by_role("link", name="Open in a new tab").click()
    expect(opened.value.locator("h1")).to_have_text("Find an invoice")
    expect(guest.help.locator("h1")).to_have_text("Find an invoice")


def test_a_vote_counts_once_though_there_are_no_cookies(visit: Visit, company: HostSite, centre: Served) -> None:
    ballots = Ballots.of(centre, INVOICE)
    guest = visit(company)
    guest.page.evaluate(f"Signpost.open({{ article: '{INVOICE}' }})")
    guest.help.get_by_role("button", name="Yes").click()
    expect(guest.help.get_by_text("You said that this article helped.")).to_be_visible()
    guest.help.get_by_role("button", name="Change to no").click()
    expect(guest.help.get_by_text("You said that this article did not help.")).to_be_visible()
    assert [helpful for helpful, _, _ in ballots.new()] == [False]
    assert guest.context.cookies() == []


def test_what_is_done_in_the_frame_is_one_visitors_though_there_are_no_cookies(
    visit: Visit, company: HostSite, centre: Served
) -> None:
    logbook = Logbook.of(centre)
    logbook.query = "find my invoice"
    guest = visit(company)
    guest.open()
    guest.help.get_by_label("Search the articles").fill(logbook.query)
    guest.help.get_by_role("link", name="Find an invoice").click()
    expect(guest.help.locator("h1")).to_have_text("Find an invoice")
    logbook.until(Searched, Clicked)  # two messages that are sent at once may arrive in any order
    guest.page.keyboard.press("Escape")
    expect(guest.dialog).to_be_hidden()
    searched, clicked, viewed = logbook.until(Searched, Clicked, Viewed)
    assert isinstance(searched, Searched)
    assert isinstance(clicked, Clicked)
    assert isinstance(viewed, Viewed)
    assert (searched.query, searched.where) == (logbook.query, Where.WIDGET)
    assert (clicked.search, clicked.article, clicked.position) == (searched.uid, INVOICE, 1)
    assert (viewed.search, viewed.article, viewed.depth) == (searched.uid, INVOICE, 1.0)


def test_the_browser_refuses_the_frame_on_a_page_that_is_not_named(
    visit: Visit, stranger: HostSite, centre: Served
) -> None:
    guest = visit(stranger, body=f'<iframe src="{centre.address}/widget/en/"></iframe>')
    frame = guest.page.frames[1]
    frame.wait_for_load_state()
    assert "How can we help?" not in frame.content()
    assert any("frame-ancestors" in one for one in guest.said)
    guest.said.clear()


def test_on_a_page_that_is_not_named_the_button_opens_the_help_centre_in_a_tab(
    visit: Visit, stranger: HostSite, centre: Served
) -> None:
    guest = visit(stranger)
    with guest.context.expect_page() as opened:
        guest.launcher.click()
    opened.value.wait_for_url(f"{centre.address}/en/")
    expect(guest.dialog).to_be_hidden()
    assert len(guest.page.frames) == 1


def test_where_the_pages_own_policy_forbids_the_frame_a_tab_opens_instead(
    visit: Visit, company: HostSite, centre: Served
) -> None:
    guest = visit(company, "/forbids", policy=f"default-src 'none'; img-src data:; script-src {centre.address}")
    with guest.context.expect_page() as opened:
        guest.launcher.click()
    opened.value.wait_for_url(f"{centre.address}/en/")
    expect(guest.dialog).to_be_hidden()
    with guest.context.expect_page():
        guest.launcher.click()
    assert all("Content Security Policy" in one for one in guest.said)
    guest.said.clear()


def test_it_works_under_a_strict_policy(visit: Visit, company: HostSite, centre: Served) -> None:
    strict = (
        f"default-src 'none'; img-src data:; base-uri 'none'; script-src {centre.address}; frame-src {centre.address}"
    )
    guest = visit(company, "/strict", policy=f"{strict}; require-trusted-types-for 'script'; trusted-types 'none'")
    box = guest.launcher.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (56, 56)
    guest.open()


def test_no_rule_of_the_pages_own_hides_or_breaks_it(visit: Visit, company: HostSite) -> None:
    guest = visit(company, "/hostile", head=f"<style>{HOSTILE}</style>", body='<div id="veil"></div>')
    box = guest.launcher.bounding_box()
    assert box
    assert (box["x"] + box["width"], box["y"] + box["height"]) == pytest.approx((1256, 776))
    top = "([x, y]) => document.elementFromPoint(x, y)?.localName"
    assert guest.page.evaluate(top, [box["x"] + 28, box["y"] + 28]) == "signpost-help"
    guest.open()
    shown = guest.dialog.bounding_box()
    assert shown
    assert shown["width"] == 420
    assert guest.page.evaluate(top, [shown["x"] + 200, shown["y"] + 200]) == "signpost-help"
    guest.page.locator("signpost-help .shut").click()
    expect(guest.dialog).to_be_hidden()
    expect(guest.launcher).to_be_visible()


def test_on_a_phone_it_fills_the_screen(visit: Visit, company: HostSite) -> None:
    guest = visit(company, viewport=PHONE, has_touch=True, is_mobile=True,
                  head='<meta name="viewport" content="width=device-width">')  # fmt: skip
    guest.launcher.tap()
    expect(guest.help.locator("h1")).to_have_text("How can we help?")
    box = guest.dialog.bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    expect(guest.help.locator("h1")).to_be_focused()  # the keyboard on the screen would hide the articles


@pytest.mark.parametrize(
    ("head", "scheme", "theme"),
    [
        ("", "dark", "light"),
        ("<style>:root { color-scheme: light dark }</style>", "dark", "dark"),
        ("<style>:root { color-scheme: light dark }</style>", "light", "light"),
        ("<style>body { background: #14181d }</style>", "light", "dark"),
        ("<style>html { background: oklch(0.2 0.02 250) }</style>", "light", "dark"),
        ("<style>:root { color-scheme: dark } body { background: rgb(255 255 255) }</style>", "dark", "light"),
    ],
)
def test_it_is_as_light_or_dark_as_the_page(
    visit: Visit, company: HostSite, head: str, scheme: str, theme: str
) -> None:
    guest = visit(company, "/colours", head=head, color_scheme=scheme)
    guest.launcher.click()
    expect(guest.help.locator("html")).to_have_attribute("data-theme", theme)


def test_it_takes_the_pages_accent(visit: Visit, company: HostSite) -> None:
    guest = visit(company, options='data-accent="#b3005e"')
    expect(guest.launcher).to_have_css("background-color", "rgb(179, 0, 94)")
    guest.launcher.click()
    expect(guest.help.locator("html")).to_have_css("--accent", "#b3005e")


def test_it_listens_to_nobody_but_its_own_frame(visit: Visit, company: HostSite) -> None:
    guest = visit(company)
    guest.open()
    guest.page.evaluate("postMessage({ signpost: 1, kind: 'close' }, '*')")
    for message in (
        "'close'",
        "null",
        "{ signpost: 1 }",
        "{ signpost: 1, kind: 'resize', height: 'x' }",
        "{ kind: 'close' }",
    ):
        guest.frame.evaluate(f"parent.postMessage({message}, '*')")
    guest.frame.evaluate("postMessage({ signpost: 1, kind: 'open', article: 'pay-1' }, '*')")
    guest.help.get_by_label("Search the articles").fill("invoice")
    expect(guest.help.locator("#results .hit")).to_have_count(2)
    expect(guest.dialog).to_be_visible()
    expect(guest.help.locator("h1")).to_have_text("How can we help?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_page_nor_in_the_frame(visit: Visit, company: HostSite, scheme: str) -> None:
    guest = visit(company, options=f'data-theme="{scheme}"', color_scheme=scheme, reduced_motion="reduce",
                  head=f"<style>{READABLE}</style>")  # fmt: skip
    assert faults(guest.page) == []
    guest.open()
    assert [one for one in faults(guest.page) if "frame-tested" not in one] == []
    assert _faults_in(guest) == []
    guest.help.get_by_label("Search the articles").fill("invoice")
    expect(guest.help.locator("#results .hit")).to_have_count(2)
    assert _faults_in(guest) == []
    guest.help.get_by_role("link", name="Find an invoice").click()
    expect(guest.help.locator("h1")).to_have_text("Find an invoice")
    assert _faults_in(guest) == []
    guest.help.get_by_role("link", name="Write to us").click()
    expect(guest.help.locator("h1")).to_have_text("Write to us")
    assert _faults_in(guest) == []


def test_the_demo_shows_it_with_the_line_to_copy(browser: Browser, centre: Served) -> None:
    page = browser.new_page(base_url=centre.address, viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto("/widget/demo?path=/billing/")
    expect(page.locator("pre").first).to_contain_text(f'<script src="{centre.address}/widget.js"')
    page.locator("signpost-help .launcher").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Open help from a button").click()
    expect(page.frame_locator("signpost-help iframe").locator(".card-list a")).to_have_text(["Pay an invoice"])
    page.context.close()


def _faults_in(guest: Guest) -> list[str]:
    """axe's in the frame: its rules of whole pages hold there too, as it is one."""
    return faults(guest.frame)  # type: ignore[arg-type] # asks of it what a page and a frame both do
