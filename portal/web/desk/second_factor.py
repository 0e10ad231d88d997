"""The second factor: shown after the password, and set up where it is new or where it must be."""

import base64
import hmac
from dataclasses import dataclass

from flask import redirect, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import second_factor, sessions
from portal.people.models import User
from portal.web import staff
from portal.web.context import site, the
from portal.web.desk.doorstep import lead_on, onward, throttle
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.speech import desk_language

_SECRET_BYTES = 20
ACCOUNT = "/desk/account"

bp = room("second_factor", "/desk/second-factor")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorPage(DeskPage):
    """desk/second_factor.html."""

    onward: str
    is_new: bool
    must: bool
    picture: Markup | None = None
    secret: str = ""
    """In groups of four, for typing."""
    error: str = ""


@bp.get("")
def show() -> Response:
    """Ask for a code; who has no second factor yet is shown how to get one."""
    user = _somebody()
    if staff.signed_in() and user.totp_secret:
        return redirect(ACCOUNT, 303)
    return answer("desk/second_factor.html", _page(user))


@bp.post("")
def check() -> Response:
    """Take a code: it lets somebody in, or shows that the app has the secret."""
    user, at = _somebody(), clock.now()
    tries = throttle(f"second factor {user.id}")
    with the(Portal).database.session() as database, transaction(database):
        tries.count(database, at)
    secret = user.totp_secret or _offered()
    step = second_factor.step_of(secret, request.form.get("code", "")[:20], at)
    is_inside = staff.signed_in() is not None
    if step is None:
        return _wrong(user)
    with the(Portal).database.session() as database, transaction(database):
        if user.totp_secret is None:
            second_factor.enrol(database, user.id, secret, step)
        elif not second_factor.use_up(database, user, step):
            return _wrong(user)
        tries.forget(database)
        signed = sessions.complete(database, staff.token(), user, at=at)
    response = lead_on(user, signed)
    return redirect(f"{ACCOUNT}?done=second-factor", 303) if is_inside else response


def _somebody() -> User:
    """Return who has at least shown the password. Raises SignInNeeded."""
    return staff.signed_in() or staff.half_signed_in()


def _wrong(user: User) -> Response:
    error = gettext("This code is not right, or was used before. Wait for the next one and type it in.")
    return answer("desk/second_factor.html", _page(user, str(error)), 422)


def _page(user: User, error: str = "") -> SecondFactorPage:
    if user.totp_secret:
        return SecondFactorPage(
            title=str(gettext("Second step")), onward=onward(), is_new=False, must=True, error=error
        )
    secret = _offered()
    address = second_factor.address(secret, email=user.email, name=site().name_in(desk_language()))
    return SecondFactorPage(
        title=str(gettext("Set up the second step")),
        onward=onward(),
        is_new=True,
        must=user.must_use_second_factor,
        picture=Markup(second_factor.picture(address)),  # noqa: S704 - drawn by segno from our own address
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        error=error,
    )


def _offered() -> str:
    """Return the secret that this session is offered: the same at every visit, kept nowhere until a code proves it."""
    whole = hmac.digest(the(Portal).settings.secret(), b"second factor:" + staff.token().encode(), "sha256")
    return base64.b32encode(whole[:_SECRET_BYTES]).decode("ascii")
