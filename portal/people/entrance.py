"""The entrance: from what was typed to a session.

Three steps, so that no transaction is open while a password is hashed: `knock` counts the try, `compare` hashes,
`enter_by_password` begins the session. Edges commit after the first and the last.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.people import accounts, sessions
from portal.people.models import Role, User
from portal.people.passwords import Hashed, Passwords
from portal.people.sessions import Signed
from portal.people.throttles import Throttle


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody at the door. `kept` is the hash to compare with; None, and nothing will be right."""

    tries: Throttle
    user: User | None
    kept: str | None


def knock(session: Session, email: str, tries: Throttle, *, at: datetime) -> Knock:
    """Count a try and look the account up. Raises TooMany. An account that is shut counts as none."""
    tries.count(session, at)
    user = accounts.find(session, email)
    is_open = user is not None and not user.is_disabled
    return Knock(tries, user if is_open else None, user.password_hash if user and is_open else None)


def compare(who: Knock, password: str, passwords: Passwords) -> tuple[bool, Hashed | None]:
    """Return whether the password is right, and its hash at today's costs where the kept one is older.

    The same work is done for everybody who is refused.
    """
    is_right = passwords.is_right(who.kept, password)
    is_old = is_right and passwords.is_outdated(who.kept or "")
    return is_right, passwords.hash(password) if is_old else None


def enter_by_password(  # noqa: PLR0913 - a session is all of these
    session: Session,
    who: Knock,
    again: Hashed | None,
    *,
    device: str,
    instead_of: str,
    at: datetime,
    lang: str | None = None,
) -> tuple[User, Signed] | None:
    """Begin a session after `compare`; None when the account was shut or got another password meanwhile.

    lang: as for `enter`.
    """
    if who.user is None or who.kept is None:
        return None
    present = accounts.get(session, who.user.id)
    if present.password_hash != who.kept:
        return None
    signed = enter(session, present.id, device=device, instead_of=instead_of, at=at, lang=lang)
    if signed and again:
        accounts.rehash(session, present.id, who.kept, again)
    if signed:
        who.tries.forget(session)
    return signed


def enter(  # noqa: PLR0913 - a session is all of these
    session: Session, user_id: int, *, device: str, instead_of: str, at: datetime, lang: str | None = None
) -> tuple[User, Signed] | None:
    """Begin a session of somebody who was recognised; None for an account that is shut.

    instead_of: the token that this browser held, whose session ends; may be empty. lang: what the browser asks for;
    remembered at the first sign-in of somebody for whom nobody chose one, and never again.
    """
    user = accounts.get(session, user_id)
    if user.is_disabled:
        return None
    if lang and user.lang is None and user.seen_at is None:
        accounts.set_language(session, user_id, lang)
    sessions.sign_out(session, instead_of)
    return user, sessions.sign_in(session, user, device=device, at=at)


def first_admin(session: Session, *, email: str, name: str, at: datetime) -> User:
    """Return the account of the first admin; one with this address that nobody ever used becomes it."""
    there = accounts.find(session, email)
    if there is None:
        return accounts.add(session, email=email, name=name, role=Role.ADMIN, at=at)
    accounts.rename(session, there.id, name)
    accounts.enable(session, there.id)
    return accounts.set_role(session, there.id, Role.ADMIN)
