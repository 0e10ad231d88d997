"""Wishes: an agent asks for an article, in the words of the customers who ask, and sees what becomes of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request
from flask_babel import gettext, lazy_gettext
from limits import RateLimitItemPerHour
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import Session, transaction, unavailable_when_away
from portal.errors import Invalid, PortalError, TooMany, Unavailable
from portal.events import log
from portal.events.kinds import Requested
from portal.feedback import requests
from portal.feedback.models import REQUEST_LIMIT, Request
from portal.gaps import store
from portal.gaps.models import Gap, State
from portal.people.models import User
from portal.text import cut
from portal.web import recording, wishing
from portal.web.access import shelf
from portal.web.context import site, the
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.desk.gap_words import STATES, said
from portal.web.errors import status_of
from portal.web.languages import preferred
from portal.web.limits import Limits
from portal.web.room_words import reworded
from portal.web.staff import staff

PLACE = "/desk/requests"
WISHES_AN_HOUR = 60
"""Of one account: more than anybody writes in earnest, and little to clear away after a script that went wrong."""
MOST_SHOWN = 100
DONE = {
    "sent": lazy_gettext("Noted. It is counted within the hour, and stands below with its state."),
    "taken-back": lazy_gettext("It is taken back, and counts no more."),
}

bp = room("wishes", PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishLine:
    """Something that I asked for."""

    uid: str
    text: str
    lang: str
    at: datetime
    gap: int | None
    """That it is a part of; none while it waits for others to need it too."""
    state: str
    """The gap's, or `waiting`."""
    stands: str
    """The same in words."""
    because: str
    """Why the gap was dismissed."""
    told_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesPage(DeskPage):
    """desk/wishes.html."""

    wishes: tuple[WishLine, ...]
    uid: str
    """Of the form: the same one twice is one."""
    text: str
    lang: str
    languages: tuple[str, ...]
    limit: int
    least: int
    """Different people who must need something before it is a gap."""
    has_mail: bool
    done: str
    error: str


@bp.get("")
def show() -> Response:
    """Show the form, and what I asked for, the latest first."""
    return answer(
        "desk/wishes.html", _page(staff(), text=request.args.get("text", ""), lang=request.args.get("lang", ""))
    )


@bp.post("")
def send() -> Response:
    """Keep what customers ask for; whoever wrote it is thanked only after it is on disk."""
    me = staff()
    try:
        _keep(me)
    except (Invalid, TooMany, Unavailable) as error:
        return _again(me, error)
    return redirect(f"{PLACE}?done=sent", 303)


@bp.post("/<uid>/withdrawal")
def take_back(uid: str) -> Response:
    """Take back what no gap has taken up yet: as if it had never been asked for."""
    me = staff()
    if not wishing.take_back(uid, by=me):
        message = gettext("This can't be taken back: it is a part of a gap by now, or gone already.")
        return answer("desk/wishes.html", _page(me, error=message), 409)
    return redirect(f"{PLACE}?done=taken-back", 303)


def _keep(me: User) -> None:
    """Commit a wish and its event, together. Raises Invalid, TooMany, Unavailable."""
    written = requests.read_text(request.form.get("text", ""))
    at, lang, who = clock.now(), _language(request.form.get("lang", "")), f"user-{me.id}"
    the(Limits).count(RateLimitItemPerHour(WISHES_AN_HOUR), "wish", address=who, today=at.date())
    text, uid = cut(recording.redacted(written), REQUEST_LIMIT), _uid(who, request.form.get("uid", ""), lang, written)
    with the(Portal).database.session() as session, transaction(session):
        requests.add(session, uid=uid, at=at, lang=lang, text=text, visitor=who, search=None, address=None, user=me.id)
        log.append(session, (Requested(uid=uid, at=at, visitor=who, lang=lang, text=text, request=uid),))


def _uid(*parts: str) -> str:
    """Name a wish: the same form sent twice is one, another text in it is another wish."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _again(me: User, error: PortalError) -> Response:
    """Show the form with what was written in it, and why it was not taken."""
    form = request.form
    page = _page(me, text=form.get("text", ""), lang=form.get("lang", ""), error=reworded(error))
    response = answer("desk/wishes.html", page, status_of(error))
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _page(me: User, *, text: str = "", lang: str = "", error: str = "") -> WishesPage:
    with unavailable_when_away(), the(Portal).database.session() as session:
        mine = requests.of_visitor(session, f"user-{me.id}")[: -MOST_SHOWN - 1 : -1]
        gaps = _gaps(session, mine)
    return WishesPage(
        title=gettext("Requests"),
        wishes=tuple(_line(one, gaps.get(one.gap or 0)) for one in mine),
        uid=recording.new_uid(),
        text=text[: 2 * REQUEST_LIMIT],
        lang=_language(lang),
        languages=shelf().languages(),
        limit=REQUEST_LIMIT,
        least=site().gaps.least_people,
        has_mail=the(Portal).settings.smtp_url is not None,
        done="" if error else str(DONE.get(request.args.get("done", ""), "")),
        error=error,
    )


def _gaps(session: Session, mine: list[Request]) -> Mapping[int, Gap]:
    """Return by number the gaps that took wishes up; for one that was merged, the gap that it lives on in."""
    found = store.gaps_by_number(session, {one.gap for one in mine if one.gap is not None})
    return {number: store.standing(session, number) for number in found}


def _line(one: Request, gap: Gap | None) -> WishLine:
    is_dismissed = gap is not None and gap.state is State.DISMISSED
    return WishLine(
        uid=one.uid,
        text=one.text,
        lang=one.lang,
        at=one.at,
        gap=gap.id if gap else None,
        state=gap.state.value if gap else "waiting",
        stands=_stands(gap),
        because=(gap.dismissal or "") if gap and is_dismissed else "",
        told_at=one.told_at,
    )


def _stands(gap: Gap | None) -> str:
    if gap is None:
        return str(gettext("Waiting"))
    return str(gettext("Answered")) if gap.state is State.CLOSED else said(STATES, gap.state)


def _language(asked: str) -> str:
    """Return the language that was chosen, if there is help in it; else the one that this reader prefers."""
    languages = shelf().languages()
    return asked if asked in languages else preferred(languages)
