"""Checkup of the loop and of the desk: who can sign in, what runs by itself, what waits to be written or sent."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.bootstrap import SPILL
from portal.cli.findings import Finding, Verdict, age
from portal.cli.jobs import JOBS
from portal.db import Session
from portal.events.spill import BROKEN, WHOLE
from portal.feedback import requests
from portal.outbox import receivers
from portal.outbox import store as outbox
from portal.outbox.models import DeliveryState
from portal.people import accounts, second_factor
from portal.people.models import Role, User
from portal.schedule import jobs
from portal.schedule.models import Job
from portal.settings import Settings
from portal.web import oidc_client

LATE = 3
"""A job is late after so many times its own span, and the time that somebody may be at it."""


def accounts_of(session: Session) -> Iterator[Finding]:
    """Say who can sign in, and how the first one begins."""
    able = [user for user in accounts.everybody(session) if not (user.is_disabled or user.is_awaited)]
    if not any(user.role is Role.ADMIN for user in able):
        said = "nobody has an account yet." if not able else "no admin can sign in."
        link = "`portal serve` prints a link for the first one when it starts; " if not able else ""
        mend = f"{link}`portal users add EMAIL --role admin` makes one."
        yield Finding("accounts", Verdict.WARN, said, mend)
    else:
        admins = sum(user.role is Role.ADMIN for user in able)
        yield Finding("accounts", Verdict.OK, f"{len(able)} can sign in, {admins} of them as admin.")
    yield from _locked_out(able)


def _locked_out(able: list[User]) -> Iterator[Finding]:
    stuck = sum(user.needs_second_factor for user in able)
    if stuck and not second_factor.is_available():
        said = f"{stuck} can't sign in: their account has a second step, and its packages are missing."
        yield Finding("accounts", Verdict.FAIL, said, 'Run: pip install "signpost-portal[second-factor]"')


def sign_in_of(settings: Settings) -> Iterator[Finding]:
    """Say how staff sign in, and whether what that takes is there."""
    if settings.oidc_issuer is None:
        yield Finding("sign-in", Verdict.OK, "by password.")
    elif not oidc_client.IS_INSTALLED:
        said = "PORTAL_OIDC_ISSUER is set, and the packages that it takes are missing."
        yield Finding("sign-in", Verdict.FAIL, said, 'Run: pip install "signpost-portal[oidc]"')
    elif not settings.oidc_client_id:
        mend = "Set PORTAL_OIDC_CLIENT_ID and PORTAL_OIDC_CLIENT_SECRET."
        yield Finding("sign-in", Verdict.WARN, "PORTAL_OIDC_ISSUER is set without a client id.", mend)
    else:
        yield Finding("sign-in", Verdict.OK, f"by password, or with {settings.oidc_issuer}.")


def spill_of(settings: Settings) -> Iterator[Finding]:
    """Say how many files of events wait for the database, and how many could not be read."""
    folder = settings.data / SPILL
    waiting, broken = (len(list(folder.glob(f"*{ending}"))) for ending in (WHOLE, BROKEN))
    if waiting:
        said = f"{waiting} {'file waits' if waiting == 1 else 'files wait'} in {folder} for the database."
        yield Finding("events", Verdict.WARN, said, "While `portal serve` runs, they are read in once it answers.")
    if broken:
        said = f"{broken} {'file' if broken == 1 else 'files'} in {folder} could be read in part only."
        yield Finding("events", Verdict.WARN, said, "Look into it, or delete it; `portal expire` does with time.")
    if not waiting and not broken:
        yield Finding("events", Verdict.OK, "none wait to be written.")


def jobs_of(session: Session, at: datetime) -> Iterator[Finding]:
    """Say when each job last ended well, and which fail or are late."""
    known = {one.name: one for one in jobs.every(session)}
    if not known:
        yield Finding("jobs", Verdict.WARN, "none has run yet.", "`portal serve` does them while it runs.")
        return
    well = []
    for job, one in ((job, known[job.name]) for job in JOBS if job.name in known):
        if one.failures:
            yield _failing(one, at)
        elif _is_late(one, job.every_seconds * LATE + job.lease_seconds, at):
            last = f"last ended {age(at, one.ended_at)} ago" if one.ended_at else "has not ended yet"
            yield Finding("jobs", Verdict.WARN, f"{one.name} {last}, and is late.", "Is `portal serve` running?")
        elif one.ended_at:
            well.append(f"{one.name} {age(at, one.ended_at)} ago")
    if well:
        yield Finding("jobs", Verdict.OK, f"last ended well: {', '.join(well)}.")


def _failing(one: Job, at: datetime) -> Finding:
    times = "once" if one.failures == 1 else f"{one.failures} times in a row"
    since = f"last ended well {age(at, one.ended_at)} ago" if one.ended_at else "never ended well"
    said = f"{one.name} failed {times}, {since}: {one.result}"
    return Finding("jobs", Verdict.WARN, said, "It is tried again by itself.")


def _is_late(one: Job, seconds: float, at: datetime) -> bool:
    """Whether it was not done for so long; one that somebody is at for the first time counts from when they began."""
    last = one.ended_at or one.began_at
    return last is not None and last + timedelta(seconds=seconds) < at


def outbox_of(session: Session) -> Iterator[Finding]:
    """Say how many messages were given up, and why the latest was."""
    counts, hushed = outbox.counts(session), receivers.hushed(session)
    if hushed:
        said = f"Switched off, as it did not answer: the webhook {', '.join(hushed)}."
        yield Finding("outbox", Verdict.WARN, said, "Mend its receiver, then switch it on at /desk/webhooks.")
    if not counts["dead"]:
        yield Finding("outbox", Verdict.OK, f"{counts['waiting']:,} wait to be sent, none was given up.")
        return
    (latest,) = outbox.listed(session, states=[DeliveryState.DEAD], limit=1)
    were = "message was" if counts["dead"] == 1 else "messages were"
    to, why = receivers.title(latest, receivers.names(session)), latest.problem or "nobody knows why."
    said = f"{counts['dead']:,} {were} given up, the latest, to {to}, because: {why}"
    yield Finding("outbox", Verdict.WARN, said, "Mend that, then run `portal outbox retry`.")


def mail_of(session: Session, settings: Settings) -> Iterator[Finding]:
    """Say whether mail can be sent, and who waits for one in vain."""
    people = requests.count_waiting(session)
    wait = f"{people:,} {'person waits' if people == 1 else 'people wait'} to hear of an answer"
    if settings.smtp_url is not None:
        yield Finding("mail", Verdict.OK, f"there is a mail server; {wait if people else 'nobody waits to hear'}.")
    elif people:
        yield Finding("mail", Verdict.WARN, f"{wait}, and there is no mail server.", "Set PORTAL_SMTP_URL.")
    else:
        yield Finding("mail", Verdict.OK, "there is no mail server, and nobody waits to hear of an answer.")
