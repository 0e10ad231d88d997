"""Telling: other programs hear of each change of a gap, people hear when what they asked for is there.

Messages are written into the outbox with what they tell of; `deliver` sends them.
"""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from portal.bootstrap import Portal
from portal.content.site import Site
from portal.db import Session, transaction, unavailable_when_away
from portal.feedback import requests
from portal.feedback.models import Request
from portal.gaps import changes_store, store
from portal.gaps.models import Change, Gap, State
from portal.gaps.states import UNDER_WAY, Verb
from portal.letterbox import language_of
from portal.outbox import receivers
from portal.outbox import store as outbox
from portal.outbox.deliver import Delivered, Sender
from portal.outbox.deliver import deliver as send_due
from portal.outbox.digest import Line, Week, write_digest
from portal.outbox.letters import answer_letter
from portal.outbox.mail import Mailer
from portal.outbox.news import News, letter
from portal.outbox.parcel import Message
from portal.outbox.reach import Reach
from portal.people import accounts

TOLD_DAYS = 2
"""Changes so old are told if they were not; no node is away longer without its database."""
_WEEK = timedelta(days=7)


def deliver(portal: Portal, *, at: datetime) -> Delivered:
    """Put what is news into the outbox, and send what is due. Raises Unavailable where the database is away."""
    site = portal.library.current().site
    announce(portal, site, at=at)
    sender = Sender(portal.settings, site.trackers, at, Reach(), Mailer(portal.settings))
    return send_due(portal.database, sender, at=at)


def announce(portal: Portal, site: Site, *, at: datetime) -> int:
    """Write the changes of the last days into the outbox; those that are there already stay as they are."""
    settings, told = portal.settings, 0
    with unavailable_when_away(), portal.database.session() as session:
        hearing = receivers.listening(session, settings.webhook_url, at)
        if not hearing and not site.trackers:
            return 0
        news = [
            _news(portal, gap, change)
            for gap, change in changes_store.changes_since(session, at - timedelta(days=TOLD_DAYS))
        ]
    for one in news:
        with portal.database.session() as session, transaction(session):
            told += outbox.announce(session, one, receivers=hearing, trackers=site.trackers)
    return told


def write_letters(session: Session, portal: Portal, gap: Gap, *, articles: Collection[str], at: datetime) -> int:
    """Write to everybody who wanted to hear of a gap, in the caller's transaction; return to how many.

    articles: what answers it, by id. Addresses go into the letters, and are forgotten when those are sent. Without a
    mail server nobody is written to, and the addresses wait.
    """
    if not portal.settings.smtp_url:
        return 0
    staff = {user.id: user for user in accounts.everybody(session) if user.disabled_at is None}
    told = []
    for one in requests.waiting(session, gap.id):
        agent = staff.get(one.user or 0)
        address = one.address or (agent.email if agent else None)
        if address:
            lang = (agent.lang if agent and not one.address else None) or one.lang
            outbox.add(session, _letter(portal, gap, one, address, lang, articles, at))
            told.append(one.uid)
    requests.told(session, told, at)
    return len(told)


def send_digest(portal: Portal, *, at: datetime) -> str:
    """Write this week's mail about gaps on its day, once; return a line of what was done."""
    site, today = portal.library.current().site, at.date()
    if not site.digest.to or not portal.settings.smtp_url or today.isoweekday() != site.digest.weekday:
        return "No digest today."
    with portal.database.session() as session, transaction(session):
        week = _week(session, portal, site, at)
        new = [outbox.add(session, _digest(session, portal, week, to, at)) for to in site.digest.to]
    return f"{sum(new)} of {len(new)} digests written."


def _digest(session: Session, portal: Portal, week: Week, to: str, at: datetime) -> Message:
    """Return the week's mail to somebody, in the language that they read."""
    lang = language_of(session, portal, to)
    named = replace(week, name=portal.library.current().site.name_in(lang))
    subject, text = write_digest(named, lang)
    uid = _uid("digest", at.date().isoformat(), to)
    return letter(uid=uid, to=to, subject=subject, text=text, at=at, event="digest")


def _news(portal: Portal, gap: Gap, change: Change) -> News:
    return News(
        event=f"gap.{change.verb}",
        gap=gap.id,
        version=change.id,
        title=gap.title,
        state=change.state.value,
        cause=gap.cause.value,
        lang=gap.lang,
        people=gap.people,
        people_a_week=gap.people_a_week,
        url=f"{portal.settings.base_url or ''}/desk/gaps/{gap.id}",
        by=change.by,
        at=change.at,
    )


def _letter(  # noqa: PLR0913, PLR0917 - to whom, about what, and where it is
    portal: Portal, gap: Gap, request: Request, address: str, lang: str, articles: Collection[str], at: datetime
) -> Message:
    """Return the letter that says where the answer is. lang: an agent's own, else that in which was asked."""
    settings, site = portal.settings, portal.library.current().site
    base = settings.base_url or f"http://{settings.bind}"
    answers = [f"{base}/a/{article}" for article in sorted(articles)]
    withdrawal = base + requests.withdrawal_path(settings.secret(), request.lang, request.uid)
    subject, text = answer_letter(
        lang,
        site=site.name_in(lang),
        asked=request.text or gap.title,
        answers=answers or [f"{base}/{request.lang}/search?q={quote(gap.title)}"],
        withdrawal=withdrawal,
    )
    return letter(uid=_uid("answer", request.uid), to=address, subject=subject, text=text, at=at, gap=gap.id,
                  event="answer", list_unsubscribe=withdrawal)  # fmt: skip


def _week(session: Session, portal: Portal, site: Site, at: datetime) -> Week:
    gaps = store.every_gap(session)
    under_way = [gap for gap in store.open_gaps(session) if gap.state in UNDER_WAY]
    changed = changes_store.changes_since(session, at - _WEEK)
    closed = [gap for gap, change in changed if change.state is State.CLOSED and change.verb == Verb.CLOSED]
    back = [gap for gap, change in changed if change.verb == Verb.REOPENED]
    return Week(
        name=site.name,
        until=at.date(),
        suggested=sum(gap.state is State.SUGGESTED for gap in gaps),
        top=[_line(gap) for gap in under_way],
        closed=[_line(gap) for gap in closed],
        reopened=[_line(gap) for gap in back],
        url=f"{portal.settings.base_url or ''}/desk/gaps",
    )


def _line(gap: Gap) -> Line:
    return Line(gap.id, gap.title, gap.people_a_week)


def _uid(*parts: str) -> str:
    return f"{parts[0]}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"
