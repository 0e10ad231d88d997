"""The sign-in, and the way back in for who forgot the password. Known and unknown addresses are answered alike."""

from dataclasses import dataclass

from flask import redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.content.site import Site
from portal.db import transaction
from portal.outbox.mail import Mailer
from portal.people import accounts, entrance, keys, sessions
from portal.people.models import KeyKind
from portal.people.passwords import Passwords
from portal.web import staff
from portal.web.context import site, the
from portal.web.desk import mails
from portal.web.desk.doorstep import device, lead_on, onward, throttle
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.speech import browser_language, desk_language

bp = room("sign_in", "/desk")
leaving = room("leaving", "/desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(DeskPage):
    """desk/sign_in.html."""

    onward: str
    email: str = ""
    error: str = ""
    can_ask: bool
    """Whether a new password can be asked for by mail."""
    issuer: str
    """Name of the other way to sign in; empty without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenPage(DeskPage):
    """desk/forgotten.html."""

    is_sent: bool
    can_ask: bool


@bp.get("")
def desk() -> Response:
    """Lead to the first room."""
    staff.staff()
    return redirect("/desk/inbox", 303)


@bp.get("/sign-in")
def show() -> Response:
    """Ask who is there."""
    if staff.signed_in():
        return redirect(onward(), 303)
    return answer("desk/sign_in.html", _page())


@bp.post("/sign-in")
def sign_in() -> Response:
    """Sign somebody in by address and password."""
    email, password = request.form.get("email", "")[:300], request.form.get("password", "")[:1000]
    response = _try(email, password)
    if response is None:
        error = gettext("No account fits this e-mail address and password. Look for typing mistakes, and try again.")
        return answer("desk/sign_in.html", _page(email, str(error)), 422)
    return response


@bp.get("/forgotten")
def ask_for_link() -> Response:
    """Ask for the address to send a link to."""
    return answer("desk/forgotten.html", _forgotten(is_sent=False))


@bp.post("/forgotten")
def send_link() -> Response:
    """Mail a link to whoever has an account, and say the same to everybody."""
    email = request.form.get("email", "")[:300]
    with the(Portal).database.session() as database, transaction(database):
        throttle(f"forgotten {email}").count(database, clock.now())
    if mails.can_be_asked_for():
        portal, about, lang, base = the(Portal), site(), desk_language(), mails.link_to("")
        mails.beside(lambda: _mail_link(portal, email, about, lang, base))
    return answer("desk/forgotten.html", _forgotten(is_sent=True))


@leaving.post("/sign-out")
def sign_out() -> Response:
    """End this session, here and in the database; who is not signed in is led on all the same."""
    with the(Portal).database.session() as database, transaction(database):
        sessions.sign_out(database, staff.token())
    staff.end()
    return redirect(staff.SIGN_IN, 303)


def _try(email: str, password: str) -> Response | None:
    """Count, compare, enter; None for whoever is not to enter."""
    portal, passwords = the(Portal), the(Passwords)
    with portal.database.session() as database, transaction(database):
        who = entrance.knock(database, email, throttle(email), at=clock.now())
    is_right, again = entrance.compare(who, password, passwords)
    if not is_right:
        return None
    with portal.database.session() as database, transaction(database):
        entered = entrance.enter_by_password(
            database, who, again, device=device(), instead_of=staff.token(), at=clock.now(), lang=browser_language()
        )
    return lead_on(*entered) if entered else None


def _mail_link(portal: Portal, email: str, about: Site, lang: str, base: str) -> None:
    """Make a link and mail it, if the address has an account that is open; runs beside the request.

    lang: what who asks for it is spoken to in, where the account has none.
    """
    with portal.database.session() as database, transaction(database):
        user = accounts.find(database, email)
        if user is None or user.is_disabled:
            return
        token = keys.make_key(database, kind=KeyKind.RESET, user_id=user.id, at=clock.now())
    letter = mails.letter_for(user, KeyKind.RESET, about, lang)
    Mailer(portal.settings).send(user.email, letter.subject, letter.text(base + token))


def _page(email: str = "", error: str = "") -> SignInPage:
    settings = the(Portal).settings
    return SignInPage(
        title=str(gettext("Sign in")),
        onward=onward(),
        email=email,
        error=error,
        can_ask=mails.can_be_asked_for(),
        issuer=(settings.oidc_issuer or "").partition("://")[2].partition("/")[0],
    )


def _forgotten(*, is_sent: bool) -> ForgottenPage:
    return ForgottenPage(title=str(gettext("Forgot your password?")), is_sent=is_sent, can_ask=mails.can_be_asked_for())
