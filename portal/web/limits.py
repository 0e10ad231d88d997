"""How often one client may ask. Kept in memory, per server process, under names that mean nothing tomorrow."""

import hmac
import secrets
from datetime import date
from ipaddress import IPv6Address, ip_address
from threading import Lock

from flask import Flask, request
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from portal import clock
from portal.errors import TooMany
from portal.web.context import put

_IPV6_HOUSEHOLD_BITS = 64


class Limits:
    """Counts what each client did in this minute or day. Safe to share between threads."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._counts = FixedWindowRateLimiter(MemoryStorage())
        self._lock = Lock()
        self._day = date.min
        self._secret = b""

    def count(self, limit: RateLimitItem, what: str, *, address: str, today: date) -> None:
        """Count one `what`. Raises TooMany when that is more than the limit."""
        key = self._key(address, today)
        if not self._counts.hit(limit, what, key):
            raise self._too_many(limit, what, key)

    def check(self, limit: RateLimitItem, what: str, *, address: str, today: date) -> None:
        """Count nothing. Raises TooMany when one more `what` would be too many."""
        key = self._key(address, today)
        if not self._counts.test(limit, what, key):
            raise self._too_many(limit, what, key)

    def left(self, limit: RateLimitItem, what: str, *, address: str, today: date) -> tuple[int, int]:
        """Return how many more are allowed, and in how many seconds the count begins anew."""
        stats = self._counts.get_window_stats(limit, what, self._key(address, today))
        return max(0, stats.remaining), max(0, round(stats.reset_time - clock.now().timestamp()))

    def _too_many(self, limit: RateLimitItem, what: str, key: str) -> TooMany:
        ends_at = self._counts.get_window_stats(limit, what, key).reset_time
        message = "There were many of these from your network in a short time."
        return TooMany(message, retry_after=max(1, round(ends_at - clock.now().timestamp())))

    def _key(self, address: str, today: date) -> str:
        """Name a client by an HMAC under a secret that lives one day and is written nowhere."""
        with self._lock:
            if self._day != today:
                self._day, self._secret = today, secrets.token_bytes(32)
            return hmac.digest(self._secret, household(address).encode(), "sha256").hex()


def install(app: Flask) -> None:
    """Give the app its counters."""
    put(app, Limits())


def client_address() -> str:
    """Return the address this request came from, as the trusted proxies tell it."""
    return request.remote_addr or ""


def household(address: str) -> str:
    """Count an IPv6 client by the network it was given: it may choose the lower half itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"{int(parsed) >> (128 - _IPV6_HOUSEHOLD_BITS):x}/64"
    return str(parsed)
