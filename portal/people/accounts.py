"""Accounts: who works here, and as what. Every change that takes something away ends sessions with it. Edges commit."""

import re
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid, NotFound
from portal.people.models import Role, User, UserKey, UserSession
from portal.people.passwords import Hashed
from portal.text import one_line

MOST_NAME, MOST_EMAIL = 100, 254
_TAG = re.compile(r"(?=.{1,35}$)[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\]+@[^\s@<>\"(),:;\\]+")
_TAKEN = "There is an account with this e-mail address already."
_LAST = "This is the last admin who can sign in. Make somebody else an admin first."


def add(session: Session, *, email: str, name: str, role: Role, at: datetime) -> User:
    """Make an account, which nobody can sign in to before a password is chosen.

    Raises Invalid on an address or a name that can't be used, Conflict when the address has an account.
    """
    user = User(
        email=clean_email(email),
        name=clean_name(name),
        role=role,
        must_use_second_factor=False,
        created_at=at,
    )
    if find(session, user.email):
        raise Conflict(_TAKEN)
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else was quicker
        raise Conflict(_TAKEN) from error
    return user


def find(session: Session, email: str) -> User | None:
    """Return the account of an address, disabled or not."""
    return session.scalars(select(User).where(User.email == _lowered(email))).one_or_none()


def get(session: Session, user_id: int) -> User:
    """Return an account as it is now. Raises NotFound."""
    user = session.get(User, user_id, populate_existing=True)
    if user is None:
        raise NotFound("There is no such account.")
    return user


def named(session: Session, email: str) -> User:
    """Return the account of an address, for whoever names it on purpose. Raises NotFound."""
    user = find(session, email)
    if user is None:
        raise NotFound(f"There is no account for {email}. `portal users list` shows all.")
    return user


def called(session: Session, words: str) -> User | None:
    """Return the open account that is meant where a file names somebody: by its address, or by a name of nobody else.

    Whatever the case. None where it is nobody's, or the name of several.
    """
    wanted = one_line(words).casefold()
    able = [one for one in everybody(session) if wanted and not one.is_disabled]
    found = [one for one in able if one.email.casefold() == wanted]
    found = found or [one for one in able if one.name.casefold() == wanted]
    return found[0] if len(found) == 1 else None


def everybody(session: Session) -> list[User]:
    """Return all accounts by name; the disabled ones last."""
    order = (User.disabled_at.is_not(None), func.lower(User.name), User.id)
    return list(session.scalars(select(User).order_by(*order)))


def is_anybody(session: Session) -> bool:
    """Whether there is an account that somebody could ever sign in to."""
    return session.scalar(select(User.id).where(_is_able()).limit(1)) is not None


def rename(session: Session, user_id: int, name: str) -> User:
    """Give somebody another name. Raises Invalid, NotFound."""
    user = get(session, user_id)
    user.name = clean_name(name)
    session.flush()
    return user


def set_language(session: Session, user_id: int, lang: str | None) -> User:
    """Say which language somebody reads; None for whichever their browser says. Raises Invalid, NotFound."""
    if lang is not None and not _TAG.fullmatch(lang):
        raise Invalid("Choose one of the languages, or none.")
    user = get(session, user_id)
    user.lang = lang
    session.flush()
    return user


def set_role(session: Session, user_id: int, role: Role) -> User:
    """Give somebody another role. Raises Conflict for the last admin, NotFound."""
    user = get(session, user_id)
    if role is not Role.ADMIN:
        _refuse_the_last_admin(session, user)
    user.role = role
    session.flush()
    return user


def disable(session: Session, user_id: int, *, at: datetime) -> User:
    """Shut an account: its sessions and links end at once. Raises Conflict for the last admin, NotFound."""
    user = get(session, user_id)
    _refuse_the_last_admin(session, user)
    user.disabled_at = user.disabled_at or at
    session.flush()
    _end_all(session, user_id)
    return user


def enable(session: Session, user_id: int) -> User:
    """Open a shut account again, with the password it had. Raises NotFound."""
    user = get(session, user_id)
    user.disabled_at = None
    session.flush()
    return user


def set_password(session: Session, user_id: int, password: Hashed) -> User:
    """Keep a new password; all sessions and links of this person end. Raises NotFound.

    password: by `Passwords.hash`, before the transaction began.
    """
    user = get(session, user_id)
    user.password_hash = password
    session.flush()
    _end_all(session, user_id)
    return user


def rehash(session: Session, user_id: int, before: str, password: Hashed) -> None:
    """Keep the same password at today's costs, unless it was changed meanwhile; nobody is signed out."""
    mine = update(User).where(User.id == user_id, User.password_hash == before)
    session.execute(mine.values(password_hash=password))


def require_second_factor(session: Session, user_id: int, *, is_required: bool) -> User:
    """Say whether this person's password alone is not enough. Raises NotFound.

    Sessions of somebody who has no second factor yet end; the next sign-in asks to set one up.
    """
    user = get(session, user_id)
    user.must_use_second_factor = is_required
    session.flush()
    if is_required and user.totp_secret is None:
        session.execute(delete(UserSession).where(UserSession.user_id == user_id))
    return user


def link_subject(session: Session, user_id: int, subject: str) -> User:
    """Tie an account to who they are at the issuer. Raises Conflict when either is tied already."""
    user = get(session, user_id)
    if user.oidc_subject not in {None, subject}:
        raise Conflict("This account is tied to another sign-in already. An admin can look into it.")
    user.oidc_subject = subject
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("This sign-in belongs to another account already.") from error
    return user


def with_subject(session: Session, subject: str) -> User | None:
    """Return the account that is tied to this issuer and subject."""
    return session.scalars(select(User).where(User.oidc_subject == subject)).one_or_none()


def clean_email(email: str) -> str:
    """Return an address as it is kept. Raises Invalid."""
    lowered = _lowered(email)
    if not _EMAIL.fullmatch(lowered) or len(lowered) > MOST_EMAIL:
        raise Invalid("Write an e-mail address such as ada@example.com.")
    return lowered


def clean_name(name: str) -> str:
    """Return a name on one line. Raises Invalid."""
    plain = one_line(name).strip()
    if not plain or len(plain) > MOST_NAME:
        raise Invalid("Write a name of 1 to 100 characters.")
    return plain


def _lowered(email: str) -> str:
    return email.strip().lower()


def _is_able() -> ColumnElement[bool]:
    has_a_way = or_(User.password_hash.is_not(None), User.oidc_subject.is_not(None))
    return and_(User.disabled_at.is_(None), has_a_way)


def _refuse_the_last_admin(session: Session, user: User) -> None:
    """Raise Conflict when no other admin could sign in any more. Locks the admins, so that two can't go at once."""
    able = select(User.id).where(User.role == Role.ADMIN, _is_able()).with_for_update()
    if set(session.scalars(able)) == {user.id}:
        raise Conflict(_LAST)


def _end_all(session: Session, user_id: int) -> None:
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))
    session.execute(delete(UserKey).where(UserKey.user_id == user_id))
