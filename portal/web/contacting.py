"""Contacting: a form suggests, is withdrawn, or is sent; and is counted, without a word of what was written in it."""

from contextlib import suppress

from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from portal import clock, receiving
from portal.bootstrap import Portal
from portal.conversations import offers
from portal.conversations.intake import Received
from portal.conversations.models import Arm, Conversation
from portal.db import transaction, unavailable_when_away
from portal.errors import PortalError, Unavailable
from portal.events import log
from portal.events.kinds import Contacted, Step
from portal.search.hits import Match
from portal.web import recording, stamps
from portal.web.access import level_reader
from portal.web.contact_forms import TOO_OLD, ContactForm, message_of
from portal.web.context import site, the
from portal.web.limits import Limits, client_address

LEAST_CHARACTERS = 8
"""Of subject and text, before anything is suggested: two short words."""
BEGUN_TIMES = 10
"""Forms that one address may begin, for each that it may send; beyond that they are not counted."""


def arm_of(form: ContactForm) -> Arm:
    """Return whether a form suggests anything."""
    return offers.arm_of(form.uid, site().contact.hold_out)


def suggest(form: ContactForm) -> tuple[Match, ...]:
    """Return the articles that may answer a form, best first, and count the form as begun.

    None in the hold-out, though it is counted. Raises TooMany.
    """
    limit = RateLimitItemPerMinute(site().limits.completions_per_minute)
    the(Limits).count(limit, "suggestion", address=client_address(), today=clock.now().date())
    arm, message = arm_of(form), message_of(form)
    if len(message.strip()) < LEAST_CHARACTERS:
        return ()
    found = level_reader().match(message, form.lang, offers.MOST_OFFERED) if arm is Arm.OFFERED else ()
    _begin(form, arm, tuple(one.hit.card.id for one in found))
    return found


def send(form: ContactForm, received: Received) -> Conversation:
    """Keep what somebody sent, and say so to those who are to know. Raises TooMany, Unavailable."""
    limit = RateLimitItemPerHour(site().limits.forms_per_hour)
    the(Limits).count(limit, "form", address=client_address(), today=clock.now().date())
    conversation = receiving.receive(the(Portal), received, at=clock.now())
    _begin(form, arm_of(form), ())
    if _is_counted(form):
        with suppress(Unavailable), the(Portal).database.session() as session, transaction(session):
            offers.send(session, form.uid, at=clock.now())
    return conversation


def withdraw(form: ContactForm, article: str) -> None:
    """Count that an article answered what would have been asked. Nothing else is kept; never fails."""
    if not _is_counted(form):
        return
    who = recording.known_visitor()
    with suppress(Unavailable), the(Portal).database.session() as session, transaction(session):
        is_new = offers.withdraw(session, form.uid, article=article, at=clock.now())
        if is_new and who:
            search = form.search if recording.is_allowed() else ""
            event = Contacted(**recording.common(who, form.lang), step=Step.WITHDRAWN, channel="form", search=search)
            log.append(session, (event,))


def _begin(form: ContactForm, arm: Arm, offered: tuple[str, ...]) -> None:
    """Note that a form was begun, or what it suggests by now; whatever stands in the way costs the count alone."""
    if not _is_counted(form):
        return
    with suppress(PortalError), unavailable_when_away(), the(Portal).database.session() as session:
        before = offers.offered_before(session, form.uid)
        if before is not None and (not offered or before == " ".join(offered)):
            return
        if before is None:
            _check_begun()
        with transaction(session):
            offers.begin(
                session,
                uid=form.uid,
                lang=form.lang,
                topic=form.topic or None,
                arm=arm,
                offered=offered,
                at=clock.now(),
            )


def _check_begun() -> None:
    """Raise TooMany where one address begins far more forms than it could send."""
    limit = RateLimitItemPerHour(BEGUN_TIMES * site().limits.forms_per_hour)
    the(Limits).count(limit, "begun", address=client_address(), today=clock.now().date())


def _is_counted(form: ContactForm) -> bool:
    """Whether a form counts: not a robot's, none that we did not hand out, and none where nothing is recorded."""
    age = stamps.age(form.uid, form.stamp, clock.now())
    is_ours = age is not None and age <= TOO_OLD
    return is_ours and site().recording.is_on and not recording.from_robot()
