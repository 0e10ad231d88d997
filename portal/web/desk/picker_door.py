"""The picker's own door in the frame: browsers don't send the desk's cookie into another site's page.

By address and password, and the code of the second step where the account asks for one; whoever has neither, because
a company's own sign-in lets them in, finds the picker's page at the desk.
"""

from dataclasses import dataclass

from flask import Response, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.errors import PortalError
from portal.people import entrance, second_factor, sessions
from portal.people.models import User
from portal.people.passwords import Passwords
from portal.people.sessions import Signed
from portal.web import staff
from portal.web.context import site, the
from portal.web.desk.doorstep import device, throttle
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.desk.picker import refuse
from portal.web.desk.picker_places import FRAME_CODE, FRAME_SIGN_IN
from portal.web.security import framed_by
from portal.web.staff import FRAME

bp = room("picker_door", FRAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPage(DeskPage):
    """desk/picker_door.html."""

    wants_code: bool
    email: str = ""
    error: str = ""


@bp.get("/sign-in")
def show() -> AnyResponse:
    """Ask who is there."""
    if staff.signed_in():
        return redirect(FRAME, 303)
    return answer("desk/picker_door.html", DoorPage(title=str(gettext("Sign in")), wants_code=False))


@bp.post("/sign-in")
def sign_in() -> AnyResponse:
    """Sign somebody in by address and password."""
    email, password = request.form.get("email", "")[:300], request.form.get("password", "")[:1000]
    entered = _enter(email, password)
    if entered is None:
        error = gettext("No account fits this e-mail address and password. Look for typing mistakes, and try again.")
        page = DoorPage(title=str(gettext("Sign in")), wants_code=False, email=email, error=str(error))
        return answer("desk/picker_door.html", page, 422)
    user, signed = entered
    staff.begin(user, signed)
    return redirect(FRAME if signed.is_complete else FRAME_CODE, 303)


@bp.get("/code")
def ask_for_code() -> Response:
    """Ask for the code of the second step; it is set up at the desk, where there is room for the picture."""
    user = staff.half_signed_in()
    error = "" if user.totp_secret else gettext("Set up the second step at the desk first, then sign in here.")
    return _code(str(error))


@bp.post("/code")
def check_code() -> AnyResponse:
    """Take a code."""
    user, at = staff.half_signed_in(), clock.now()
    tries = throttle(f"second factor {user.id}")
    with the(Portal).database.session() as database, transaction(database):
        tries.count(database, at)
    step = second_factor.step_of(user.totp_secret, request.form.get("code", "")[:20], at) if user.totp_secret else None
    with the(Portal).database.session() as database, transaction(database):
        if step is None or not second_factor.use_up(database, user, step):
            error = gettext("This code is not right, or was used before. Wait for the next one and type it in.")
            return _code(str(error), 422)
        tries.forget(database)
        signed = sessions.complete(database, staff.token(), user, at=at)
    staff.begin(user, signed)
    return redirect(FRAME, 303)


@bp.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the frame's session, here and in the database."""
    with the(Portal).database.session() as database, transaction(database):
        sessions.sign_out(database, staff.token())
    staff.end()
    return redirect(FRAME_SIGN_IN, 303)


@bp.after_request
def let_frames(response: Response) -> Response:
    """Let the origins that `portal.toml` names show the door too."""
    return framed_by(response, site().picker.origins)


bp.register_error_handler(PortalError, refuse)


def _enter(email: str, password: str) -> tuple[User, Signed] | None:
    """Count, compare, enter; None for whoever is not to enter."""
    portal, passwords = the(Portal), the(Passwords)
    with portal.database.session() as database, transaction(database):
        who = entrance.knock(database, email, throttle(email), at=clock.now())
    is_right, again = entrance.compare(who, password, passwords)
    if not is_right:
        return None
    with portal.database.session() as database, transaction(database):
        return entrance.enter_by_password(
            database, who, again, device=device(), instead_of=staff.token(), at=clock.now()
        )


def _code(error: str, status: int = 200) -> Response:
    page = DoorPage(title=str(gettext("Second step")), wants_code=True, error=error)
    return answer("desk/picker_door.html", page, status)
