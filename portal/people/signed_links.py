"""Signed links: what the company's own product says of a customer whom it sends here.

A link carries a JSON Web Token (RFC 7519), signed with HMAC-SHA-256 under a key that product and portal share. Needs
the extra `customers`. What every token must have: `sub`, `iat`, `exp`. What it may: `email`, `name`, `products`,
`lang`, `until` (when the customer is signed out here at the latest), `jti` (then it works once).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Forbidden, Unavailable
from portal.people.models import UsedLink

try:
    import jwt
    from jwt.types import Options

    IS_INSTALLED = True
except ImportError:
    IS_INSTALLED = False

MISSING = 'Signed links of customers need one more package: pip install "signpost-portal[customers]"'
ALGORITHM = "HS256"
"""The only one that is taken, whatever a token says of itself (RFC 8725, 3.1)."""
LONGEST_LIFE = timedelta(hours=1)
"""Between `iat` and `exp`: a link is made when it is clicked, so minutes are plenty."""
LEEWAY = timedelta(seconds=60)
"""By which two clocks may differ."""
MOST_CHARACTERS = 16_384
"""Far more than a customer's name and products; an address of a page holds less, the body of a form this much."""
_MOST_PRODUCTS, _MOST_ID, _MOST_WORD = 100, 300, 300
_REQUIRED = ("sub", "iat", "exp")


class Fault(StrEnum):
    """Why a link lets nobody in."""

    FORGED = "forged"
    """Not made with our key, or not as links are made."""
    OLD = "old"
    USED = "used"


class LinkRefused(Forbidden):
    """A link that lets nobody in. What is wrong in its making is for nobody but its maker, and is not told."""

    def __init__(self, fault: Fault) -> None:
        """fault: what its bearer may know."""
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class SignedLink:
    """What a link that proved right says."""

    subject: str
    name: str
    address: str
    products: tuple[str, ...]
    lang: str
    expires_at: datetime
    until: datetime | None
    jti: str
    """Empty where the link may be used until its time is over."""


def read_link(token: str, key: str, at: datetime) -> SignedLink:
    """Return what a link says. Raises LinkRefused, alike for every fault of its making."""
    if not IS_INSTALLED:
        raise Unavailable(MISSING)
    if len(token) > MOST_CHARACTERS:
        raise LinkRefused(Fault.FORGED)
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM], options=_options())
        link = _read(claims)
        began_at, not_before = _moment(claims["iat"]), _moment(claims.get("nbf", claims["iat"]))
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
        raise LinkRefused(Fault.FORGED) from error
    if max(began_at, not_before) > at + LEEWAY or link.expires_at - began_at > LONGEST_LIFE:
        raise LinkRefused(Fault.FORGED)
    if link.expires_at <= at - LEEWAY or (link.until and link.until <= at):
        raise LinkRefused(Fault.OLD)
    return link


def use_up(session: Session, link: SignedLink, *, at: datetime) -> None:
    """Note that a link was used, if it works once. Of two at once one wins, the other raises LinkRefused."""
    if not link.jti:
        return
    token = hashlib.sha256(link.jti.encode("utf-8", "surrogatepass")).hexdigest()
    session.execute(delete(UsedLink).where(UsedLink.expires_at <= at - LEEWAY))
    if session.scalar(select(UsedLink.token).where(UsedLink.token == token)):
        raise LinkRefused(Fault.USED)
    try:
        with session.begin_nested():
            session.execute(insert(UsedLink).values(token=token, expires_at=link.expires_at))
    except IntegrityError as error:
        raise LinkRefused(Fault.USED) from error


def _options() -> "Options":
    """Have the library check the signature; times are compared with the moment that is handed in."""
    return {
        "require": list(_REQUIRED), "verify_signature": True, "verify_exp": False, "verify_iat": False,
        "verify_nbf": False, "verify_aud": False, "verify_iss": False, "verify_sub": False, "verify_jti": False,
    }  # fmt: skip


def _read(claims: Mapping[str, Any]) -> SignedLink:
    """Return the claims that are ours, of the types that they must have. Raises ValueError, TypeError."""
    return SignedLink(
        subject=_word(claims["sub"], _MOST_ID, is_needed=True),
        name=_word(claims.get("name"), _MOST_WORD),
        address=_word(claims.get("email"), _MOST_WORD),
        products=_words(claims.get("products")),
        lang=_word(claims.get("lang"), _MOST_WORD),
        expires_at=_moment(claims["exp"]),
        until=_moment(claims["until"]) if claims.get("until") is not None else None,
        jti=_word(claims.get("jti"), _MOST_ID),
    )


def _words(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > _MOST_PRODUCTS:
        raise ValueError
    return tuple(_word(one, _MOST_WORD, is_needed=True) for one in value)


def _word(value: object, most: int, *, is_needed: bool = False) -> str:
    if value is None and not is_needed:
        return ""
    if not isinstance(value, str) or len(value) > most or (is_needed and not value.strip()):
        raise ValueError
    return value


def _moment(value: object) -> datetime:
    """Return a NumericDate (RFC 7519, 2)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return datetime.fromtimestamp(value, UTC)
