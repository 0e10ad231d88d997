from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.outbox import outbox
from portal.db import Database, transaction
from portal.errors import NotFound
from portal.outbox import store
from portal.outbox.models import Delivery, DeliveryState
from portal.outbox.news import letter
from portal.outbox.receiver import operators
from tests.outbox.test_store import HOOK, news

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def kept(sqlite_database: Database) -> Database:
    with sqlite_database.session() as session, transaction(session):
        store.announce(session, news(), receivers=[operators(HOOK)], trackers=())
        store.add(session, letter(uid="mail-1", to="ada@example.com", subject="S", text="T", at=AT))
        dead = session.get_one(Delivery, "mail-1")
        dead.state, dead.problem, dead.attempts = DeliveryState.DEAD, "The mail\tserver was away.", 10
    return sqlite_database


def _run(tmp_path: Path, *argv: str) -> Result:
    return CliRunner().invoke(outbox, argv, env={"PORTAL_DATA": str(tmp_path)})


def test_what_waits_and_what_was_given_up_is_listed_without_anybody_s_address(kept: Database, tmp_path: Path) -> None:
    told = _run(tmp_path, "list")
    assert told.exit_code == 0, told.output
    assert "dead\tmail-1\tmail\t…@example.com\t10\tThe mail server was away." in told.output
    assert "gap.accepted\tPORTAL_WEBHOOK_URL\t0" in told.output
    assert "1 waiting, 1 given up, 0 sent." in told.output
    assert "ada" not in told.output


def test_dead_letters_are_tried_anew(kept: Database, tmp_path: Path) -> None:
    assert _run(tmp_path, "retry", "mail-1").output == "1 to be tried again.\n"
    assert isinstance(_run(tmp_path, "retry", "mail-1").exception, NotFound)
    assert _run(tmp_path, "retry").output == "0 to be tried again.\n"
    with kept.session() as session:
        assert store.counts(session)["waiting"] == 2
