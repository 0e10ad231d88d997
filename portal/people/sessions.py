"""Sessions: who is signed in, kept here and not in the browser, which holds nothing but a random token.

A session ends when somebody signs out, after IDLE without a request, after LONGEST in any case, when the account is
disabled, and when its password changes.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import Session

from portal.people.models import User, UserSession

IDLE = timedelta(hours=12)
"""A working day: who comes back tomorrow signs in again (OWASP names idle timeouts; NIST 800-63B-4 at most 24 h)."""
LONGEST = timedelta(days=30)
"""However busy (NIST 800-63B, AAL1)."""
HALFWAY = timedelta(minutes=10)
"""How long a session waits for the second factor."""
GRAIN = timedelta(minutes=5)
"""How far `seen_at` may lag, so that reading a page seldom writes."""
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signed:
    """A session that has just begun. `token` goes into the cookie, and is known nowhere else."""

    token: str
    is_complete: bool


def sign_in(session: Session, user: User, *, device: str = "", at: datetime, is_complete: bool | None = None) -> Signed:
    """Begin a session for somebody who was recognised; edges commit.

    is_complete: by default, whether this person needs no second factor.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    done = not user.needs_second_factor if is_complete is None else is_complete
    session.execute(delete(UserSession).where(UserSession.expires_at <= at))
    session.add(
        UserSession(
            token=_digest(token),
            user_id=user.id,
            is_complete=done,
            device=device[:40],
            created_at=at,
            seen_at=at,
            expires_at=at + (LONGEST if done else HALFWAY),
        )
    )
    if done:
        session.execute(update(User).where(User.id == user.id).values(seen_at=at))
    session.flush()
    return Signed(token, done)


def who(session: Session, token: str, at: datetime) -> User | None:
    """Return whose session this is, None when it ended or still waits for the second factor. Writes nothing."""
    return session.scalars(_owner(token, at).where(UserSession.is_complete)).one_or_none()


def waiting(session: Session, token: str, at: datetime) -> User | None:
    """Return who has shown the password and not yet the second factor."""
    return session.scalars(_owner(token, at).where(UserSession.is_complete.is_(False))).one_or_none()


def is_to_be_noted(session: Session, token: str, at: datetime) -> bool:
    """Whether `note` would change anything."""
    seen = session.scalar(select(UserSession.seen_at).where(UserSession.token == _digest(token)))
    return seen is not None and at - seen >= GRAIN


def note(session: Session, token: str, at: datetime) -> None:
    """Write down that this session is in use."""
    user_id = session.scalar(
        update(UserSession).where(UserSession.token == _digest(token)).values(seen_at=at).returning(UserSession.user_id)
    )
    session.execute(update(User).where(User.id == user_id).values(seen_at=at))


def complete(session: Session, token: str, user: User, *, at: datetime) -> Signed:
    """Go on with a session whose second factor was shown, under a new token; the old one ends."""
    device = session.scalar(select(UserSession.device).where(UserSession.token == _digest(token))) or ""
    sign_out(session, token)
    return sign_in(session, user, device=device, at=at, is_complete=True)


def sign_out(session: Session, token: str) -> None:
    """End a session; one that has ended is no mistake."""
    session.execute(delete(UserSession).where(UserSession.token == _digest(token)))


def sign_out_everywhere(session: Session, user_id: int, *, but: str = "") -> int:
    """End all of somebody's sessions but the one of this token; return how many."""
    ended = delete(UserSession).where(UserSession.user_id == user_id, UserSession.token != _digest(but))
    return len(session.scalars(ended.returning(UserSession.token)).all())


def of_user(session: Session, user_id: int, at: datetime) -> list[UserSession]:
    """Return where somebody is signed in, the latest use first."""
    mine = select(UserSession).where(UserSession.user_id == user_id, UserSession.is_complete, *_alive(at))
    return list(session.scalars(mine.order_by(UserSession.seen_at.desc(), UserSession.token)))


def is_of(one: UserSession, token: str) -> bool:
    """Whether this session is the one of a token."""
    return one.token == _digest(token)


def _owner(token: str, at: datetime) -> Select[User]:
    ours = select(User).join(UserSession, UserSession.user_id == User.id).where(UserSession.token == _digest(token))
    return ours.where(*_alive(at), User.disabled_at.is_(None))


def _alive(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return UserSession.expires_at > at, UserSession.seen_at > at - IDLE


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
