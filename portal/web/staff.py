"""Staff at the shore: who is signed in, what they may do, and that a change was asked for by a page of ours.

Flask-Login is glue: it asks this module whose session a cookie names. The cookie holds a random token and nothing
else, is set at signing in alone, and without it no question goes to the database. For desk, help and api.
"""

import hmac
from contextlib import suppress
from urllib.parse import urlencode

from flask import Flask, Request, g, has_request_context, redirect, request, session
from flask.sessions import SessionInterface, SessionMixin
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction, unavailable_when_away
from portal.errors import Forbidden, PortalError, Unavailable
from portal.people import sessions
from portal.people.models import Role, User
from portal.people.sessions import LONGEST, Signed
from portal.web.context import the

COOKIE = "staff"
DESK = "/desk"
SIGN_IN = "/desk/sign-in"
PICKER = "/desk/picker"
FRAME, FRAME_COOKIE = f"{PICKER}/frame", "staff-frame"
"""The picker beside another help desk, and the cookie that it has for itself: `COOKIE` is for our own pages alone."""
FIELD, HEADER = "csrf", "X-CSRF"
"""Where a form, or a script, puts what `csrf_token` returned."""
OPEN = frozenset({"sign_in", "keys"})
"""Blueprints for people who have no session yet; their forms rest on the same-site check of `web/security.py`."""
_TOKEN = "_user_id"  # noqa: S105 - Flask-Login's name of what get_id() returned
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_TOKEN = 100


class SignInNeeded(PortalError):
    """Nobody is signed in; answered with the way to the sign-in, and back."""


class RoleTooLow(Forbidden):
    """Somebody is signed in who may not do this. `least` is the role that may."""

    def __init__(self, least: Role) -> None:
        """least: the lowest role that may."""
        super().__init__(gettext("Your account may not do this. An admin can give it another role."))
        self.least = least


class FormOutOfDate(Forbidden):
    """A form came without its session's own token."""


class SignedIn(UserMixin):  # type: ignore[misc] # Flask-Login isn't typed
    """What Flask-Login carries: a user, and the token of this session in place of an id."""

    def __init__(self, user: User, token: str) -> None:
        """user: detached from its database session."""
        self.user = user
        self.token = token

    def get_id(self) -> str:
        """Return what goes into the cookie."""
        return self.token


def install(app: Flask) -> None:
    """Let staff sign in to this app, and refuse changes at the desk that no page of the desk asked for."""
    app.session_interface = _TokenCookie()
    app.secret_key = hmac.digest(the_secret(app), b"flask", "sha256")
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None
    manager.user_loader(_load)
    app.before_request(check_csrf)
    app.after_request(_keep_private)
    app.register_error_handler(SignInNeeded, to_sign_in)
    app.teardown_appcontext(lambda _: g.pop("_login_user", None))


def the_secret(app: Flask) -> bytes:
    """Return the portal's secret, from which ours are derived."""
    with app.app_context():
        return the(Portal).settings.secret()


def signed_in() -> User | None:
    """Return who is signed in, None for everybody else. Asks the database once a request, and only with a cookie.

    Raises Unavailable when there is a cookie and the database is away.
    """
    if not has_request_context() or not token():
        return None
    return current_user.user if current_user.is_authenticated else None


def staff(least: Role = Role.AGENT) -> User:
    """Return who is signed in. Raises SignInNeeded, RoleTooLow (403) for a role below `least`, Unavailable."""
    user = signed_in()
    if user is None:
        raise SignInNeeded
    if not user.role.reaches(least):
        raise RoleTooLow(least)
    return user


def half_signed_in() -> User:
    """Return who has shown the password and not yet the second factor. Raises SignInNeeded."""
    with unavailable_when_away(), the(Portal).database.session() as database:
        user = sessions.waiting(database, token(), clock.now()) if token() else None
    if user is None:
        raise SignInNeeded
    return user


def token() -> str:
    """Return the token that the cookie holds, whether or not its session is alive; empty without one."""
    held: str = session.get(_TOKEN, "")
    return held


def begin(user: User, signed: Signed) -> None:
    """Hand this browser a session that was committed."""
    login_user(SignedIn(user, signed.token))


def end() -> None:
    """Take the cookie back; the caller ends the session itself."""
    logout_user()


def csrf_token() -> str:
    """Return what every form of the desk sends back in `csrf`; tied to the session, empty without one."""
    held = token()
    if not held:
        return ""
    return hmac.digest(the(Portal).settings.secret(), b"csrf:" + held.encode("utf-8", "replace"), "sha256").hex()


def check_csrf() -> None:
    """Refuse a change below /desk that comes without its session's own token. Raises Forbidden.

    Without a session there is nothing to ride on: the view asks for the sign-in.
    """
    if request.method in _SAFE_METHODS or not is_below(request.path, DESK) or request.blueprint in OPEN or not token():
        return
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not hmac.compare_digest(sent.encode("utf-8", "replace"), csrf_token().encode()):
        raise FormOutOfDate(gettext("Go back, load the page again and send it once more."))


def next_or(fallback: str, asked: str | None) -> str:
    """Return the address to go on to after signing in: the one asked for if it lies within this portal.

    It begins with one `/`, holds no backslash and nothing up to a space, and so has neither scheme nor host.
    """
    wanted = asked or ""
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    is_plain = all(ord(character) > ord(" ") and character.isprintable() for character in wanted)
    return wanted if is_ours and is_plain else fallback


def is_below(path: str, folder: str) -> bool:
    """Whether an address is this one, or lies below it."""
    return path == folder or path.startswith(folder + "/")


def to_sign_in(_: PortalError) -> Response:
    """Lead to the sign-in, and from there back to the page that was asked for."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    asking = f"?{urlencode({'next': wanted})}" if next_or("", wanted) not in {"", DESK} else ""
    return redirect(SIGN_IN + asking, 303)


def _keep_private(response: Response) -> Response:
    """Let nobody keep or list a page of the desk, whichever room made it."""
    if is_below(request.path, DESK):
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _load(held: str) -> SignedIn | None:
    """Return whose session a cookie names, and note now and then that it is in use."""
    at = clock.now()
    with unavailable_when_away(), the(Portal).database.session() as database:
        user = sessions.who(database, held, at)
        if user is None:
            return None
        if sessions.is_to_be_noted(database, held, at):
            with suppress(Unavailable), transaction(database):
                sessions.note(database, held, at)
    return SignedIn(user, held)


class _Held(dict[str, object], SessionMixin):
    """Flask's session, in which nothing is kept but the token."""


class _TokenCookie(SessionInterface):
    """The cookie with the token: HttpOnly, SameSite=Lax, Secure on https, written only when it changes.

    The frame of the picker stands in another site's page, where browsers send no such cookie. It has one of its own,
    partitioned (CHIPS), so that it is kept apart for each of those sites, and sent and read below FRAME alone; a
    change that other sites ask for is refused by `web/security.py` and `check_csrf` as everywhere.
    """

    def open_session(self, app: Flask, request: Request) -> _Held:  # noqa: ARG002 - Flask's signature
        held = _held(request)
        return _Held({_TOKEN: held} if held and len(held) <= _MOST_TOKEN else {})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        before, now = _held(request), str(session.get(_TOKEN, ""))
        if now == before or (not now and len(before) > _MOST_TOKEN):
            return
        if is_below(request.path, FRAME):
            _keep_in_frame(response, now)
        elif not now:
            response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
        else:
            response.set_cookie(COOKIE, now, max_age=LONGEST, httponly=True, samesite="Lax", secure=request.is_secure)


def _held(request: Request) -> str:
    """Return the token that a request brings; the frame's own comes first below FRAME, and is read nowhere else."""
    own = request.cookies.get(FRAME_COOKIE, "") if is_below(request.path, FRAME) else ""
    return own or request.cookies.get(COOKIE, "")


def _keep_in_frame(response: Response, token: str) -> None:
    """Set the frame's cookie, or take it away. Always Secure: browsers take `SameSite=None` on no other condition."""
    kept = LONGEST if token else 0
    response.set_cookie(
        FRAME_COOKIE, token, max_age=kept, path=FRAME, httponly=True, samesite="None", secure=True, partitioned=True
    )
