"""Jobs: what a running portal does at set times. One node at a time, by a lease in the database."""

import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal import fetching, forgetting, pipeline, telling, trying
from portal.bootstrap import Portal
from portal.clock import now
from portal.db import transaction, unavailable_when_away
from portal.errors import PortalError
from portal.schedule import jobs

MINUTE, DAY = 60.0, 86_400.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work, how often it is done, and how long a node may be at it before another one takes over."""

    name: str
    every_seconds: float
    lease_seconds: float
    work: Callable[[Portal, datetime], str]
    """Returns its line of counts."""


JOBS = (
    Job("find-gaps", 10 * MINUTE, 30 * MINUTE, lambda portal, at: pipeline.find_gaps(portal, at=at).line()),
    Job("verify-gaps", 10 * MINUTE, 10 * MINUTE, lambda portal, at: pipeline.verify_gaps(portal, at=at).line()),
    Job("deliver", MINUTE, 10 * MINUTE, lambda portal, at: telling.deliver(portal, at=at).line()),
    Job("push-drafts", 5 * MINUTE, 10 * MINUTE, lambda portal, _: trying.push_drafts(portal)),
    Job("fetch-mail", MINUTE, 10 * MINUTE, lambda portal, at: _fetched(portal, at=at)),
    Job("digest", 60 * MINUTE, 10 * MINUTE, lambda portal, at: telling.send_digest(portal, at=at)),
    Job("expire", DAY, 60 * MINUTE, lambda portal, at: forgetting.expire(portal, at=at).line()),
)


def _fetched(portal: Portal, *, at: datetime) -> str:
    return fetching.fetch(portal, at=at).line() if portal.settings.imap_url else "No mailbox is set."


def run_due(portal: Portal) -> None:
    """Do what is due and no other node is at. What goes wrong is said, kept, and tried again after a while."""
    holder = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
    for job in JOBS:
        if _take(portal, job, holder):
            _run(portal, job, holder)


def _take(portal: Portal, job: Job, holder: str) -> bool:
    with unavailable_when_away(), portal.database.session() as session:
        if not jobs.is_due(jobs.last(session, job.name), job.every_seconds, now()):
            return False
    with portal.database.session() as session, transaction(session):
        return jobs.take(
            session, job.name, holder=holder, at=now(), seconds=job.lease_seconds, every_seconds=job.every_seconds
        )


def _run(portal: Portal, job: Job, holder: str) -> None:
    try:
        said = job.work(portal, now())
    except (PortalError, OSError) as error:
        _log.warning("%s: %s", job.name, error)
        with portal.database.session() as session, transaction(session):
            jobs.failed(session, job.name, holder=holder, at=now(), problem=str(error))
        return
    with portal.database.session() as session, transaction(session):
        jobs.done(session, job.name, holder=holder, at=now(), result=said)
