"""Standing: what happens to a conversation, where that leaves it, and who was quicker. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from portal.conversations.models import Kind, Message, Standing


class Happening(StrEnum):
    """The `text` of an event."""

    ASSIGNED = "assigned"
    """`about` is the name of whom it was given to; empty for nobody."""
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    """`about` is the number and subject of the conversation in which it goes on."""
    TOOK_IN = "took_in"
    """`about` is the number and subject of the one that was merged into this."""
    TOOK_BACK = "took_back"
    """A reply, before it went."""
    BOUNCED = "bounced"
    """A mail of ours did not arrive; `about` is why. It is our turn again."""


_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SAID: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.CUSTOMER: "wrote",
        Kind.REPLY: "answered",
        Kind.NOTE: "left a note",
        Kind.DRAFT: "took a reply back",
    }
)
_DONE: Mapping[str, str] = MappingProxyType(
    {
        Happening.ASSIGNED: "assigned this",
        Happening.CLOSED: "closed this",
        Happening.REOPENED: "opened this again",
        Happening.MERGED: "merged this",
        Happening.TOOK_IN: "merged another one into this",
        Happening.TOOK_BACK: "took a reply back",
    }
)


def standing_of(messages: Iterable[Message]) -> Standing:
    """Return where messages, oldest first, leave a conversation: told from what happened, so that undoing is exact.

    Of nobody's turn there is none: without a reply it is new, after the customer's word ours, after ours theirs.
    """
    now, is_answered = Standing.NEW, False
    for one in messages:
        if one.kind is Kind.CUSTOMER:
            now = Standing.OPEN if is_answered else Standing.NEW
        elif one.kind is Kind.REPLY:
            now, is_answered = Standing.WAITING, True
        elif one.kind is Kind.EVENT:
            now = _after(one.text, now, is_answered=is_answered)
    return now


def _after(happening: str, now: Standing, *, is_answered: bool) -> Standing:
    if happening == Happening.CLOSED:
        return Standing.CLOSED
    if happening == Happening.MERGED:
        return Standing.MERGED
    if happening in {Happening.REOPENED, Happening.BOUNCED}:
        return Standing.OPEN if is_answered else Standing.NEW
    return now


def too_late(last: Message | None, ago: timedelta) -> str:
    """Say who did what since, such as "Bo answered 2 minutes ago"."""
    if last is None:
        return "This conversation has changed. Look at it again first."
    if last.kind is Kind.CUSTOMER:
        return f"The customer wrote {time_ago(ago)}. Look at it again first."
    if last.kind is Kind.EVENT and last.text == Happening.BOUNCED:
        return f"A mail to the customer came back {time_ago(ago)}. Look at it again first."
    did = _DONE.get(last.text, "changed this") if last.kind is Kind.EVENT else _SAID[last.kind]
    return f"{last.by or 'Somebody'} {did} {time_ago(ago)}. Look at it again first."


def time_ago(ago: timedelta) -> str:
    """Say a span as people do: just now, 2 minutes ago, 3 days ago."""
    seconds = ago.total_seconds()
    for size, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        count = int(seconds // size)
        if count > 0:
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"
