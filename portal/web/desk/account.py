"""My account: name, password, second factor, and where I am signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction, unavailable_when_away
from portal.errors import Invalid
from portal.people import accounts, passwords, second_factor, sessions
from portal.people.models import User
from portal.people.passwords import Passwords
from portal.web import staff
from portal.web.context import site, the
from portal.web.desk.doorstep import device, throttle
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.desk.role_words import role_name
from portal.web.languages import own_name
from portal.web.room_words import reworded
from portal.web.speech import OWN, Catalogues, speaks

bp = room("account", "/desk/account")

DONE = {
    "name": lazy_gettext("Your name is changed."),
    "language": lazy_gettext("Your language is changed."),
    "password": lazy_gettext("Your password is changed. You are signed out everywhere else."),
    "second-factor": lazy_gettext("The second step is set up. You are asked for a code at your next sign-in."),
    "second-factor-removed": lazy_gettext("The second step is taken away. Your password alone is enough from now on."),
    "sessions": lazy_gettext("You are signed out everywhere else."),
}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One device."""

    device: str
    seen_at: datetime
    created_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage(DeskPage):
    """desk/account.html."""

    user: User
    role: str
    languages: tuple[tuple[str, str], ...]
    """(tag, own name) of those that the desk speaks."""
    letters: str
    """Own name of the language that mails come in while none is chosen."""
    sessions: tuple[SessionLine, ...]
    can_second_factor: bool
    missing: str
    done: str
    errors: dict[str, str]
    """What is wrong with a form, by its name: name, language, password, second-factor."""


@bp.get("")
def show() -> Response:
    """Show my account."""
    return answer("desk/account.html", _page(staff.staff()))


@bp.post("/name")
def rename() -> Response:
    """Give me another name."""
    user = staff.staff()

    def change() -> None:
        with the(Portal).database.session() as database, transaction(database):
            accounts.rename(database, user.id, request.form.get("name", "")[:1000])

    return _change(user, "name", change)


@bp.post("/language")
def change_language() -> Response:
    """Let the desk, and mails to me, speak `lang`; empty for what my browser says."""
    user, lang = staff.staff(), request.form.get("lang", "") or None

    def change() -> None:
        if lang is not None and lang not in the(Catalogues).languages:
            raise Invalid(gettext("Choose one of the languages, or none."))
        with the(Portal).database.session() as database, transaction(database):
            accounts.set_language(database, user.id, lang)

    return _change(user, "language", change)


@bp.post("/password")
def change_password() -> Response:
    """Give me another password, and end my sessions but for a new one here."""
    user = staff.staff()
    return _change(user, "password", lambda: _change_password(user))


@bp.post("/second-factor/removal")
def remove_second_factor() -> Response:
    """Go without the second factor, for whoever may; a present code proves that it is me."""
    user = staff.staff()
    return _change(user, "second-factor", lambda: _remove_second_factor(user), done="second-factor-removed")


@bp.post("/sessions/removal")
def end_sessions() -> Response:
    """Sign me out everywhere but here."""
    user = staff.staff()
    with the(Portal).database.session() as database, transaction(database):
        sessions.sign_out_everywhere(database, user.id, but=staff.token())
    return redirect("/desk/account?done=sessions", 303)


def _change_password(user: User) -> None:
    tries, at, hasher = throttle(user.email), clock.now(), the(Passwords)
    with the(Portal).database.session() as database, transaction(database):
        tries.count(database, at)
    if user.password_hash and not hasher.is_right(user.password_hash, request.form.get("present", "")[:1000]):
        raise Invalid("That is not your present password.")
    chosen = passwords.check(request.form.get("password", "")[:1000], email=user.email, name=user.name)
    hashed = hasher.hash(chosen)
    with the(Portal).database.session() as database, transaction(database):
        tries.forget(database)
        accounts.set_password(database, user.id, hashed)
        signed = sessions.sign_in(database, user, device=device(), at=at, is_complete=True)
    staff.begin(user, signed)


def _remove_second_factor(user: User) -> None:
    if user.must_use_second_factor:
        raise Invalid("Your account must have a second step. An admin can change that.")
    tries, at = throttle(f"second factor {user.id}"), clock.now()
    with the(Portal).database.session() as database, transaction(database):
        tries.count(database, at)
    step = second_factor.step_of(user.totp_secret, request.form.get("code", "")[:20], at) if user.totp_secret else None
    with the(Portal).database.session() as database, transaction(database):
        if step is None or not second_factor.use_up(database, user, step):
            raise Invalid("This code is not right, or was used before. Wait for the next one and type it in.")
        tries.forget(database)
        second_factor.reset(database, user.id, but=staff.token())


def _change(user: User, form: str, change: Callable[[], None], *, done: str = "") -> Response:
    """Do what a form asks for; what it can't have is said beside it."""
    try:
        change()
    except Invalid as error:
        return answer("desk/account.html", _page(user, {form: reworded(error)}), 422)
    return redirect(f"/desk/account?done={done or form}", 303)


def _page(user: User, errors: dict[str, str] | None = None) -> AccountPage:
    held = staff.token()
    with unavailable_when_away(), the(Portal).database.session() as database:
        lines = tuple(
            SessionLine(
                one.device or str(gettext("Unknown browser")), one.seen_at, one.created_at, sessions.is_of(one, held)
            )
            for one in sessions.of_user(database, user.id, clock.now())
        )
    return AccountPage(
        title=str(gettext("Your account")),
        user=user,
        role=role_name(user.role),
        languages=tuple((one, own_name(one)) for one in sorted(the(Catalogues).languages)),
        letters=own_name(speaks(next(iter(site().languages), OWN))),
        sessions=lines,
        can_second_factor=second_factor.is_available(),
        missing=reworded(second_factor.MISSING),
        done=str(DONE.get(request.args.get("done", ""), "")),
        errors=errors or {},
    )
