"""Passwords: Argon2id hashes, the same work for everybody, and what a password must be like."""

import unicodedata
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.errors import Invalid

Hashed = NewType("Hashed", str)
"""A password as it is kept."""
LEAST, MOST = 12, 200
"""Characters. NIST 800-63B-4 asks for 15 where nothing else protects and 8 beside a second factor; between them."""
_LEAST_DIFFERENT = 5
_MEMORY_KIB, _TIME, _LANES = 19 * 1024, 2, 1
"""OWASP's Password Storage Cheat Sheet, its first choice for Argon2id."""
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$Yx4LpsWImmQi4KQYCk28bA$hIBQiNZaGZy3FBqts47T79jhgWYjMDIEe2BWA9E9Y+c"
"""A hash at these costs, of 256 random bits that were thrown away: nobody's password."""


class Passwords:
    """Hashes and compares. Hold one for the whole process; safe for threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """hasher: only tests take another than Argon2id at the costs above."""
        self._hasher = hasher or PasswordHasher(time_cost=_TIME, memory_cost=_MEMORY_KIB, parallelism=_LANES)
        self._nobodys = hasher.hash(NOBODYS) if hasher else NOBODYS

    def hash(self, password: str) -> Hashed:
        """Return what is kept of a password; some 20 ms of one core, so do it before a transaction begins."""
        return Hashed(self._hasher.hash(_bytes(password)))

    def is_right(self, kept: str | None, password: str) -> bool:
        """Whether this is the password. Does the same work where there is none, and then says no."""
        try:
            is_same = self._hasher.verify(kept or self._nobodys, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept) and is_same

    def is_outdated(self, kept: str) -> bool:
        """Whether it was hashed at other costs than today's, so that it is to be hashed anew."""
        return self._hasher.check_needs_rehash(kept)


def check(password: str, *, email: str = "", name: str = "") -> str:
    """Return a password that may be chosen. Raises Invalid that says what is missing.

    Length counts, and no mixture of signs is asked for (NIST 800-63B-4, 3.1.1.2).
    """
    normal = _normal(password)
    if len(normal) < LEAST:
        raise Invalid("Choose a password of at least 12 characters; a few words in a row are easy to remember.")
    if len(normal) > MOST:
        raise Invalid("Choose a password of at most 200 characters.")
    lowered = normal.casefold()
    if len(set(lowered)) < _LEAST_DIFFERENT:
        raise Invalid("Choose a password with more different characters.")
    if lowered in {email.casefold(), name.casefold()}:
        raise Invalid("Choose a password that is not your name or address.")
    return password


def _normal(password: str) -> str:
    """Return the same characters however a keyboard composed them (NIST 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")
