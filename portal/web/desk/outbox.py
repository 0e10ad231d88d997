"""The outbox: messages that other programs and people have not had yet, and those that were given up. For admins."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response as PlainResponse
from flask import redirect, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction, unavailable_when_away
from portal.errors import NotFound
from portal.outbox import receivers, store
from portal.outbox.models import Channel, Delivery, DeliveryState
from portal.people.models import Role
from portal.web.context import the
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.room_words import reworded
from portal.web.staff import staff

PLACE = "/desk/outbox"
MOST_SHOWN = 100
"""Messages of each list; those that follow show once these are done."""
CHANNELS = {
    Channel.WEBHOOK: lazy_gettext("Webhook"),
    Channel.TRACKER: lazy_gettext("Tracker"),
    Channel.MAIL: lazy_gettext("Mail"),
}
NEWS = {
    "answer": lazy_gettext("To somebody who asked: there is an answer"),
    "flag.new": lazy_gettext("To an article's owner: it was flagged"),
    "flag.done": lazy_gettext("To whoever flagged an article: it was looked at"),
    "ping": lazy_gettext("A test of a webhook"),
    "digest": lazy_gettext("The weekly mail about gaps"),
    "receipt": lazy_gettext("To a customer: their request is here"),
    "reply": lazy_gettext("To a customer: a reply"),
    "news": lazy_gettext("To an agent: their customer wrote"),
    "refusal": lazy_gettext("To a sender: their mail was not taken"),
    "conversation.created": lazy_gettext("A customer began a conversation"),
    "conversation.customer_wrote": lazy_gettext("A customer wrote again"),
    "conversation.replied": lazy_gettext("An agent replied"),
    "conversation.closed": lazy_gettext("A conversation was closed"),
    "conversation.reopened": lazy_gettext("A conversation was opened again"),
    "conversation.assigned": lazy_gettext("A conversation was assigned"),
    "gap.found": lazy_gettext("A gap was found"),
    "gap.accepted": lazy_gettext("A gap was accepted"),
    "gap.assigned": lazy_gettext("A gap was assigned"),
    "gap.dismissed": lazy_gettext("A gap was dismissed"),
    "gap.reopened": lazy_gettext("A gap was opened again"),
    "gap.merged": lazy_gettext("A gap was merged into another"),
    "gap.split": lazy_gettext("A gap was split"),
    "gap.renamed": lazy_gettext("A gap was renamed"),
    "gap.moved": lazy_gettext("A wording of a gap was moved"),
    "gap.drafted": lazy_gettext("A gap was drafted"),
    "gap.published": lazy_gettext("An answer to a gap was published"),
    "gap.watched": lazy_gettext("A gap is being watched"),
    "gap.closed": lazy_gettext("A gap was closed"),
}
DONE = {
    "again": lazy_gettext("It is tried again within a minute or two."),
    "gone": lazy_gettext("This message is not among those given up any more."),
}

bp = room("outbox", PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """One message."""

    uid: str
    news: str
    """What it tells."""
    gap: int | None
    channel: str
    receiver: str
    attempts: int
    created_at: datetime
    next_at: datetime
    is_held: bool
    """Whether it waits for a webhook that is switched off."""
    problem: str
    """In English where nobody thought of other words; `is_problem_ours` says so."""
    is_problem_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPage(DeskPage):
    """desk/outbox.html."""

    dead: tuple[MessageLine, ...]
    waiting: tuple[MessageLine, ...]
    dead_count: int
    waiting_count: int
    sent_count: int
    most_tries: int
    done: str


@bp.get("")
def show() -> PlainResponse:
    """List what was given up, and what waits."""
    staff(Role.ADMIN)
    with unavailable_when_away(), the(Portal).database.session() as session:
        dead = store.listed(session, states=[DeliveryState.DEAD], limit=MOST_SHOWN)
        waiting = store.listed(session, states=[DeliveryState.WAITING], limit=MOST_SHOWN)
        counts, names, held = store.counts(session), receivers.names(session), receivers.held(session)
    page = OutboxPage(
        title=gettext("Outbox"),
        dead=tuple(_line(one, names, held) for one in dead),
        waiting=tuple(_line(one, names, held) for one in waiting),
        dead_count=counts["dead"],
        waiting_count=counts["waiting"],
        sent_count=counts["sent"],
        most_tries=store.MOST_TRIES,
        done=str(DONE.get(request.args.get("done", ""), "")),
    )
    return answer("desk/outbox.html", page)


@bp.post("/tries")
def try_again() -> Response:
    """Let one `message`, or all that were given up, be tried anew."""
    staff(Role.ADMIN)
    try:
        with the(Portal).database.session() as session, transaction(session):
            count = store.retry(session, at=clock.now(), uid=request.form.get("message") or None)
    except NotFound:
        count = 0
    return redirect(f"{PLACE}?done={'again' if count else 'gone'}", 303)


def _line(one: Delivery, names: dict[str, str], held: set[str]) -> MessageLine:
    problem = one.problem or ""
    told = reworded(problem)
    return MessageLine(
        uid=one.uid,
        news=str(NEWS.get(one.event, one.event)),
        gap=one.gap,
        channel=str(CHANNELS[one.channel]),
        receiver=receivers.title(one, names),
        attempts=one.attempts,
        created_at=one.created_at,
        next_at=one.next_at,
        is_held=one.channel is Channel.WEBHOOK and one.target in held,
        problem=told,
        is_problem_ours=told != problem,
    )
