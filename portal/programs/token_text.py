"""How a token is written: `sp_`, 34 random letters and digits, and 6 that check them. Pure.

The beginning lets programs that look through code for secrets know it, the check lets them be sure of it, and lets us
refuse a mistyped one without asking the database.
"""

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "sp_"
RANDOM = 34
"""Letters and digits by chance: 62^34, some 202 bits."""
CHECK = 6
BEGINNING = 9
"""Characters by which its owner knows it again: six of 34 by chance tell nobody the rest."""
_LETTERS = string.digits + string.ascii_letters
_TOKEN = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{RANDOM + CHECK}}}")


def new_token() -> str:
    """Return a token that nobody has."""
    chance = "".join(secrets.choice(_LETTERS) for _ in range(RANDOM))
    return PREFIX + chance + _check(chance)


def is_token(text: str) -> bool:
    """Whether a text is written as tokens are, its check included; it need not have been made here."""
    if not _TOKEN.fullmatch(text):
        return False
    body = text.removeprefix(PREFIX)
    return _check(body[:RANDOM]) == body[RANDOM:]


def digest(token: str) -> str:
    """Return what is kept of a token. Plain SHA-256 is enough: nobody can guess 202 bits by trying."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _check(chance: str) -> str:
    """Return CRC-32 in base 62, six digits wide (2^32 < 62^6)."""
    rest, digits = zlib.crc32(chance.encode()), ""
    for _ in range(CHECK):
        rest, digit = divmod(rest, len(_LETTERS))
        digits = _LETTERS[digit] + digits
    return digits
