"""`portal privacy` and `portal expire`, as somebody runs them."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal import clock
from portal.cli.main import verbs
from portal.db import Database, transaction
from portal.errors import Invalid, Unavailable
from portal.events import log
from portal.feedback.models import Request
from portal.people import accounts
from portal.settings import Settings
from portal.web.visitors import VisitKeys
from tests.events.builders import BO, a_search
from tests.people.staff import a_user


@pytest.fixture
def settings(sqlite_database: Database, tmp_path: Path) -> Settings:
    """Settings of a portal whose database is the test's."""
    return Settings(data=tmp_path)


def _run(settings: Settings, *argv: str) -> Result:
    environment = dict.fromkeys(name for name in os.environ if name.startswith("PORTAL_"))
    environment |= {"PORTAL_DATA": str(settings.data), "PORTAL_ENCODER": "none"}
    return CliRunner().invoke(verbs, argv, env=environment)


def _cookie(settings: Settings, database: Database) -> str:
    """Return the cookie of somebody who searched once."""
    keys = VisitKeys(settings.secret())
    cookie = keys.make(clock.now().date())
    with database.session() as session, transaction(session):
        log.append(session, [a_search("my search", visitor=keys.name(cookie)), a_search(visitor=BO)])
    return cookie


def test_somebody_is_shown_and_erased_by_the_cookie_of_their_browser(
    settings: Settings, sqlite_database: Database
) -> None:
    cookie = _cookie(settings, sqlite_database)
    shown = _run(settings, "privacy", "export", cookie)
    assert shown.exit_code == 0, shown.output
    kept = json.loads(shown.stdout)
    assert [event["query"] for event in kept["events"]] == ["my search"]
    assert "voter" in kept["note"]
    erased = _run(settings, "privacy", "erase", kept["visitor"])
    assert erased.stdout == "Erased 1 events, 0 requests, 0 addresses, 0 needs\n"
    with sqlite_database.session() as session:
        assert log.count(session) == 1


def test_all_of_an_e_mail_address_is_shown_and_erased(settings: Settings, sqlite_database: Database) -> None:
    with sqlite_database.session() as session, transaction(session):
        session.add(
            Request(uid="r" * 32, at=clock.now(), lang="en", text="a cheaper plan", visitor="v", address="a@b.example")
        )
    shown = _run(settings, "privacy", "export", "--address", "A@b.example")
    assert [one["text"] for one in json.loads(shown.stdout)["requests"]] == ["a cheaper plan"]
    erased = _run(settings, "privacy", "erase", "--address", "a@b.example")
    assert erased.stdout == "Erased 0 conversations, 1 requests, 0 messages of the outbox, 0 notes of mails\n"
    assert json.loads(_run(settings, "privacy", "export", "--address", "a@b.example").stdout)["requests"] == []


def test_what_is_kept_of_staff_has_their_account_without_what_opens_it(
    settings: Settings, sqlite_database: Database
) -> None:
    with sqlite_database.session() as session, transaction(session):
        bo = a_user(session)
        accounts.set_language(session, bo.id, "de")
    for asked in ([f"user-{bo.id}"], ["--address", "BO@acme.example"]):
        kept = json.loads(_run(settings, "privacy", "export", *asked).stdout)
        account = {name: kept["account"][name] for name in ("email", "name", "role", "lang")}
        assert account == {"email": "bo@acme.example", "name": "Bo", "role": "agent", "lang": "de"}
        assert "argon2" not in str(kept)
    assert "account" not in json.loads(_run(settings, "privacy", "export", "--address", "ada@example.com").stdout)


@pytest.mark.parametrize("argv", [[], ["user-7", "--address", "a@b.example"]])
def test_a_visitor_or_an_address_is_given_and_not_both(settings: Settings, argv: list[str]) -> None:
    for verb in ("export", "erase"):
        refused = _run(settings, "privacy", verb, *argv)
        assert refused.exit_code == 2
        assert "either" in refused.stderr


def test_what_is_no_address_is_refused_in_words(settings: Settings) -> None:
    assert isinstance(_run(settings, "privacy", "erase", "--address", "a@b").exception, Invalid)


def test_what_names_nobody_is_refused_in_words(settings: Settings) -> None:
    refused = _run(settings, "privacy", "erase", "ada@example.com")
    assert isinstance(refused.exception, Invalid)
    assert "32 hexadecimal digits" in str(refused.exception)


def test_what_is_old_goes_and_a_dry_run_deletes_nothing(settings: Settings, sqlite_database: Database) -> None:
    with sqlite_database.session() as session, transaction(session):
        log.append(session, [a_search(at=clock.now() - timedelta(days=181)), a_search(at=clock.now())])
    for argv, verb, left in ((["--dry-run"], "Would delete", 2), ([], "Deleted", 1)):
        done = _run(settings, "expire", *argv)
        assert done.exit_code == 0, done.output
        assert done.stdout.startswith(f"{verb} 1 events, 0 needs")
        with sqlite_database.session() as session:
            assert log.count(session) == left


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    done = _run(Settings(data=tmp_path / "nowhere"), "expire")
    assert isinstance(done.exception, Unavailable)
