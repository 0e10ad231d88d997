"""News: a change of a gap or of a conversation, as it is told to other programs; and a mail as a message.

Nothing is told of a gap before it is accepted, and nothing ever of what a customer wrote or who they are.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from portal.content.loop import Tracker
from portal.outbox.models import Channel
from portal.outbox.parcel import Message
from portal.outbox.receiver import Receiver, heard

_UNSEEN = "suggested"
_OVER = frozenset({"closed", "dismissed", "merged"})
_MAY_BE_UNTOLD = frozenset({"dismissed", "merged"})


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened to a gap; counts only, no wordings. `event` is gap. and the verb, such as gap.accepted."""

    event: str
    gap: int
    version: int
    """The gap's after it; with the number it names the message."""
    title: str
    state: str
    cause: str
    lang: str
    people: int
    people_a_week: float
    url: str
    """Of the gap's page."""
    by: str
    at: datetime


def messages(
    news: News, receivers: Sequence[Receiver], trackers: Sequence[Tracker], *, was_told_of: bool
) -> tuple[Message, ...]:
    """Return what is to be sent to whom.

    What is only suggested is told to nobody, nor that such a one was dismissed.
    was_told_of: whether anything was sent of this gap before.
    """
    if news.state == _UNSEEN or (news.state in _MAY_BE_UNTOLD and not was_told_of):
        return ()
    targets = [(Channel.WEBHOOK, one.key, _payload(news)) for one in heard(receivers, news.event, news.at)]
    targets += [(Channel.TRACKER, tracker.name, _for_trackers(news)) for tracker in trackers]
    return tuple(
        Message(
            uid=_uid(news, channel, target),
            channel=channel,
            target=target,
            event=news.event,
            payload=payload,
            at=news.at,
            gap=news.gap,
        )
        for channel, target, payload in targets
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationNews:
    """What happened to a conversation, without a word of its customer. `event` is conversation. and the verb."""

    event: str
    conversation: int
    version: int
    """The conversation's after it; with number and event it names the message."""
    standing: str
    entry: str
    """form, widget, mail or api."""
    lang: str
    topic: str | None
    url: str
    """Of the conversation's page on the desk."""
    by: str
    """The agent's name; "customer" for the customer."""
    at: datetime


def conversation_news(news: ConversationNews, receiver: Receiver) -> Message:
    """Return what a receiver is sent."""
    fields = asdict(news) | {"at": news.at.isoformat()}
    verb = news.event.rpartition(".")[2]
    return Message(
        uid=f"conversation-{news.conversation}-{news.version:06d}-{verb}-{mark(receiver.key)}",
        channel=Channel.WEBHOOK,
        target=receiver.key,
        event=news.event,
        payload=json.dumps(fields, ensure_ascii=False, sort_keys=True),
        at=news.at,
        conversation=news.conversation,
    )


def letter(  # noqa: PLR0913 - a mail, and what names it
    *,
    uid: str,
    to: str,
    subject: str,
    text: str,
    at: datetime,
    gap: int | None = None,
    event: str = "mail",
    list_unsubscribe: str | None = None,
    headers: Mapping[str, str] | None = None,
    conversation: int | None = None,
    not_before: datetime | None = None,
) -> Message:
    """Return a mail as a message; its address and its words are forgotten once it is sent.

    headers: those of `mail.HEADERS`, and From: the name that the mail comes from, without an address.
    """
    fields = {"subject": subject, "text": text, "list_unsubscribe": list_unsubscribe, "headers": dict(headers or {})}
    return Message(
        uid=uid,
        channel=Channel.MAIL,
        target=to,
        event=event,
        payload=json.dumps(fields, ensure_ascii=False),
        at=at,
        gap=gap,
        conversation=conversation,
        not_before=not_before,
    )


def mark(target: str) -> str:
    """Return what tells a message to one receiver from the same to another, in its uid."""
    return hashlib.sha256(target.encode()).hexdigest()[:8]


def _uid(news: News, channel: Channel, target: str) -> str:
    """Name the message; those of one gap sort as they happened."""
    return f"gap-{news.gap}-{news.version:06d}-{channel}-{mark(target)}"


def _payload(news: News) -> str:
    fields = asdict(news) | {"at": news.at.isoformat(), "people_a_week": round(news.people_a_week, 1)}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


def _for_trackers(news: News) -> str:
    """Say what an issue is to say, and whether it is to be open."""
    body = (
        f"{news.people} people had this need and no answer, {news.people_a_week:.1f} a week. "
        f"Cause: {news.cause.replace('_', ' ')}. State: {news.state}.\n\n{news.url}\n\nSignpost gap {news.gap}"
    )
    action = "close" if news.state in _OVER else "reopen" if news.event == "gap.reopened" else "open"
    fields = {"title": news.title, "body": body, "number": str(news.gap), "url": news.url, "state": news.state}
    return json.dumps(fields | {"action": action}, ensure_ascii=False, sort_keys=True)
