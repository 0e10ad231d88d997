"""Flags: an agent says what is wrong with an article, its writer says what came of it."""

from flask import Response as PlainResponse
from flask import redirect, request
from flask_babel import gettext, lazy_gettext
from limits import RateLimitItemPerHour
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.content.page import Page
from portal.db import transaction, unavailable_when_away
from portal.errors import Conflict, Invalid, NotFound, PortalError, TooMany, Unavailable
from portal.feedback import flags
from portal.people.models import User
from portal.web import flagging, recording
from portal.web.access import page_for
from portal.web.context import the
from portal.web.desk.flag_lists import SETTLES, FlagForm, Lists, may_settle, page_of
from portal.web.desk.frame import answer, room
from portal.web.errors import status_of
from portal.web.flagging import FAULTS, PLACE, Complaint
from portal.web.limits import Limits
from portal.web.parameters import name
from portal.web.room_words import reworded
from portal.web.staff import RoleTooLow, staff

FLAGS_AN_HOUR = 60
"""Of one account: more than anybody reads with care, and little to clear away after a script that went wrong."""
DONE = {
    "flagged": lazy_gettext("It is flagged. What comes of it stands below, under what you flagged."),
    "taken-back": lazy_gettext("Your flag is taken back."),
    "settled": lazy_gettext("It is settled. Whoever flagged it hears of it."),
    "reopened": lazy_gettext("It waits again."),
}

bp = room("flags", PLACE)


@bp.get("")
def show() -> PlainResponse:
    """List what waits, mine first, and what became of what I flagged."""
    return _list(staff())


@bp.get("/new")
def form() -> PlainResponse:
    """Show the form for one `article`."""
    staff()
    return answer("desk/flag_form.html", _form(page_for(name("article") or ""), text=request.args.get("text", "")))


@bp.post("")
def send() -> Response:
    """Keep a flag; whoever wrote it is thanked only after it is on disk."""
    me = staff()
    page = page_for(request.form.get("article", ""))
    try:
        _keep(page, me)
    except (Invalid, TooMany, Unavailable) as error:
        return _again(page, error)
    return redirect(f"{PLACE}?done=flagged", 303)


@bp.post("/<uid>/settlement")
def settle(uid: str) -> Response:
    """Say what came of a flag: `verdict` is `mended` or `right`."""
    me = staff()
    try:
        _may_settle(uid, me)
        said = flags.read_answer(request.form.get("answer", ""))
        was_right = request.form.get("verdict", "") != "right"
        flagging.settle(uid, by=me, answer=said, was_right=was_right, at=clock.now())
    except (Invalid, Conflict, NotFound) as error:
        return _list(me, error)
    return redirect(f"{PLACE}?done=settled", 303)


@bp.post("/<uid>/reopening")
def reopen(uid: str) -> Response:
    """Let a flag that was settled wait again."""
    me = staff()
    try:
        _may_settle(uid, me)
        with the(Portal).database.session() as session, transaction(session):
            flags.reopen(session, uid)
    except NotFound as error:
        return _list(me, error)
    return redirect(f"{PLACE}?done=reopened", 303)


@bp.post("/<uid>/withdrawal")
def take_back(uid: str) -> Response:
    """Forget my own flag while it waits."""
    me = staff()
    if not flagging.take_back(uid, by=me):
        return _list(me, Conflict(gettext("This can't be taken back: it is settled by now, or gone already.")))
    return redirect(f"{PLACE}?done=taken-back", 303)


@bp.get("/editor")
def editor() -> Response:
    """Lead to where the file of an `article` is edited, as `portal.toml` says; for lists, which know no files."""
    staff()
    url = flagging.edit_url(page_for(name("article") or ""))
    if not url:
        raise NotFound
    return redirect(url, 303)


def _keep(page: Page, me: User) -> None:
    """Commit a flag. Raises Invalid, TooMany, Unavailable."""
    fields, at = request.form, clock.now()
    fault = flags.read_fault(fields.get("fault", ""))
    said = Complaint(fields.get("uid", ""), fault, flags.read_text(fields.get("text", "")))
    the(Limits).count(RateLimitItemPerHour(FLAGS_AN_HOUR), "flag", address=f"user-{me.id}", today=at.date())
    flagging.keep(page, said, by=me, at=at)


def _may_settle(uid: str, me: User) -> None:
    """Raise RoleTooLow for who neither writes nor looks after the article, NotFound."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        flag = flags.get(session, uid)
    if not may_settle(flag, me):
        raise RoleTooLow(SETTLES)


def _list(me: User, error: PortalError | None = None) -> PlainResponse:
    with unavailable_when_away(), the(Portal).database.session() as session:
        lists = Lists.read(session, me)
    page = page_of(
        lists,
        me,
        topic=name("topic") or "",
        has_mail=the(Portal).settings.smtp_url is not None,
        done="" if error else str(DONE.get(request.args.get("done", ""), "")),
        error=reworded(error) if error else "",
    )
    return answer("desk/flags.html", page, status_of(error) if error else 200)


def _again(page: Page, error: PortalError) -> PlainResponse:
    """Show the form with what was written in it, and why it was not taken."""
    fields = request.form
    shown = _form(page, fault=fields.get("fault", ""), text=fields.get("text", ""), error=reworded(error))
    response = answer("desk/flag_form.html", shown, status_of(error))
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _form(page: Page, *, fault: str = "", text: str = "", error: str = "") -> FlagForm:
    return FlagForm(
        title=gettext("Flag “%(title)s”", title=page.card.title),
        article=page.card,
        owner=flagging.owner_of(page),
        waiting=flagging.notes(page.card.id),
        faults=tuple((one.value, str(words)) for one, words in FAULTS.items()),
        uid=recording.new_uid(),
        fault=fault,
        text=text[:1000],
        error=error,
    )
