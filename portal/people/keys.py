"""Keys: links that work once, for the first admin, an invitation, a new password. Only their hashes are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.people.accounts import is_anybody
from portal.people.models import KeyKind, User, UserKey

LASTS = {
    KeyKind.INVITATION: timedelta(days=7),
    KeyKind.RESET: timedelta(hours=2),
    KeyKind.SETUP: timedelta(hours=24),
}
_TOKEN_BYTES = 32
_GONE = "This link has been used, or its time is over. Ask for a new one."


def make_key(session: Session, *, kind: KeyKind, user_id: int | None, at: datetime) -> str:
    """Return the token of a new link; earlier ones of the same person end. user_id: None for the set-up alone."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.execute(delete(UserKey).where(UserKey.expires_at <= at))
    if user_id is not None:
        session.execute(delete(UserKey).where(UserKey.user_id == user_id))
    key = UserKey(token=_digest(token), kind=kind, user_id=user_id, created_at=at, expires_at=at + LASTS[kind])
    session.add(key)
    session.flush()
    return token


def look_at(session: Session, token: str, at: datetime) -> tuple[KeyKind, User | None]:
    """Return what a link is for, and for whom; uses nothing up. Raises NotFound alike for used, old and made up."""
    key = session.scalars(select(UserKey).where(UserKey.token == _digest(token))).one_or_none()
    if key is None or key.used_at is not None or key.expires_at <= at:
        raise NotFound(_GONE)
    return key.kind, _person(session, key)


def redeem(session: Session, token: str, *, at: datetime) -> tuple[KeyKind, User | None]:
    """Use a link up; of two at once one wins. Raises NotFound as `look_at` does."""
    change = (
        update(UserKey)
        .where(UserKey.token == _digest(token), UserKey.used_at.is_(None), UserKey.expires_at > at)
        .values(used_at=at)
        .returning(UserKey)
    )
    key = session.scalars(change, execution_options={"populate_existing": True}).one_or_none()
    if key is None:
        raise NotFound(_GONE)
    return key.kind, _person(session, key)


def _person(session: Session, key: UserKey) -> User | None:
    """Return whose link it is. Raises NotFound for a disabled account, and for a set-up when somebody is there."""
    if key.kind is KeyKind.SETUP:
        if is_anybody(session):
            raise NotFound(_GONE)
        return None
    enabled = select(User).where(User.id == key.user_id, User.disabled_at.is_(None))
    user = session.scalars(enabled).one_or_none()
    if user is None:
        raise NotFound(_GONE)
    return user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
