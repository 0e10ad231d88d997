import multiprocessing
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from portal.db import Database
from portal.schedule import jobs
from portal.schedule.models import RESULT_LIMIT, Job
from tests.schedule.runner import take_turns

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAME = "find-gaps"
HOUR = 3600


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def take(session: Session, holder: str = "one", at: float = 0, seconds: float = 60, every_seconds: float = 0) -> bool:
    return jobs.take(session, NAME, holder=holder, at=later(at), seconds=seconds, every_seconds=every_seconds)


def known(session: Session) -> Job:
    job = jobs.last(session, NAME)
    assert job
    return job


def test_one_node_has_a_job_at_a_time(session: Session) -> None:
    assert take(session, "one")
    assert not take(session, "two", at=59)
    assert not take(session, "one", at=59)


def test_a_job_is_free_again_when_its_lease_has_run_out(session: Session) -> None:
    assert take(session, "one")
    assert take(session, "two", at=60)
    assert not jobs.renew(session, NAME, holder="one", at=later(61), seconds=60)
    assert not jobs.done(session, NAME, holder="one", at=later(61), result="too late")
    assert (known(session).holder, known(session).ended_at, known(session).result) == ("two", None, "")


def test_a_lease_that_is_renewed_goes_on(session: Session) -> None:
    take(session, "one")
    assert jobs.renew(session, NAME, holder="one", at=later(50), seconds=60)
    assert not take(session, "two", at=109)
    assert take(session, "two", at=110)


def test_a_lease_that_ran_out_cannot_be_renewed(session: Session) -> None:
    take(session, "one")
    assert not jobs.renew(session, NAME, holder="one", at=later(60), seconds=60)


def test_it_is_told_when_a_job_last_ended_and_with_what(session: Session) -> None:
    take(session)
    assert jobs.done(session, NAME, holder="one", at=later(5), result="3 gaps")
    job = known(session)
    assert (job.holder, job.held_until, job.began_at, job.ended_at) == (None, None, NOON, later(5))
    assert (job.result, job.failures, job.retry_at) == ("3 gaps", 0, None)
    assert [one.name for one in jobs.every(session)] == [NAME]


def test_a_job_that_never_ran_is_not_known_and_is_due(session: Session) -> None:
    assert jobs.last(session, NAME) is None
    assert jobs.is_due(None, HOUR, NOON)


def test_a_job_is_due_an_hour_after_it_ended(session: Session) -> None:
    take(session)
    assert not jobs.is_due(known(session), HOUR, later(1))
    jobs.done(session, NAME, holder="one", at=later(5), result="")
    assert not jobs.is_due(known(session), HOUR, later(HOUR + 4))
    assert jobs.is_due(known(session), HOUR, later(HOUR + 5))


def test_a_job_whose_holder_died_is_due_when_the_lease_has_run_out(session: Session) -> None:
    take(session)
    assert not jobs.is_due(known(session), HOUR, later(59))
    assert jobs.is_due(known(session), HOUR, later(60))


def test_who_comes_just_after_another_ended_does_not_do_it_again(session: Session) -> None:
    take(session, "one", every_seconds=HOUR)
    jobs.done(session, NAME, holder="one", at=later(5), result="")
    assert not take(session, "two", at=6, every_seconds=HOUR)
    assert take(session, "two", at=HOUR + 5, every_seconds=HOUR)


def test_a_job_that_failed_waits_twice_as_long_each_time_up_to_six_hours(session: Session) -> None:
    waits, at = [], 0.0
    for _ in range(12):
        assert take(session, at=at)
        assert jobs.failed(session, NAME, holder="one", at=later(at), problem="the database was away")
        job = known(session)
        assert job.retry_at
        waits.append((job.retry_at - later(at)).total_seconds() / 60)
        assert not take(session, at=at + waits[-1] * 60 - 1)
        assert not jobs.is_due(job, 0, later(at + waits[-1] * 60 - 1))
        at += waits[-1] * 60
        assert jobs.is_due(job, 0, later(at))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert (known(session).failures, known(session).result) == (12, "the database was away")


def test_success_forgets_failures(session: Session) -> None:
    take(session)
    jobs.failed(session, NAME, holder="one", at=NOON, problem="away")
    take(session, at=60)
    jobs.done(session, NAME, holder="one", at=later(61), result="fine")
    assert (known(session).failures, known(session).retry_at) == (0, None)


def test_a_long_result_is_cut(session: Session) -> None:
    take(session)
    jobs.done(session, NAME, holder="one", at=later(1), result="word " * 500)
    assert 0 < len(known(session).result) <= RESULT_LIMIT


def test_jobs_do_not_hinder_each_other(session: Session) -> None:
    assert take(session, "one")
    assert jobs.take(session, "verify-gaps", holder="two", at=NOON, seconds=60)


def test_two_processes_never_both_have_a_job(database: Database) -> None:
    """Each turn is one lease: in all turns together, each was had exactly once."""
    turns = 40
    context = multiprocessing.get_context("forkserver")
    url = database.engine.url.render_as_string(hide_password=False)
    nodes = []
    for holder in ("one", "two"):
        mine, theirs = context.Pipe()
        child = context.Process(target=take_turns, args=(url, holder, turns, theirs))
        child.start()
        nodes.append((child, mine))
    for _, pipe in nodes:
        assert pipe.recv() == "ready"
    for _, pipe in nodes:
        pipe.send("go")
    had = [pipe.recv() for _, pipe in nodes]
    for child, _ in nodes:
        child.join()
    assert sorted(had[0] + had[1]) == sorted(set(had[0] + had[1]))
    assert set(had[0] + had[1]) == set(range(turns))
