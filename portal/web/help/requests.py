"""Requests: "What were you looking for?", kept before anybody is thanked. Works as a plain form, without cookies."""

import hmac
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from flask_babel import gettext
from limits import RateLimitItemPerHour
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.errors import Invalid, NotFound, PortalError, TooMany, Unavailable
from portal.events import log
from portal.events.kinds import Requested
from portal.feedback import requests
from portal.feedback.models import REQUEST_LIMIT
from portal.text import cut, one_line
from portal.web import caching, errors, languages, recording, visitors
from portal.web.access import shelf
from portal.web.context import the
from portal.web.fragments import is_fragment
from portal.web.frame import render
from portal.web.help.request_pages import RequestForm, RequestPage, ThanksPage, WithdrawalPage
from portal.web.limits import Limits, client_address
from portal.web.parameters import QUERY_LIMIT
from portal.web.room_words import reworded

REQUESTS_AN_HOUR = 10
"""From one address: more than an office types in earnest, and little to clear away when it is nonsense."""

bp = Blueprint("requests", __name__, url_prefix="/<lang:lang>/requests")


@bp.get("")
def show(lang: str) -> Response:
    """Show the form by itself."""
    lang = languages.known(lang, shelf().languages())
    return caching.fresh(render("help/request.html", RequestPage.of(new_form(lang, request.args.get("q", "")))))


@bp.post("")
def send(lang: str) -> Response:
    """Keep what somebody was looking for; they are thanked only after it is on disk."""
    lang = languages.known(lang, shelf().languages())
    form = _sent_form(lang)
    try:
        will_hear = _keep(form)
    except PortalError as error:
        return _again(form, error)
    return redirect(f"/{lang}/requests/thanks?{urlencode({'q': form.q, 'mail': int(will_hear)})}", 303)


@bp.get("/thanks")
def thank(lang: str) -> Response:
    """Thank for a request that was kept, and show the way to a person and back."""
    lang = languages.known(lang, shelf().languages())
    page = ThanksPage.of(new_form(lang, request.args.get("q", "")), will_hear=request.args.get("mail") == "1")
    return caching.fresh(render("help/_request_thanks.html" if is_fragment() else "help/request_thanks.html", page))


@bp.get("/<uid>/withdrawal")
def ask_to_withdraw(lang: str, uid: str) -> Response:
    """Ask whether an address shall be deleted: whoever looks at a mail's links for its reader must not do it."""
    return caching.fresh(render("help/request_withdrawal.html", _withdrawal(lang, uid, is_done=False)))


@bp.post("/<uid>/withdrawal")
def withdraw(lang: str, uid: str) -> Response:
    """Delete an address, by the page's button or by a mail program's own (RFC 8058)."""
    page = _withdrawal(lang, uid, is_done=True)
    with the(Portal).database.session() as session, transaction(session):
        requests.withdraw(session, uid)
    return caching.fresh(render("help/request_withdrawal.html", page))


def new_form(lang: str, q: str, search: str = "") -> RequestForm:
    """Return an empty form. q: what was searched for. search: the id of that search, if it was recorded."""
    has_mail = the(Portal).settings.smtp_url is not None
    return RequestForm(lang=lang, q=_query(q), uid=recording.new_uid(), search=search, has_mail=has_mail)


def _sent_form(lang: str) -> RequestForm:
    """Return the form as it was sent, with whatever stands in it."""
    given, form = request.form, new_form(lang, request.form.get("q", ""))
    uid, search = given.get("uid", ""), given.get("search", "")
    return replace(
        form,
        uid=uid if requests.is_uid(uid) else form.uid,
        search=search if requests.is_uid(search) else "",
        text=given.get("text", ""),
        address=given.get("address", "") if form.has_mail else "",
    )


def _keep(form: RequestForm) -> bool:
    """Commit a request and its event, together. Returns whether its author will hear of the answer.

    Nothing ties it to a visit where visits may not be recorded; what somebody writes is kept even then, as they ask
    for that. Of a robot's no event is kept, so that no need comes of it. Raises Invalid, TooMany, Unavailable.
    """
    text, address = requests.read_text(form.text), requests.read_address(form.address)
    limit = RateLimitItemPerHour(REQUESTS_AN_HOUR)
    the(Limits).count(limit, "request", address=client_address(), today=clock.now().date())
    text = cut(recording.redacted(text), REQUEST_LIMIT)
    who = recording.known_visitor() or visitors.passing()
    search = form.search if recording.is_allowed() else ""
    event = Requested(uid=form.uid, at=clock.now(), visitor=who, lang=form.lang, text=text, search=search,
                      request=form.uid)  # fmt: skip
    try:
        with the(Portal).database.session() as session, transaction(session):
            requests.add(session, uid=event.uid, at=event.at, lang=event.lang, text=text, visitor=who,
                         search=search or None, address=address, user=None)  # fmt: skip
            log.append(session, () if recording.from_robot() else (event,))
    except Unavailable as error:
        message = gettext("What you wrote was not kept: the place for it can't be reached at the moment.")
        raise Unavailable(message) from error
    return address is not None


def _again(form: RequestForm, error: PortalError) -> Response:
    """Show the form with what they wrote in it, and why it was not taken; to a script, which has it open, why alone."""
    status = errors.status_of(error)
    todo = "" if isinstance(error, Invalid) else str(errors.SAID[status].todo)
    page = RequestPage.of(form, reworded(error), todo)
    response = caching.fresh(render("help/_request_refused.html" if is_fragment() else "help/request.html", page))
    response.status_code = status
    if isinstance(error, TooMany | Unavailable):
        wait = error.retry_after if isinstance(error, TooMany) else errors.RETRY_AFTER_SECONDS
        response.headers["Retry-After"] = str(wait)
    return response


def _withdrawal(lang: str, uid: str, *, is_done: bool) -> WithdrawalPage:
    """Return the page of a link that is ours. Raises NotFound for any other."""
    lang = languages.known(lang, shelf().languages())
    token = requests.withdrawal_token(the(Portal).settings.secret(), uid)
    if not hmac.compare_digest(request.args.get("token", "").encode("utf-8", "replace"), token.encode()):
        raise NotFound
    return WithdrawalPage.of(lang, f"{request.path}?token={token}", is_done=is_done)


def _query(text: str) -> str:
    return one_line(text[: 2 * QUERY_LIMIT])[:QUERY_LIMIT]
