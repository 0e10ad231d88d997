"""`portal users`, and the link that a first start prints."""

import re
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from portal import clock
from portal.bootstrap import Portal, bootstrap
from portal.cli import users as module
from portal.cli.links import set_up_link
from portal.cli.main import verbs
from portal.db import transaction
from portal.errors import Conflict, Invalid, NotFound, PortalError, SettingsError
from portal.people import accounts, keys, sessions
from portal.people.models import KeyKind, Role, User
from portal.people.passwords import Passwords
from portal.settings import Settings
from tests.journeys.serving import free_port, serve, until
from tests.people.staff import PASSWORD, a_user
from tests.web.test_set_up import Postbox

LINK = re.compile(r"http://127\.0\.0\.1:8000/desk/keys/([\w-]{43})\n")


@pytest.fixture
def here(migrated_file: Path, tmp_path: Path) -> Portal:
    """A portal whose database is at the schema already."""
    (tmp_path / "portal.sqlite").write_bytes(migrated_file.read_bytes())
    return bootstrap(Settings(data=tmp_path))


def portal_users(here: Portal, *argv: str, typed: str = "", **environment: str) -> Result:
    told = {"PORTAL_DATA": str(here.settings.data), "PORTAL_ENCODER": "none"} | environment
    result = CliRunner().invoke(verbs, ["users", *argv], env=told, input=typed)
    here.database.close()
    return result


def bo(here: Portal) -> User:
    with here.database.session() as session:
        return accounts.named(session, "bo@acme.example")


def make(here: Portal, role: Role = Role.AGENT) -> User:
    with here.database.session() as session, transaction(session):
        return a_user(session, role=role)


def test_add_makes_an_account_and_prints_the_link_that_opens_it(here: Portal) -> None:
    done = portal_users(here, "add", "Bo@acme.example", "--name", "Bo D", "--role", "lead")
    assert done.exit_code == 0, done.output
    found = LINK.fullmatch(done.stdout)
    assert found
    assert (bo(here).name, bo(here).role, bo(here).is_awaited) == ("Bo D", Role.LEAD, True)
    with here.database.session() as session:
        kind, owner = keys.look_at(session, found[1], clock.now())
    assert (kind, owner and owner.email) == (KeyKind.INVITATION, "bo@acme.example")


def test_a_name_that_is_not_given_is_of_the_address(here: Portal) -> None:
    portal_users(here, "add", "bo@acme.example")
    assert (bo(here).name, bo(here).role) == ("bo", Role.AGENT)


@pytest.mark.parametrize(("email", "error"), [("nonsense", Invalid), ("bo@acme.example", Conflict)])
def test_an_account_that_can_not_be_made_is_said(here: Portal, email: str, error: type[PortalError]) -> None:
    make(here)
    assert isinstance(portal_users(here, "add", email).exception, error)


def test_list_prints_everybody_in_a_line_each(here: Portal) -> None:
    make(here)
    portal_users(here, "add", "cleo@acme.example", "--role", "writer", "--lang", "de")
    done = portal_users(here, "list")
    assert done.stdout == "bo@acme.example\tagent\tactive\tBo\t-\ncleo@acme.example\twriter\tinvited\tcleo\tde\n"
    assert "2 accounts." in done.stderr


def test_a_language_that_the_desk_does_not_speak_is_said_and_no_account_is_made(here: Portal) -> None:
    error = portal_users(here, "add", "bo@acme.example", "--lang", "klingon").exception
    assert isinstance(error, Invalid)
    assert "Write one of de, en" in str(error)
    assert portal_users(here, "list").stdout == ""


def test_disable_ends_sessions_and_enable_opens_again(here: Portal) -> None:
    user = make(here)
    with here.database.session() as session, transaction(session):
        token = sessions.sign_in(session, user, at=clock.now()).token
    assert "is shut" in portal_users(here, "disable", "BO@acme.example").stderr
    with here.database.session() as session:
        assert sessions.who(session, token, clock.now()) is None
    assert bo(here).is_disabled
    portal_users(here, "enable", "bo@acme.example")
    assert not bo(here).is_disabled


def test_the_last_admin_is_not_disabled(here: Portal) -> None:
    make(here, Role.ADMIN)
    assert isinstance(portal_users(here, "disable", "bo@acme.example").exception, Conflict)
    assert not bo(here).is_disabled


@pytest.mark.parametrize("verb", ["disable", "enable", "password"])
def test_an_account_that_is_not_there_is_said(here: Portal, verb: str) -> None:
    error = portal_users(here, verb, "nobody@acme.example").exception
    assert isinstance(error, NotFound)
    assert "portal users list" in str(error)


def test_password_prints_a_link(here: Portal) -> None:
    make(here)
    found = LINK.fullmatch(portal_users(here, "password", "bo@acme.example").stdout)
    assert found
    with here.database.session() as session:
        assert keys.look_at(session, found[1], clock.now())[0] is KeyKind.RESET


def test_a_password_may_be_typed_and_is_not_shown(here: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(module, "Passwords", lambda: passwords)
    make(here)
    done = portal_users(
        here, "password", "bo@acme.example", "--ask", typed="a new and better one\na new and better one\n"
    )
    assert done.exit_code == 0, done.output
    assert "better" not in done.output
    assert passwords.is_right(bo(here).password_hash, "a new and better one")


def test_a_password_that_is_easily_guessed_is_refused(here: Portal) -> None:
    make(here)
    done = portal_users(here, "password", "bo@acme.example", "--ask", typed="short\nshort\n")
    assert isinstance(done.exception, Invalid)


def test_links_lead_to_where_people_reach_the_portal(here: Portal) -> None:
    done = portal_users(here, "add", "bo@acme.example", PORTAL_BASE_URL="https://help.acme.example")
    assert done.stdout.startswith("https://help.acme.example/desk/keys/")


def test_a_mail_server_that_takes_nothing_leaves_the_link_to_be_printed(here: Portal) -> None:
    done = portal_users(here, "add", "bo@acme.example", PORTAL_SMTP_URL="smtp://127.0.0.1:1")
    assert "was not taken" in done.stderr
    assert LINK.fullmatch(done.stdout)


@pytest.mark.parametrize(("lang", "subject"), [("de", "Ihr Konto für Help centre"), ("en", "Your account for Help")])
def test_an_invitation_is_mailed_in_the_language_of_the_account(here: Portal, lang: str, subject: str) -> None:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    server = f"smtp://127.0.0.1:{controller.port}"
    try:
        done = portal_users(here, "add", "bo@acme.example", "--lang", lang, PORTAL_SMTP_URL=server)
    finally:
        controller.stop()
    assert "Mailed a link to bo@acme.example." in done.stderr
    assert box.mails.get_nowait()["Subject"].startswith(subject)


def test_a_setting_that_can_not_be_used_stops_the_command(here: Portal) -> None:
    assert isinstance(portal_users(here, "list", PORTAL_WORKERS="many").exception, SettingsError)


def test_there_is_a_set_up_link_until_somebody_can_sign_in(here: Portal) -> None:
    first, second = set_up_link(here), set_up_link(here)
    assert first
    assert second
    assert first != second
    make(here)
    assert set_up_link(here) is None


def test_a_first_start_prints_a_link_that_makes_the_first_admin(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("---\ntitle: A\n---\nText.\n")
    with serve(content, tmp_path / "portal") as served:
        until(lambda: "/desk/keys/" in served.said(), 20, "the link")
        found = re.search(r"(/desk/keys/[\w-]{43})", served.said())
        assert found
        assert "Set up the first account" in served.get(found[1]).text
        answer = served.post(found[1], f"name=Ada&email=ada%40acme.example&password={PASSWORD.replace(' ', '+')}")
        assert (answer.status, answer.location, answer.cookie[:6]) == (303, "/desk", "staff=")
        assert served.get("/desk/people", Cookie=answer.cookie).status == 200
