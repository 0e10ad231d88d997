"""The desk's door in a browser: every page by keyboard and for everybody, wide and on the phone, light and dark."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from portal.db import Database, transaction
from portal.people import accounts, keys, second_factor, sessions
from portal.people.models import KeyKind, Role, User
from portal.people.passwords import Passwords
from portal.web.staff import COOKIE
from tests.browser.conftest import Come
from tests.browser.test_accessibility import PHONE, WIDE, _both_schemes
from tests.journeys.serving import Served
from tests.people.staff import CHEAP, PASSWORD

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@dataclass(frozen=True, slots=True)
class Staff:
    """Accounts of the server that is running."""

    served: Served
    database: Database

    def make(self, email: str, role: Role = Role.AGENT, name: str = "", *, has_password: bool = True) -> User:
        with self.database.session() as session, transaction(session):
            user = accounts.find(session, email)
            if user is None:
                user = accounts.add(session, email=email, name=name or email, role=role, at=clock.now())
                if has_password:
                    accounts.set_password(session, user.id, CHEAP.hash(PASSWORD))
            return user

    def key(self, user: User) -> str:
        with self.database.session() as session, transaction(session):
            return keys.make_key(session, kind=KeyKind.INVITATION, user_id=user.id, at=clock.now())

    def sign_in(self, page: Page, user: User, *, is_complete: bool = True) -> None:
        with self.database.session() as session, transaction(session):
            token = sessions.sign_in(
                session, user, device="Firefox · Linux", at=clock.now(), is_complete=is_complete
            ).token
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": self.served.address}])


@pytest.fixture
def staff(served: Served) -> Iterator[Staff]:
    database = Database(f"sqlite:///{served.data / 'portal.sqlite'}")
    yield Staff(served, database)
    database.close()


def _sign_in(page: Page, staff: Staff) -> None:
    page.goto("/desk/sign-in")


def _refused(page: Page, staff: Staff) -> None:
    page.goto("/desk/sign-in")
    page.get_by_label("E-mail address").fill("nobody@acme.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("No account fits")


def _forgotten(page: Page, staff: Staff) -> None:
    page.goto("/desk/forgotten")


def _key(page: Page, staff: Staff) -> None:
    page.goto(f"/desk/keys/{staff.key(staff.make('invited@acme.example', has_password=False))}")


def _key_gone(page: Page, staff: Staff) -> None:
    page.goto("/desk/keys/made-up")


def _account(page: Page, staff: Staff) -> None:
    staff.sign_in(page, staff.make("bo@acme.example"))
    page.goto("/desk/account?done=sessions")


def _wrong_account(page: Page, staff: Staff) -> None:
    staff.sign_in(page, staff.make("bo@acme.example"))
    page.goto("/desk/account")
    page.get_by_label("Present password").fill("wrong password")
    page.get_by_label("New password").fill("a new and better one")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert")).to_contain_text("not your present password")


def _new_second_step(page: Page, staff: Staff) -> None:
    staff.sign_in(page, staff.make("bo@acme.example"))
    page.goto("/desk/second-factor")


def _second_step(page: Page, staff: Staff) -> None:
    user = staff.make("step@acme.example")
    with staff.database.session() as session, transaction(session):
        second_factor.enrol(session, user.id, SECRET, 1)
    staff.sign_in(page, user, is_complete=False)
    page.goto("/desk/second-factor")


def _people(page: Page, staff: Staff) -> None:
    staff.make("invited@acme.example", has_password=False)
    shut = staff.make("shut@acme.example", Role.LEAD, "A name that goes on for quite a while, as some names do")
    with staff.database.session() as session, transaction(session):
        accounts.disable(session, shut.id, at=clock.now())
    staff.sign_in(page, staff.make("ada@acme.example", Role.ADMIN, "Ada Lovelace"))
    page.goto("/desk/people")
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")


def _link(page: Page, staff: Staff) -> None:
    staff.make("invited@acme.example", has_password=False)
    staff.sign_in(page, staff.make("ada@acme.example", Role.ADMIN, "Ada Lovelace"))
    page.goto("/desk/people")
    person = page.get_by_role("listitem").filter(has_text="invited@acme.example")
    person.get_by_text("Change").click()
    person.get_by_role("button", name="Invite again").click()
    expect(page.get_by_role("status").first).to_contain_text("shown only now")


def _forbidden(page: Page, staff: Staff) -> None:
    staff.sign_in(page, staff.make("bo@acme.example"))
    page.goto("/desk/people")


STATES: dict[str, Callable[[Page, Staff], None]] = {
    "sign-in": _sign_in,
    "refused": _refused,
    "forgotten": _forgotten,
    "key": _key,
    "key gone": _key_gone,
    "account": _account,
    "account, wrong": _wrong_account,
    "second step, new": _new_second_step,
    "second step": _second_step,
    "people": _people,
    "people, a link": _link,
    "forbidden": _forbidden,
}
COMPLAINTS = {"refused": "422", "account, wrong": "422", "forbidden": "403"}


@pytest.mark.parametrize("state", STATES)
def test_every_page_of_the_door_is_for_everybody(arrive: Come, staff: Staff, state: str) -> None:
    visitor = arrive(reduced_motion="reduce", viewport=WIDE)
    STATES[state](visitor.page, staff)
    for viewport in (WIDE, PHONE):
        visitor.page.set_viewport_size(viewport)
        assert _both_schemes(visitor.page) == [], viewport
        wider = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, viewport
    if state in COMPLAINTS:
        visitor.forgive(COMPLAINTS[state])


def test_the_door_opens_by_keyboard_alone(arrive: Come, staff: Staff) -> None:
    staff.make("keys@acme.example", Role.ADMIN, "Kay")
    page = arrive(viewport=WIDE).page
    page.goto("/desk/account")
    expect(page).to_have_url(re.compile(r"/desk/sign-in\?next=%2Fdesk%2Faccount$"))
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("keys@acme.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/account$"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your name")).to_be_focused()
    expect(page.locator("[aria-current=page]")).to_have_text("Account")


def test_the_door_works_without_scripts_on_a_narrow_phone(arrive: Come, staff: Staff) -> None:
    staff.make("plain@acme.example", Role.ADMIN, "Plain")
    page = arrive(java_script_enabled=False, viewport={"width": 320, "height": 640}).page
    page.goto("/desk/people")
    page.get_by_label("E-mail address").fill("plain@acme.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="People", level=1)).to_be_visible()
    rail = page.get_by_role("navigation", name="Desk")
    expect(rail.get_by_role("link", name="People")).to_be_in_viewport()
    rail.get_by_role("link", name="Account").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_real_password_is_taken_by_the_real_hasher(arrive: Come, staff: Staff) -> None:
    user = staff.make("real@acme.example")
    with staff.database.session() as session, transaction(session):
        accounts.set_password(session, user.id, Passwords().hash(PASSWORD))
    page = arrive(viewport=WIDE).page
    page.goto("/desk/sign-in?next=/desk/account")
    page.get_by_label("E-mail address").fill("real@acme.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
