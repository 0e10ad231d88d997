"""Jobs of a running portal: done when they are due, left to whoever is at them, and calm while the database is away."""

from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock
from portal.bootstrap import Portal
from portal.cli.jobs import JOBS, run_due
from portal.db import transaction
from portal.errors import Unavailable
from portal.schedule import jobs
from portal.schedule.models import Job

NAMES = {job.name for job in JOBS}


def _all(portal: Portal) -> dict[str, Job]:
    with portal.database.session() as session:
        return {job.name: job for job in jobs.every(session)}


def test_all_jobs_are_done_and_say_so_and_are_not_due_at_once_again(portal: Portal) -> None:
    run_due(portal)
    first = _all(portal)
    assert {name for name, job in first.items() if job.ended_at and job.result} == NAMES
    run_due(portal)
    assert {name: job.ended_at for name, job in _all(portal).items()} == {n: job.ended_at for n, job in first.items()}


def test_a_job_that_another_node_is_at_is_left_to_it(portal: Portal) -> None:
    at = clock.now() - timedelta(seconds=1)
    with portal.database.session() as session, transaction(session):
        assert jobs.take(session, "find-gaps", holder="another node", at=at, seconds=60)
    run_due(portal)
    held = _all(portal)["find-gaps"]
    assert (held.holder, held.ended_at) == ("another node", None)


def test_while_the_database_is_away_that_is_all_that_is_said(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "portal.sqlite"
    file.rename(tmp_path / "aside")
    with pytest.raises(Unavailable):
        run_due(portal)
