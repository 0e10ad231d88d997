"""`portal mail fetch`, as somebody runs it. What it takes, tests/test_mailbox.py says."""

import os
from pathlib import Path

from click.testing import CliRunner, Result

from portal.cli import jobs
from portal.cli.main import verbs
from portal.errors import Unavailable


def _run(folder: Path, **settings: str) -> Result:
    environment = dict.fromkeys(name for name in os.environ if name.startswith("PORTAL_"))
    environment |= {"PORTAL_DATA": str(folder), "PORTAL_ENCODER": "none", **settings}
    return CliRunner().invoke(verbs, ["mail", "fetch"], env=environment)


def test_without_a_mailbox_it_says_what_to_set(tmp_path: Path) -> None:
    done = _run(tmp_path)
    assert isinstance(done.exception, Unavailable)
    assert "PORTAL_IMAP_URL" in str(done.exception)


def test_a_mailbox_that_is_away_is_said_without_its_password(tmp_path: Path) -> None:
    done = _run(tmp_path, PORTAL_IMAP_URL="imap://help:hunter22@127.0.0.1:1/INBOX")
    assert isinstance(done.exception, Unavailable)
    assert "hunter22" not in str(done.exception) + done.output


def test_a_running_portal_looks_each_minute() -> None:
    [job] = [job for job in jobs.JOBS if job.name == "fetch-mail"]
    assert job.every_seconds == 60
