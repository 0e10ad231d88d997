"""Links that work once: the first admin sets up an account, invited people and forgetful ones choose a password."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction, unavailable_when_away
from portal.errors import Invalid, NotFound
from portal.people import accounts, entrance, keys, passwords
from portal.people.models import KeyKind, User
from portal.people.passwords import Passwords
from portal.web.context import the
from portal.web.desk.doorstep import enter, throttle
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.room_words import reworded

bp = room("keys", "/desk/keys")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPage(DeskPage):
    """desk/key.html."""

    is_set_up: bool
    email: str
    name: str
    error: str = ""


@bp.get("/<key>")
def show(key: str) -> Response:
    """Ask for a password; the link is used up only by choosing one."""
    with unavailable_when_away(), the(Portal).database.session() as database:
        kind, user = keys.look_at(database, key, clock.now())
    return answer("desk/key.html", _page(kind, user))


@bp.post("/<key>")
def choose(key: str) -> Response:
    """Keep the password that was chosen, use the link up, and sign in."""
    with unavailable_when_away(), the(Portal).database.session() as database:
        kind, user = keys.look_at(database, key, clock.now())
    try:
        kept = _redeem(key, user)
    except Invalid as error:
        return answer("desk/key.html", _page(kind, user, reworded(error)), 422)
    response = enter(kept.id)
    if response is None:
        raise NotFound
    return response


def _redeem(key: str, user: User | None) -> User:
    """Check and hash what was typed, then write it all at once."""
    email = user.email if user else accounts.clean_email(request.form.get("email", ""))
    name = user.name if user else accounts.clean_name(request.form.get("name", ""))
    chosen = passwords.check(request.form.get("password", "")[:1000], email=email, name=name)
    hashed, at = the(Passwords).hash(chosen), clock.now()
    with the(Portal).database.session() as database, transaction(database):
        _, owner = keys.redeem(database, key, at=at)
        owner = owner or entrance.first_admin(database, email=email, name=name, at=at)
        throttle(owner.email).forget_account(database)
        return accounts.set_password(database, owner.id, hashed)


def _page(kind: KeyKind, user: User | None, error: str = "") -> KeyPage:
    titles = {
        KeyKind.SETUP: gettext("Set up the first account"),
        KeyKind.INVITATION: gettext("Choose a password"),
        KeyKind.RESET: gettext("Choose a new password"),
    }
    return KeyPage(
        title=str(titles[kind]),
        is_set_up=kind is KeyKind.SETUP,
        email=user.email if user else request.form.get("email", ""),
        name=user.name if user else request.form.get("name", ""),
        error=error,
    )
