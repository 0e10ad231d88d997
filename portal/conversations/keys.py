"""The private link of a conversation: what its customer holds in place of an account."""

import hmac
import re

_MAC_DIGITS = 32
_KEY = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32})")


def private_path(secret: bytes, lang: str, uid: str) -> str:
    """Return the path of a conversation's page for its customer. secret: the portal's."""
    return f"/{lang}/conversations/{key_of(secret, uid)}"


def key_of(secret: bytes, uid: str) -> str:
    """Return what stands in that path: the conversation's uid, and proof that we wrote it."""
    return f"{uid}-{_mac(secret, uid)}"


def uid_of(secret: bytes, key: str) -> str | None:
    """Return the uid of a conversation's key; None for one that is not ours."""
    found = _KEY.fullmatch(key)
    if found is None or not hmac.compare_digest(found[2].encode(), _mac(secret, found[1]).encode()):
        return None
    return found[1]


def _mac(secret: bytes, uid: str) -> str:
    return hmac.digest(secret, b"conversation:" + uid.encode(), "sha256").hex()[:_MAC_DIGITS]
