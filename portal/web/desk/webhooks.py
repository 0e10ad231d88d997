"""Webhooks: programs of the company that are told of what happens; set up by admins, each with its log."""

import secrets

from flask import redirect, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction, unavailable_when_away
from portal.errors import Conflict, Invalid, NotFound
from portal.outbox import receivers, store
from portal.outbox.models import Webhook
from portal.outbox.receiver import EVENTS, secret_of
from portal.people.models import Role
from portal.web.context import the
from portal.web.desk.frame import answer, room
from portal.web.desk.webhook_pages import (
    OPERATOR,
    WebhookForm,
    WebhookPage,
    WebhooksPage,
    key_of,
    line_of,
    lines,
    operators_line,
    sent_line,
)
from portal.web.room_words import reworded
from portal.web.staff import staff

PLACE = "/desk/webhooks"
DONE = {
    "saved": lazy_gettext("Saved. It counts from the next message on, also for those that wait."),
    "test": lazy_gettext("The test is on its way. What the receiver answers stands below within a minute or two."),
    "again": lazy_gettext("The message goes once more within a minute or two, under the same number."),
    "off": lazy_gettext("Switched off. What waits for it goes when it is switched on again."),
    "on": lazy_gettext("Switched on. It is told of what happens from now on."),
    "deleted": lazy_gettext("The webhook is deleted, with its log. Nothing is sent there any more."),
}

bp = room("webhooks", PLACE)


@bp.get("")
def show() -> Response:
    """List the webhooks, with a form for another."""
    staff(Role.ADMIN)
    return answer("desk/webhooks.html", _list(WebhookForm.of("", "", EVENTS)))


@bp.post("")
def make() -> Response:
    """Make a webhook, and show its secret this once."""
    user, typed = staff(Role.ADMIN), _typed()
    try:
        with the(Portal).database.session() as session, transaction(session):
            made = receivers.make(
                session, name=typed.name, url=typed.url, events=request.form.getlist("events"), by=user.name,
                at=clock.now(),
            )  # fmt: skip
    except Invalid as error:
        return answer("desk/webhooks.html", _list(typed, error=reworded(error)), 422)
    return answer("desk/webhook.html", _page(made.uid, secret=_secret(made), is_new=True))


@bp.get("/<uid>")
def show_one(uid: str) -> Response:
    """Show one webhook and its log. `operator` stands for the one that the settings set."""
    staff(Role.ADMIN)
    return answer("desk/webhook.html", _page(uid))


@bp.post("/<uid>")
def change(uid: str) -> Response:
    """Change name, address and events."""
    staff(Role.ADMIN)
    typed = _typed()
    try:
        with the(Portal).database.session() as session, transaction(session):
            receivers.change(session, uid, name=typed.name, url=typed.url, events=request.form.getlist("events"))
    except Invalid as error:
        return answer("desk/webhook.html", _page(uid, form=typed, wrong=reworded(error)), 422)
    return _back(uid, "saved")


@bp.post("/<uid>/secret")
def renew(uid: str) -> Response:
    """Make another secret, and show it this once."""
    staff(Role.ADMIN)
    with the(Portal).database.session() as session, transaction(session):
        renewed = receivers.renew(session, uid, at=clock.now())
    return answer("desk/webhook.html", _page(uid, secret=_secret(renewed)))


@bp.post("/<uid>/switch")
def switch(uid: str) -> Response:
    """Switch it `on` or `off`."""
    user, wanted = staff(Role.ADMIN), request.form.get("to", "")
    if wanted not in {"on", "off"}:
        raise Invalid("Choose from what the page offers.")
    with the(Portal).database.session() as session, transaction(session):
        receivers.switch(session, uid, on=wanted == "on", by=user.name, at=clock.now())
    return _back(uid, wanted)


@bp.post("/<uid>/tests")
def test(uid: str) -> Response:
    """Send a message that says nothing but that it is one."""
    staff(Role.ADMIN)
    key, at = key_of(the(Portal).settings, uid), clock.now()
    try:
        with the(Portal).database.session() as session, transaction(session):
            to = receivers.find(session, key, at)
            if to is None:
                raise NotFound("There is no such webhook.")
            store.add(session, receivers.test(session, to, uid=secrets.token_hex(8), at=at))
    except Conflict as error:
        return answer("desk/webhook.html", _page(uid, error=reworded(error)), 409)
    return _back(uid, "test")


@bp.post("/<uid>/tries")
def send_again(uid: str) -> Response:
    """Send one `message` of the log once more."""
    staff(Role.ADMIN)
    key = key_of(the(Portal).settings, uid)
    try:
        with the(Portal).database.session() as session, transaction(session):
            receivers.send_again(session, key, request.form.get("message", "")[:64], at=clock.now())
    except Conflict as error:
        return answer("desk/webhook.html", _page(uid, error=reworded(error)), 409)
    return _back(uid, "again")


@bp.post("/<uid>/removal")
def remove(uid: str) -> Response:
    """Delete it, with its log and what waits for it."""
    staff(Role.ADMIN)
    with the(Portal).database.session() as session, transaction(session):
        receivers.remove(session, uid)
    return redirect(f"{PLACE}?done=deleted", 303)


def _list(form: WebhookForm, *, error: str = "") -> WebhooksPage:
    portal = the(Portal)
    with unavailable_when_away(), portal.database.session() as session:
        found = lines(session, portal.settings, clock.now())
    done = "" if error else _done()
    return WebhooksPage(title=str(gettext("Webhooks")), lines=found, form=form, done=done, error=error)


def _page(  # noqa: PLR0913 - what came of the form that was sent
    uid: str,
    *,
    form: WebhookForm | None = None,
    secret: str = "",
    is_new: bool = False,
    error: str = "",
    wrong: str = "",
) -> WebhookPage:
    portal, at = the(Portal), clock.now()
    key = key_of(portal.settings, uid)
    with unavailable_when_away(), portal.database.session() as session:
        waiting = receivers.waiting(session, [key]).get(key, 0)
        if uid == OPERATOR:
            hook, kept = operators_line(session, key, waiting), WebhookForm.of("", "", EVENTS)
        else:
            found = receivers.get(session, uid)
            hook = line_of(session, found, waiting, at)
            kept = WebhookForm.of(found.name, found.url, found.events.split())
        log = tuple(map(sent_line, receivers.log(session, key)))
    return WebhookPage(
        title=hook.name,
        hook=hook,
        log=log,
        form=form or kept,
        most_logged=receivers.LOGGED,
        most_given_up=receivers.MOST_GIVEN_UP,
        secret=secret,
        is_new=is_new,
        done="" if error or wrong or secret else _done(),
        error=error,
        wrong=wrong,
    )


def _typed() -> WebhookForm:
    form = request.form
    return WebhookForm.of(form.get("name", "")[:1000], form.get("url", "")[:2000], form.getlist("events"))


def _secret(one: Webhook) -> str:
    return secret_of(the(Portal).settings.secret(), one.uid, one.generation)


def _done() -> str:
    return str(DONE.get(request.args.get("done", ""), ""))


def _back(uid: str, done: str) -> Response:
    return redirect(f"{PLACE}/{uid}?done={done}", 303)
