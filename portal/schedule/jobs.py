"""Leases: who may do a piece of work now. One node at a time, whatever dies in between.

A node takes a job for some seconds, renews that while it works, and says how it ended. Each of these is one statement
that looks and writes at once, so two nodes never both have a job, on SQLite and on PostgreSQL. Nodes are handed the
moment: their clocks have to agree to well within the seconds of a lease. Edges commit before they begin to work.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.schedule.models import RESULT_LIMIT, Job
from portal.text import cut

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
"""The wait doubles with each failure in a row, from the first to at most the longest."""


def take(  # noqa: PLR0913 - the job, who, when, how long, how often
    session: Session, name: str, *, holder: str, at: datetime, seconds: float, every_seconds: float = 0
) -> bool:
    """Take a job for some seconds, if nobody has it; return whether that worked.

    holder: unique for each process that works. every_seconds: as in `is_due`; a node that found the job due just
    before another one ended it does not get it. No job is taken before its `retry_at`.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Job).values(name=name, result="", failures=0).on_conflict_do_nothing())
    is_free = or_(Job.held_until.is_(None), Job.held_until <= at)
    may_retry = or_(Job.retry_at.is_(None), Job.retry_at <= at)
    is_long_ago = or_(Job.ended_at.is_(None), Job.ended_at <= at - timedelta(seconds=every_seconds))
    is_due_now = and_(Job.name == name, is_free, may_retry, is_long_ago)
    return _change(session, is_due_now, holder=holder, began_at=at, held_until=at + timedelta(seconds=seconds))


def renew(session: Session, name: str, *, holder: str, at: datetime, seconds: float) -> bool:
    """Hold a job for some seconds from now on; return whether it was still this holder's. On no, stop."""
    return _change(session, _held(name, holder, at), held_until=at + timedelta(seconds=seconds))


def done(session: Session, name: str, *, holder: str, at: datetime, result: str) -> bool:
    """Give a job back, ended well; return whether it was still this holder's. If not, nothing is changed."""
    ended = {"ended_at": at, "result": cut(result, RESULT_LIMIT), "failures": 0, "retry_at": None}
    return _change(session, _held(name, holder, at), **ended, holder=None, held_until=None)


def failed(session: Session, name: str, *, holder: str, at: datetime, problem: str) -> bool:
    """Give a job back that went wrong; it is due again after a while. Return whether it was still this holder's.

    problem: a line that says what went wrong.
    """
    job = last(session, name)
    failures = job.failures if job else 0
    wait = min(FIRST_RETRY * 2 ** min(failures, 20), LONGEST_RETRY)
    went = {"result": cut(problem, RESULT_LIMIT), "failures": failures + 1, "retry_at": at + wait}
    return _change(session, _held(name, holder, at), **went, holder=None, held_until=None)


def last(session: Session, name: str) -> Job | None:
    """Return a job as it stands; None where it was never taken."""
    return session.get(Job, name, populate_existing=True)


def every(session: Session) -> list[Job]:
    """Return all jobs that were ever taken, by name."""
    return list(session.scalars(select(Job).order_by(Job.name), execution_options={"populate_existing": True}))


def is_due(job: Job | None, every_seconds: float, at: datetime) -> bool:
    """Whether a job is to be done: not held by anybody, not waiting after a failure, and long enough since it ended.

    It is counted from when it last ended well; a job whose holder died is due as soon as the lease has run out.
    """
    if job is None:
        return True
    if (job.held_until and job.held_until > at) or (job.retry_at and job.retry_at > at):
        return False
    return job.ended_at is None or job.ended_at + timedelta(seconds=every_seconds) <= at


def _held(name: str, holder: str, at: datetime) -> ColumnElement[bool]:
    return and_(Job.name == name, Job.holder == holder, Job.held_until > at)


def _change(session: Session, of: ColumnElement[bool], **values: object) -> bool:
    changed = session.execute(update(Job).where(of).values(**values), execution_options={"synchronize_session": False})
    return bool(cast("CursorResult[Any]", changed).rowcount)
