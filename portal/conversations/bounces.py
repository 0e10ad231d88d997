"""Bounces: mails that say that one of ours did not arrive (RFC 3464)."""

import re
from dataclasses import dataclass
from email.message import Message

from portal.conversations import _mime
from portal.text import cut, one_line

_MOST_REASON = 300
_MESSAGE_ID = re.compile(r"^message-id:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
_MOST_READ = 100_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server says of a mail of ours."""

    original: str | None
    """Message-ID of the mail that did not arrive; None where the report doesn't name it."""
    reason: str
    """As that server said it."""
    is_final: bool
    """Whether it has given up; a delay mends itself."""


def read_bounce(mail: Message) -> Bounce | None:
    """Return what a report says; None for a mail that is none."""
    if mail.get_content_type() != "multipart/report":
        return None
    parts = list(_mime.leaves(mail))
    status = next((one for one in parts if one.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    fields = _mime.inner(status)
    action = " ".join(_mime.header(one, "Action") for one in fields).lower()
    return Bounce(_original(parts), _reason(fields), is_final="failed" in action)


def _original(parts: list[Message]) -> str | None:
    for one in parts:
        if one.get_content_type() in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            text = _mime.content(one)[:_MOST_READ].decode("utf-8", "replace")
            if found := _MESSAGE_ID.search(text.replace("\r\n", "\n")):
                return found[1]
    return None


def _reason(fields: list[Message]) -> str:
    said = [_mime.header(one, name) for one in fields for name in ("Diagnostic-Code", "Status")]
    words = next((one for one in said if one), "The mail server did not say why")
    return cut(one_line(words.removeprefix("smtp;")), _MOST_REASON)
