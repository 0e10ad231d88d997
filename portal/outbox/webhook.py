"""Webhook: a gap's change as JSON, signed, so that its receiver knows who says it and when."""

import hashlib
import hmac
from datetime import datetime

from portal.errors import Unavailable
from portal.outbox.parcel import Parcel
from portal.outbox.reach import Reach


def send(parcel: Parcel, reach: Reach, secret: str | None, *, at: datetime) -> None:
    """Post a parcel's payload. docs/webhooks.md says how to check it. Raises Unavailable where it was not taken."""
    answer = reach.send("POST", parcel.target, headers(parcel, secret, at), parcel.payload.encode())
    if not answer.is_fine:
        raise Unavailable(f"The webhook answered {answer.status}.")


def headers(parcel: Parcel, secret: str | None, at: datetime) -> dict[str, str]:
    """Return what goes beside the body. The same message again has the same id and another timestamp."""
    timestamp = str(int(at.timestamp()))
    found = {
        "Content-Type": "application/json",
        "User-Agent": "Signpost",
        "X-Signpost-Event": parcel.event,
        "X-Signpost-Id": parcel.uid,
        "X-Signpost-Timestamp": timestamp,
    }
    if secret:
        found["X-Signpost-Signature"] = f"sha256={signature(secret, timestamp, parcel.payload.encode())}"
    return found


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of timestamp, a dot and the body, in hexadecimal."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
