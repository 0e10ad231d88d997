"""Gaps at the desk in a real browser: by keyboard alone, without scripts, on the phone, for everybody."""

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from portal.db import Database, transaction
from portal.events import log
from portal.events.kinds import Searched
from portal.feedback import votes
from portal.gaps.models import State
from portal.people import accounts, sessions
from portal.people.models import Role
from portal.web.staff import COOKIE
from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.browser.pages import MANUAL_ID
from tests.browser.test_layout import CUT, TWICE, WIDER
from tests.browser.visitor import Visitor
from tests.journeys.serving import Served
from tests.web.desk_gaps import a_gap, a_need, many_gaps

WRITER, AGENT = "cleo@acme.example", "bo@acme.example"
PAGES = (
    "/desk/gaps", "/desk/gaps?sort=age&state=all", "/desk/gaps?cause=out_of_date&lang=de", "/desk/gaps/1",
    "/desk/gaps/5", "/desk/gaps/16", "/desk/unresolved", "/desk/opinions",
)  # fmt: skip


@pytest.fixture(scope="module")
def keys(served: Served) -> dict[str, str]:
    """A token by account; the database has gaps, searches and opinions."""
    database = Database(f"sqlite:///{served.data / 'portal.sqlite'}")
    at = clock.now()
    with database.session() as session, transaction(session):
        users = [
            accounts.find(session, email) or accounts.add(session, email=email, name=name, role=role, at=at)
            for email, name, role in ((WRITER, "Cleo", Role.WRITER), (AGENT, "Bo", Role.AGENT))
        ]
        many_gaps(session, [users[0].id], [MANUAL_ID, "colours"])
        asked = [
            Searched(uid=f"{one:032x}", at=at, visitor=f"{one:032x}", lang="en", query="gift wrapping")
            for one in range(3)
        ]
        log.append(session, asked)
        for voter in range(3):
            key = {"article": MANUAL_ID, "revision": "abcd", "voter": f"{voter:064x}"}
            votes.cast(session, **key, lang="en", is_helpful=False, at=at)
            votes.explain(session, **key, reason="unclear", comment="Which menu?", at=at)
        tokens = {one.email: sessions.sign_in(session, one, at=at, is_complete=True).token for one in users}
    database.close()
    return tokens


@pytest.fixture
def cleo(arrive: Come, keys: dict[str, str]) -> Visitor:
    return _enter(arrive(viewport={"width": 1280, "height": 800}, reduced_motion="reduce"), keys[WRITER])


@pytest.fixture
def number(served: Served) -> int:
    """A gap of the test's own, the largest of all, so that it stands first."""
    database = Database(f"sqlite:///{served.data / 'portal.sqlite'}")
    with database.session() as session, transaction(session):
        asked = [(f"something new {clock.now().timestamp()}", 3, "no_results"), ("and its like", 0, "gave_up")]
        gap = a_gap(session, "A new need", asked=asked[:1], trend=[0] * 8 + [99] * 4)
        gap.people_a_week = 10_000 + gap.id
        session.add(a_need("and its like", gap=gap.id))
    database.close()
    return gap.id


def test_a_gap_is_judged_by_keyboard_alone(cleo: Visitor, number: int) -> None:
    page = cleo.page
    page.goto("/desk/gaps")
    page.keyboard.press("j")
    expect(page.locator(f"#gap-{number}")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#gap-{number}")).not_to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("a")
    expect(page.get_by_text(f"Gap {number} is accepted.")).to_be_visible()
    expect(page.locator(f"#gap-{number}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("A new need")
    page.keyboard.press("r")
    expect(page.get_by_label("Title")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Another jadom name")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Another jadom name")
    page.keyboard.press("o")
    page.get_by_label("Owner").select_option("Cleo")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Owner: Cleo")).to_be_visible()
    page.keyboard.press("d")
    page.keyboard.type("We sell none")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dismissed, because: We sell none")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("It is open again.")).to_be_visible()


def test_d_in_the_list_leads_to_the_reason(cleo: Visitor, number: int) -> None:
    page = cleo.page
    page.goto("/desk/gaps")
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page).to_have_url(f"/desk/gaps/{number}#because")
    expect(page.get_by_label("Why is nothing to be done?")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Why is nothing to be done?")).to_be_hidden()


def test_keys_are_shown_and_can_be_switched_off(cleo: Visitor) -> None:
    page = cleo.page
    page.goto("/desk/gaps")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".gaps-link").first).not_to_be_focused()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").check()


def test_whoever_comes_second_keeps_their_words(arrive: Come, keys: dict[str, str], number: int) -> None:
    late = _enter(arrive(reduced_motion="reduce"), keys[WRITER])
    first, second = _enter(arrive(reduced_motion="reduce"), keys[WRITER]).page, late.page
    for page in (first, second):
        page.goto(f"/desk/gaps/{number}")
    first.keyboard.press("a")
    expect(first.get_by_text("Accepted. It is work to be done now.")).to_be_visible()
    second.keyboard.press("d")
    second.keyboard.type("Too small")
    second.get_by_role("group").get_by_role("button", name="Dismiss").last.click()
    expect(second.get_by_role("alert")).to_contain_text("Cleo accepted this")
    expect(second.get_by_label("Why is nothing to be done?")).to_have_value("Too small")
    second.set_viewport_size({"width": 390, "height": 844})
    assert _both_schemes(second) == []
    second.get_by_role("group").get_by_role("button", name="Dismiss").last.click()
    expect(second.get_by_text("Dismissed, because: Too small")).to_be_visible()
    late.forgive("409")


def test_all_of_it_works_without_scripts(arrive: Come, keys: dict[str, str], number: int) -> None:
    visitor = _enter(arrive(java_script_enabled=False, viewport={"width": 390, "height": 844}), keys[WRITER])
    page = visitor.page
    page.goto("/desk/gaps")
    page.get_by_text("A new need").first.click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted. It is work to be done now.")).to_be_visible()
    page.locator("summary", has_text="Dismiss").click()
    page.get_by_label("Why is nothing to be done?").fill("Not now")
    page.locator(".verb[open] button").click()
    expect(page.get_by_text("Dismissed, because: Not now")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is open again.")).to_be_visible()
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()


def test_an_agent_reads_and_no_key_changes_anything(arrive: Come, keys: dict[str, str], number: int) -> None:
    page = _enter(arrive(), keys[AGENT]).page
    page.goto("/desk/gaps")
    for key in "jadm":
        page.keyboard.press(key)
    expect(page).to_have_url("/desk/gaps")
    expect(page.locator(f"tr:has(#gap-{number}) .gap-state")).to_have_text("Suggested")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_for_everybody(arrive: Come, keys: dict[str, str], path: str) -> None:
    page = _enter(arrive(reduced_motion="reduce"), keys[WRITER]).page
    page.goto(path)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        for details in page.locator("main details:not(.verb)").all():
            details.evaluate("one => { one.open = true; }")
        assert _both_schemes(page) == [], width


def test_nothing_scrolls_sideways_not_even_in_large_type(arrive: Come, keys: dict[str, str]) -> None:
    visitor = _enter(arrive(reduced_motion="reduce"), keys[WRITER])
    page, found = visitor.page, {}
    for scale in ({}, TWICE):
        if scale:
            visitor.context.new_cdp_session(page).send("Page.setFontSizes", scale)
        for path in PAGES:
            page.goto(path)
            page.locator("details").evaluate_all("all => all.forEach(one => { one.open = !one.name; })")
            for width in (320, 390, 768, 1024, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                found[path, width, bool(scale)] = page.evaluate(WIDER, width) + page.evaluate(CUT)
    assert {where: what for where, what in found.items() if what} == {}


def test_states_are_told_by_words_and_not_by_colour_alone(cleo: Visitor) -> None:
    cleo.page.goto("/desk/gaps?state=all")
    said = {one.strip() for one in cleo.page.locator(".gap-state").all_inner_texts()}
    assert said >= {"Suggested", "Accepted", "Closed", "Dismissed"}
    assert State.WATCHING.value.title() in said


def _enter(visitor: Visitor, token: str) -> Visitor:
    """Sign a visitor in, without going through the door."""
    visitor.context.add_cookies([{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}])
    return visitor


def _both_schemes(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    in_light = faults(page)
    page.emulate_media(color_scheme="dark")
    return in_light + [f"dark: {fault}" for fault in faults_of_colour(page)]
