"""Stamps: a form says when it was handed out, and that we did. What robots can't make up, and people never see."""

import hmac
import re
from datetime import UTC, datetime, timedelta

from portal.bootstrap import Portal
from portal.web.context import the

_STAMP = re.compile(r"([0-9a-f]{1,12})-([0-9a-f]{32})")


def make(uid: str, at: datetime) -> str:
    """Return the stamp of a form. uid: the form's."""
    seconds = f"{int(at.timestamp()):x}"
    return f"{seconds}-{_mac(uid, seconds)}"


def age(uid: str, stamp: str, at: datetime) -> timedelta | None:
    """Return how long ago a form was handed out; None for a stamp that isn't ours, or is another form's."""
    found = _STAMP.fullmatch(stamp)
    if found is None or not hmac.compare_digest(found[2], _mac(uid, found[1])):
        return None
    return at - datetime.fromtimestamp(int(found[1], 16), UTC)


def _mac(uid: str, seconds: str) -> str:
    secret = the(Portal).settings.secret()
    return hmac.digest(secret, f"form:{uid}:{seconds}".encode("utf-8", "replace"), "sha256").hex()[:32]
