"""Jobs of a running portal: done when they are due, left to whoever is at them, and calm while the database is away."""

from dataclasses import replace
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


@pytest.fixture
def node(portal: Portal, tmp_path: Path) -> Portal:
    """A portal with a data folder of its own, for jobs leave marks there."""
    return replace(portal, settings=replace(portal.settings, data=tmp_path))


def _all(portal: Portal) -> dict[str, Job]:
    with portal.database.session() as session:
        return {job.name: job for job in jobs.every(session)}


def test_all_jobs_are_done_and_say_so_and_are_not_due_at_once_again(node: Portal) -> None:
    run_due(node)
    first = _all(node)
    assert {name for name, job in first.items() if job.ended_at and job.result} == NAMES
    run_due(node)
    assert {name: job.ended_at for name, job in _all(node).items()} == {n: job.ended_at for n, job in first.items()}


def test_a_job_that_another_node_is_at_is_left_to_it(node: Portal) -> None:
    at = clock.now() - timedelta(seconds=1)
    with node.database.session() as session, transaction(session):
        assert jobs.take(session, "find-gaps", holder="another node", at=at, seconds=60)
    run_due(node)
    held = _all(node)["find-gaps"]
    assert (held.holder, held.ended_at) == ("another node", None)


def test_while_the_database_is_away_that_is_all_that_is_said(node: Portal, tmp_path: Path) -> None:
    file = tmp_path / "portal.sqlite"
    file.rename(tmp_path / "aside")
    with pytest.raises(Unavailable):
        run_due(node)
