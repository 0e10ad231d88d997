"""Who visits: a random key in a cookie that only searching and the beacon set, and what is stored in its place.

The key is signed together with the day on which it was made, so that a client can neither make keys up, to look like
many people, nor stay the same person for longer than KEPT.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask, request
from limits import RateLimitItemPerDay
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import TooMany
from portal.web.context import put, site, the
from portal.web.limits import Limits, client_address

COOKIE = "visit"
HEADER = "X-Visit"
"""Carries the key in its stead for the widget in a frame on another site, where browsers keep no cookies of ours."""
KEPT = timedelta(days=30)
"""How long a visitor keeps a key: long enough to see that somebody came back, too short to follow anybody."""
NAME_LENGTH = 32
"""Hexadecimal digits of what is stored for a visitor."""
_KEY_BYTES = 16
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class VisitKeys:
    """Makes keys, knows its own again while they last, and names a visitor for the events."""

    secret: bytes

    def make(self, today: date) -> str:
        """Return a fresh signed key."""
        key = f"{today.toordinal():x}-{secrets.token_hex(_KEY_BYTES)}"
        return f"{key}.{self._mac(b'sign', key)}"

    def visitor(self, signed: str, today: date) -> str | None:
        """Return the name of a key's bearer; None for a key that isn't ours, or is older than KEPT."""
        key, _, mac = signed.partition(".")
        if not hmac.compare_digest(mac.encode(), self._mac(b"sign", key).encode()):
            return None
        age = today.toordinal() - int(key.partition("-")[0], 16)
        return self.name(signed) if age <= KEPT.days else None

    def name(self, signed: str) -> str:
        """Return what is stored for the bearer of a key, which leads back to no key."""
        return self._mac(b"name", signed.partition(".")[0])[:NAME_LENGTH]

    def _mac(self, purpose: bytes, key: str) -> str:
        text = key.encode("utf-8", "surrogatepass")
        return hmac.digest(self.secret, b"visit:" + purpose + b":" + text, "sha256").hex()


@dataclass(frozen=True, slots=True)
class Bearer:
    """A visitor, and the key to hand out if the visitor has none yet."""

    name: str
    new_key: str | None = None


def install(app: Flask, secret: bytes) -> None:
    """Give the app its keys."""
    put(app, VisitKeys(secret))


def known() -> str | None:
    """Return this request's visitor, None without a key of ours that still lasts."""
    held = request.cookies.get(COOKIE) or request.headers.get(HEADER, "")
    return the(VisitKeys).visitor(held[:_LONGEST], clock.now().date())


def bearer() -> Bearer | None:
    """Return who visits, a new visitor for a client without a key; None where one address has brought too many.

    A client that drops its cookies would be somebody else with each search.
    """
    name = known()
    if name:
        return Bearer(name)
    today = clock.now().date()
    limit = RateLimitItemPerDay(site().limits.new_visitors_per_day)
    try:
        the(Limits).count(limit, "visitor", address=client_address(), today=today)
    except TooMany:
        return None
    key = the(VisitKeys).make(today)
    return Bearer(the(VisitKeys).name(key), key)


def passing() -> str:
    """Return the name of somebody who is met once and never known again."""
    return secrets.token_hex(NAME_LENGTH // 2)


def remember(key: str, response: Response) -> None:
    """Hand a new visitor the key, and to the widget's script, which asks for it, in a header too."""
    if HEADER in request.headers:
        response.headers[HEADER] = key
    response.set_cookie(
        COOKIE, key, max_age=round(KEPT.total_seconds()), httponly=True, samesite="Lax", secure=request.is_secure
    )
