"""Webhook: what happened as JSON, signed, so that its receiver knows who says it and when."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime

from portal.errors import Unavailable
from portal.outbox.parcel import Parcel
from portal.outbox.reach import Answer, Reach
from portal.text import cut, one_line

MOST_SAID = 200
"""Characters of a refusal that are kept, for whoever is to mend it."""
_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")


class Refused(Unavailable):
    """A receiver answered, but did not take it."""

    def __init__(self, message: str, *, status: int) -> None:
        """status: what it answered."""
        super().__init__(message)
        self.status = status


def send(parcel: Parcel, reach: Reach, secrets: Sequence[str], *, at: datetime) -> int:
    """Post a parcel's payload and return the status. docs/webhooks.md says how to check it.

    secrets: what to sign by, the newest first. Raises Unavailable where it was not taken.
    """
    if parcel.receiver is None:
        raise Unavailable("The webhook that this was for is gone.")
    answer = reach.send("POST", parcel.receiver.url, headers(parcel, secrets, at), parcel.payload.encode())
    if not answer.is_fine:
        raise Refused(f"The webhook answered {answer.status}{_said(answer)}.", status=answer.status)
    return answer.status


def headers(parcel: Parcel, secrets: Sequence[str], at: datetime) -> dict[str, str]:
    """Return what goes beside the body. The same message again has the same id and another timestamp."""
    timestamp = str(int(at.timestamp()))
    found = {
        "Content-Type": "application/json",
        "User-Agent": "Signpost",
        "X-Signpost-Event": parcel.event,
        "X-Signpost-Id": parcel.uid,
        "X-Signpost-Timestamp": timestamp,
    }
    signatures = [f"sha256={signature(secret, timestamp, parcel.payload.encode())}" for secret in secrets]
    if signatures:
        found["X-Signpost-Signature"] = ", ".join(signatures)
    return found


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of timestamp, a dot and the body, in hexadecimal."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _said(answer: Answer) -> str:
    """Return the beginning of what a receiver says, without anybody's e-mail address; it may say anything."""
    words = one_line(answer.body[: MOST_SAID * 4].decode("utf-8", "replace"))
    said = cut(_ADDRESS.sub("…", words).strip(), MOST_SAID).rstrip(".")
    return f": {said}" if said else ""
