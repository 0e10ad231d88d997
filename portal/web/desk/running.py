"""Running: what the portal does by itself, when it last did, and what went wrong. For leads and admins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response
from flask_babel import gettext, lazy_gettext

from portal import clock
from portal.bootstrap import Portal
from portal.db import unavailable_when_away
from portal.people.models import Role
from portal.schedule import jobs
from portal.schedule.models import Job
from portal.web.context import the
from portal.web.desk.attention import given_up
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.room_words import reworded
from portal.web.staff import staff

PLACE = "/desk/running"
JOBS = {
    "find-gaps": (
        lazy_gettext("Find gaps"),
        lazy_gettext("Counts what visitors did, and finds needs that several people had and no article met."),
    ),
    "verify-gaps": (
        lazy_gettext("Prove answers"),
        lazy_gettext("Notes what is published, watches how people fare since, and closes gaps or opens them again."),
    ),
    "deliver": (lazy_gettext("Send messages"), lazy_gettext("Tells trackers, webhooks and people what is new.")),
    "fetch-mail": (lazy_gettext("Fetch mail"), lazy_gettext("Takes what customers wrote out of the mailbox.")),
    "push-drafts": (
        lazy_gettext("Push drafts"),
        lazy_gettext("Takes the branches of drafts to the remote repository."),
    ),
    "digest": (lazy_gettext("Write the weekly mail"), lazy_gettext("Sums up the week's gaps, on its day of the week.")),
    "expire": (lazy_gettext("Forget"), lazy_gettext("Deletes what is older than it may be kept.")),
}
"""What a job is called, and what it does. One that is missing here goes by its own name."""

IDLE = timedelta(hours=1)
"""Some jobs are done every few minutes, so that after so long nobody does them any more."""

bp = room("running", PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    """One job."""

    name: str
    what: str
    ended_at: datetime | None
    """When it last ended well."""
    failures: int
    """In a row."""
    retry_at: datetime | None
    line: str
    """What it said last, or what went wrong; in English where nobody thought of other words."""
    is_line_ours: bool
    holder: str
    """Who is at it now; empty for nobody."""
    began_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPage(DeskPage):
    """desk/running.html."""

    jobs: tuple[JobLine, ...]
    failing: int
    is_idle: bool
    """Whether nobody has been at any of them for long."""
    has_outbox: bool
    """Whether this reader may see the outbox."""
    dead: int
    """Messages that were given up; 0 for who may not know."""


@bp.get("")
def show() -> Response:
    """List the jobs: those that fail first, then as they follow each other."""
    me, at = staff(Role.LEAD), clock.now()
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = jobs.every(session)
    lines = [_line(one, at) for one in sorted(found, key=_place)]
    attention = given_up(me)
    page = RunningPage(
        title=gettext("What runs by itself"),
        jobs=tuple(lines),
        failing=sum(one.failures > 0 for one in lines),
        is_idle=all(one.began_at is None or one.began_at + IDLE < at for one in found),
        has_outbox=me.role.reaches(Role.ADMIN),
        dead=attention.count if attention else 0,
    )
    return answer("desk/running.html", page)


def _place(one: Job) -> tuple[bool, int, str]:
    names = list(JOBS)
    return not one.failures, names.index(one.name) if one.name in JOBS else len(names), one.name


def _line(one: Job, at: datetime) -> JobLine:
    name, what = JOBS.get(one.name, (one.name, ""))
    is_held = one.held_until is not None and one.held_until > at
    told = reworded(one.result)
    return JobLine(
        name=str(name),
        what=str(what),
        ended_at=one.ended_at,
        failures=one.failures,
        retry_at=one.retry_at,
        line=told,
        is_line_ours=told != one.result,
        holder=(one.holder or "") if is_held else "",
        began_at=one.began_at if is_held else None,
    )
