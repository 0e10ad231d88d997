"""Who votes: a random key in a cookie that only voting sets, and what is stored in its place.

The key is signed, so that a client that makes keys up is counted as one without a key.
"""

import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass

from flask import Flask, request
from limits import RateLimitItemPerDay, RateLimitItemPerMinute
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import TooMany
from portal.web.context import put, site, the
from portal.web.limits import Limits, client_address

COOKIE = "voter"
HEADER = "X-Voter"
"""Carries the key in its stead for the widget in a frame on another site, where browsers keep no cookies of ours."""
_YEAR_SECONDS = 365 * 24 * 3600
_KEY_BYTES = 16
CLICKS_A_MINUTE = 120
"""From one address; an office that reads together stays far below."""


@dataclass(frozen=True, slots=True)
class VoterKeys:
    """Makes keys, knows its own again, and names a voter for the database."""

    secret: bytes

    def make(self) -> str:
        """Return a fresh signed key."""
        key = secrets.token_hex(_KEY_BYTES)
        return f"{key}.{self._mac(b'sign', key)}"

    def voter(self, signed: str) -> str | None:
        """Return what is stored for the bearer of a key, 64 hexadecimal digits; None for a key that isn't ours."""
        key, _, mac = signed.partition(".")
        is_ours = hmac.compare_digest(mac.encode(), self._mac(b"sign", key).encode())
        return self.name(signed) if is_ours else None

    def name(self, signed: str) -> str:
        """Return the name of a key's bearer."""
        return self._mac(b"name", signed.partition(".")[0])

    def _mac(self, purpose: bytes, key: str) -> str:
        return hmac.digest(self.secret, b"voter:" + purpose + b":" + key.encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Bearer:
    """A voter, and the key to hand out if the voter has none yet."""

    voter: str
    new_key: str | None = None


def install(app: Flask, secret: bytes) -> None:
    """Give the app its keys."""
    put(app, VoterKeys(secret))


def known_voter() -> str | None:
    """Return this request's voter, None without a key of ours."""
    held = request.cookies.get(COOKIE) or request.headers.get(HEADER, "")
    return the(VoterKeys).voter(held[:200])


def bearer() -> Bearer:
    """Return who votes, a new voter for a client without a key. Raises TooMany beyond CLICKS_A_MINUTE."""
    limit = RateLimitItemPerMinute(CLICKS_A_MINUTE)
    the(Limits).count(limit, "click", address=client_address(), today=clock.now().date())
    voter = known_voter()
    if voter:
        return Bearer(voter)
    key = the(VoterKeys).make()
    return Bearer(the(VoterKeys).name(key), key)


def check_crowd(article: str) -> None:
    """Raise TooMany when this address added its share of votes to an article today.

    Changing a vote is free. Keys gathered elsewhere don't help: each adds a vote, and that is counted.
    """
    the(Limits).check(_share(), f"vote {article}", address=client_address(), today=clock.now().date())


def count_vote(article: str) -> None:
    """Count a vote that was added and committed."""
    with suppress(TooMany):
        the(Limits).count(_share(), f"vote {article}", address=client_address(), today=clock.now().date())


def remember(who: Bearer, response: Response) -> Response:
    """Hand a new voter the key; done after the vote is committed, so that nobody keeps a key for nothing."""
    if who.new_key:
        response.set_cookie(
            COOKIE, who.new_key, max_age=_YEAR_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


def _share() -> RateLimitItemPerDay:
    return RateLimitItemPerDay(site().limits.votes_per_article_and_day)
