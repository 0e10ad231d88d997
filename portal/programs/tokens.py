"""Tokens: made for an account, shown once, looked up, revoked. Verbs flush; edges commit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from portal.errors import Forbidden, Invalid, NotFound
from portal.people.models import Role, User
from portal.programs.models import ApiToken
from portal.programs.scopes import Scope as Scope  # noqa: PLC0414 - whoever asks for a token names scopes too
from portal.programs.scopes import read_scopes, within
from portal.programs.token_text import BEGINNING, digest, is_token, new_token
from portal.text import one_line

DAYS = 90
"""How long a token lasts unless its maker says otherwise: a quarter, so that one that was forgotten ends by itself."""
MOST_DAYS = 366
MOST_TOKENS = 50
"""Living tokens of one account; more are no longer looked after by anybody."""
GRAIN = timedelta(minutes=5)
"""How far `used_at` may lag, so that asking seldom writes."""
_MOST_NAME = 100


class Trouble(StrEnum):
    """Why a token is not taken."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SHUT = "shut"
    """The account is shut."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """The program that asks, and for whom."""

    token: int
    """Number of the token."""
    name: str
    user: User
    """Detached from its database session."""
    scopes: frozenset[Scope]
    """Those that the account's role may still have."""
    expires_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A token in a list, with its owner."""

    token: ApiToken
    owner: User

    @property
    def scopes(self) -> frozenset[Scope]:
        """Return what it may do now."""
        return within(read_scopes(self.token.scopes), self.owner.role)

    def trouble(self, at: datetime) -> Trouble | None:
        """Return why it is not taken; None for one that lives."""
        return _trouble(self.token, self.owner, at)


def make(  # noqa: PLR0913 - a token is all of these
    session: Session,
    *,
    user: User,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None,
    at: datetime,
) -> tuple[ApiToken, str]:
    """Make a token for an account; returns it with its text, which is known nowhere else.

    Raises Invalid for a name, scopes or an end that can't be used, Forbidden for scopes that the role may not have.
    """
    plain = one_line(name).strip()
    if not plain or len(plain) > _MOST_NAME:
        raise Invalid("Write what the token is for, in 1 to 100 characters.")
    _check_scopes(user, scopes)
    _check_end(user, expires_at, at)
    if _living(session, user, at) >= MOST_TOKENS:
        raise Invalid(f"This account has {MOST_TOKENS} tokens. Revoke those that nobody needs first.")
    text = new_token()
    token = ApiToken(
        token=digest(text),
        beginning=text[:BEGINNING],
        name=plain,
        user_id=user.id,
        scopes=" ".join(sorted(scopes)),
        created_at=at,
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    return token, text


def who(session: Session, token: str, at: datetime) -> Bearer | None:
    """Return whose token this is; None for one that is not taken, whatever the reason. Writes nothing."""
    found = _find(session, token)
    if found is None or found.trouble(at):
        return None
    one = found.token
    return Bearer(one.id, one.name, found.owner, found.scopes, one.expires_at, one.used_at)


def why_not(session: Session, token: str, at: datetime) -> Trouble:
    """Return why `who` knew nobody. Who holds a token that was true once may know what became of it."""
    found = _find(session, token)
    return (found.trouble(at) if found else None) or Trouble.UNKNOWN


def is_to_be_noted(bearer: Bearer, at: datetime) -> bool:
    """Whether `note` would change anything."""
    return bearer.used_at is None or at - bearer.used_at >= GRAIN


def note(session: Session, bearer: Bearer, at: datetime) -> None:
    """Write down that a token is in use."""
    session.execute(update(ApiToken).where(ApiToken.id == bearer.token).values(used_at=at))


def revoke(session: Session, token: int, *, by: User, at: datetime) -> Listed:
    """End a token at once; its owner may, and admins. Revoking twice is revoking once. Raises NotFound."""
    row = session.execute(_all().where(ApiToken.id == token)).one_or_none()
    if row is None or (row[1].id != by.id and by.role is not Role.ADMIN):
        raise NotFound("There is no such token.")
    row[0].revoked_at = row[0].revoked_at or at
    session.flush()
    return Listed(row[0], row[1])


def listed(session: Session, *, user: int | None = None) -> list[Listed]:
    """Return the tokens of an account, or of everybody with None; living ones first, the latest first."""
    asked = _all() if user is None else _all().where(ApiToken.user_id == user)
    order = (ApiToken.revoked_at.is_not(None), ApiToken.created_at.desc(), ApiToken.id.desc())
    return [Listed(token, owner) for token, owner in session.execute(asked.order_by(*order))]


def _find(session: Session, token: str) -> Listed | None:
    if not is_token(token):
        return None
    row = session.execute(_all().where(ApiToken.token == digest(token))).one_or_none()
    return Listed(row[0], row[1]) if row else None


def _all() -> Select[ApiToken, User]:
    return select(ApiToken, User).join(User, User.id == ApiToken.user_id)


def _trouble(token: ApiToken, owner: User, at: datetime) -> Trouble | None:
    if token.revoked_at is not None:
        return Trouble.REVOKED
    if token.expires_at is not None and token.expires_at <= at:
        return Trouble.EXPIRED
    return Trouble.SHUT if owner.is_disabled else None


def _living(session: Session, user: User, at: datetime) -> int:
    alive = (ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    asked = select(func.count()).select_from(ApiToken).where(*alive)
    return session.scalar(asked.where(ApiToken.expires_at.is_(None) | (ApiToken.expires_at > at))) or 0


def _check_scopes(user: User, scopes: Collection[Scope]) -> None:
    if not scopes:
        raise Invalid("Choose at least one thing that the token may do.")
    beyond = sorted(set(scopes) - within(scopes, user.role))
    if beyond:
        raise Forbidden(f"Your role may not do this, so your token can't either: {', '.join(beyond)}.")


def _check_end(user: User, expires_at: datetime | None, at: datetime) -> None:
    if expires_at is None:
        if user.role is not Role.ADMIN:
            raise Invalid(f"Choose when the token ends, at most {MOST_DAYS} days ahead. Only admins' may have no end.")
    elif not at < expires_at <= at + timedelta(days=MOST_DAYS):
        raise Invalid(f"A token ends between tomorrow and {MOST_DAYS} days ahead.")
