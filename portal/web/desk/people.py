"""People: who has an account, and what they may do. For admins."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction, unavailable_when_away
from portal.errors import Conflict, Invalid
from portal.people import accounts, keys, second_factor
from portal.people.models import KeyKind, Role, User
from portal.web import staff
from portal.web.context import the
from portal.web.desk import mails
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.desk.role_words import choices, role_name
from portal.web.room_words import reworded

bp = room("people", "/desk/people")

DONE = {
    "invited": lazy_gettext("The invitation is on its way by mail."),
    "link": lazy_gettext("The link is on its way by mail."),
    "role": lazy_gettext("The role is changed."),
    "disabled": lazy_gettext("The account is shut, and signed out everywhere."),
    "enabled": lazy_gettext("The account is open again."),
    "required": lazy_gettext("From the next sign-in on, a second step is asked for."),
    "not-required": lazy_gettext("The second step is optional for this account."),
    "reset": lazy_gettext("The second step is taken away, and the account signed out everywhere."),
}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One account."""

    id: int
    email: str
    name: str
    role: Role
    role_name: str
    is_me: bool
    is_disabled: bool
    is_awaited: bool
    has_second_factor: bool
    must: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage(DeskPage):
    """desk/people.html."""

    people: tuple[PersonLine, ...]
    roles: tuple[tuple[str, str, str], ...]
    done: str
    error: str = ""
    """What an account's form asked for and can't have."""
    invite_error: str = ""
    link: str = ""
    """Shown this once."""
    link_of: str = ""
    typed: dict[str, str]


@bp.get("")
def show() -> Response:
    """List everybody."""
    staff.staff(Role.ADMIN)
    return answer("desk/people.html", _page())


@bp.post("")
def invite() -> Response:
    """Make an account, and send or show the link that opens it."""
    staff.staff(Role.ADMIN)
    form, at = request.form, clock.now()
    try:
        with the(Portal).database.session() as database, transaction(database):
            user = accounts.add(database, email=form.get("email", "")[:1000], name=form.get("name", "")[:1000],
                                role=_role(), at=at)  # fmt: skip
            token = keys.make_key(database, kind=KeyKind.INVITATION, user_id=user.id, at=at)
    except (Invalid, Conflict) as error:
        return answer("desk/people.html", _page(invite_error=reworded(error)), 422)
    return _deliver(user, KeyKind.INVITATION, token, "invited")


@bp.post("/<int:user_id>/role")
def change_role(user_id: int) -> Response:
    """Give somebody another role."""
    staff.staff(Role.ADMIN)
    role = _role()
    with the(Portal).database.session() as database, transaction(database):
        accounts.set_role(database, user_id, role)
    return _see("role")


@bp.post("/<int:user_id>/access")
def change_access(user_id: int) -> Response:
    """Shut an account, or open it again."""
    staff.staff(Role.ADMIN)
    is_opened = request.form.get("access") == "open"
    with the(Portal).database.session() as database, transaction(database):
        if is_opened:
            accounts.enable(database, user_id)
        else:
            accounts.disable(database, user_id, at=clock.now())
    return _see("enabled" if is_opened else "disabled")


@bp.post("/<int:user_id>/link")
def make_link(user_id: int) -> Response:
    """Send or show a link to choose a password with."""
    staff.staff(Role.ADMIN)
    with the(Portal).database.session() as database, transaction(database):
        user = accounts.get(database, user_id)
        kind = KeyKind.INVITATION if user.is_awaited else KeyKind.RESET
        token = keys.make_key(database, kind=kind, user_id=user_id, at=clock.now())
    return _deliver(user, kind, token, "link")


@bp.post("/<int:user_id>/second-factor")
def require(user_id: int) -> Response:
    """Ask somebody for a second factor from now on, or leave it to them."""
    staff.staff(Role.ADMIN)
    is_required = request.form.get("required") == "yes"
    if is_required and not second_factor.is_available():
        raise Conflict(second_factor.MISSING)
    with the(Portal).database.session() as database, transaction(database):
        accounts.require_second_factor(database, user_id, is_required=is_required)
    return _see("required" if is_required else "not-required")


@bp.post("/<int:user_id>/second-factor/removal")
def reset_second_factor(user_id: int) -> Response:
    """Take a second factor away whose app was lost."""
    staff.staff(Role.ADMIN)
    with the(Portal).database.session() as database, transaction(database):
        second_factor.reset(database, user_id)
    return _see("reset")


@bp.errorhandler(Conflict)
def refuse(error: Conflict) -> Response:
    """Say above the list why an account can't be changed so; everybody stays as they were."""
    return answer("desk/people.html", _page(error=reworded(error)), 409)


def _deliver(user: User, kind: KeyKind, token: str, done: str) -> Response:
    """Mail a link, or show it this once."""
    link = mails.deliver(user, kind, token)
    return answer("desk/people.html", _page(link=link, link_of=user.name)) if link else _see(done)


def _see(done: str) -> Response:
    return redirect(f"/desk/people?done={done}", 303)


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError as error:
        raise Invalid("Choose a role: agent, writer, lead or admin.") from error


def _page(*, error: str = "", invite_error: str = "", link: str = "", link_of: str = "") -> PeoplePage:
    me = staff.staff(Role.ADMIN)
    with unavailable_when_away(), the(Portal).database.session() as database:
        people = tuple(_line(user, me) for user in accounts.everybody(database))
    return PeoplePage(
        title=str(gettext("People")),
        people=people,
        roles=choices(),
        done=str(DONE.get(request.args.get("done", ""), "")),
        error=error,
        invite_error=invite_error,
        link=link,
        link_of=link_of,
        typed={name: request.form.get(name, "")[:300] for name in ("email", "name", "role")} if invite_error else {},
    )


def _line(user: User, me: User) -> PersonLine:
    return PersonLine(
        id=user.id,
        email=user.email,
        name=user.name,
        role=user.role,
        role_name=role_name(user.role),
        is_me=user.id == me.id,
        is_disabled=user.is_disabled,
        is_awaited=user.is_awaited,
        has_second_factor=user.totp_secret is not None,
        must=user.must_use_second_factor,
        seen_at=user.seen_at,
    )
