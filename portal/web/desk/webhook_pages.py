"""Webhook pages: what the desk shows of webhooks: the list, one of them, and the form that makes or changes one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext, lazy_gettext

from portal.db import Session
from portal.errors import NotFound
from portal.outbox import receivers
from portal.outbox.models import Delivery, DeliveryState, Webhook
from portal.outbox.receiver import EVENTS, OPERATORS, OVERLAP, PING
from portal.settings import Settings
from portal.web.desk.frame import DeskPage
from portal.web.desk.outbox import NEWS
from portal.web.room_words import reworded

OPERATOR = "operator"
"""Stands for the uid of the one that the settings set."""
KINDS = {
    "gap.*": (lazy_gettext("All that happens to gaps"), lazy_gettext("Only some of what happens to gaps")),
    "conversation.*": (
        lazy_gettext("All that happens to conversations"),
        lazy_gettext("Only some of what happens to conversations"),
    ),
}


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of events, all of them to be ticked at once or each alone."""

    value: str
    every: str
    some: str
    is_ticked: bool
    events: tuple[tuple[str, str, bool], ...]
    """(value, what happens, whether it is ticked)."""

    @property
    def is_open(self) -> bool:
        """Whether some are chosen, so that they must be seen."""
        return not self.is_ticked and any(is_ticked for _, _, is_ticked in self.events)


@dataclass(frozen=True, slots=True)
class WebhookForm:
    """What makes a webhook, or changes it."""

    name: str
    url: str
    kinds: tuple[EventKind, ...]

    @classmethod
    def of(cls, name: str, url: str, chosen: Collection[str]) -> "WebhookForm":
        """Fill it."""
        return cls(name, url, tuple(_kind(value, chosen) for value in EVENTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLine:
    """A message of the log."""

    uid: str
    news: str
    at: datetime
    state: str
    """waiting, sent or dead."""
    attempts: int
    next_at: datetime
    status: int | None
    problem: str
    is_problem_ours: bool
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookLine:
    """A webhook."""

    uid: str
    name: str
    url: str
    """Of the operator's its host alone: who reads the page need not know what the settings keep."""
    hears: tuple[str, ...]
    is_operators: bool
    is_on: bool
    off_at: datetime | None
    off_by: str
    """Who switched it off; empty where it was by itself."""
    waiting: int
    made_at: datetime | None
    made_by: str
    overlap_ends: datetime | None
    """Until when messages are signed by the secret before, too."""
    last: SentLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhooksPage(DeskPage):
    """desk/webhooks.html."""

    lines: tuple[WebhookLine, ...]
    form: WebhookForm
    done: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPage(DeskPage):
    """desk/webhook.html."""

    hook: WebhookLine
    log: tuple[SentLine, ...]
    most_logged: int
    form: WebhookForm
    most_given_up: int
    secret: str
    """The secret that was just made, shown this once."""
    is_new: bool
    done: str
    error: str
    wrong: str
    """What is wrong with the form."""


def lines(session: Session, settings: Settings, at: datetime) -> tuple[WebhookLine, ...]:
    """Return every webhook, the operator's first."""
    found = receivers.every(session)
    url = settings.webhook_url
    waiting = receivers.waiting(session, [one.uid for one in found] + ([url] if url else []))
    mine = [line_of(session, one, waiting.get(one.uid, 0), at) for one in found]
    return (*([operators_line(session, url, waiting.get(url, 0))] if url else []), *mine)


def line_of(session: Session, one: Webhook, waiting: int, at: datetime) -> WebhookLine:
    """Return a webhook as it is shown."""
    ends = one.renewed_at + OVERLAP if one.renewed_at else None
    return WebhookLine(
        uid=one.uid,
        name=one.name,
        url=one.url,
        hears=tuple(str(KINDS[event][0] if event in KINDS else NEWS[event]) for event in one.events.split()),
        is_operators=False,
        is_on=one.off_at is None,
        off_at=one.off_at,
        off_by=one.off_by,
        waiting=waiting,
        made_at=one.created_at,
        made_by=one.created_by,
        overlap_ends=ends if ends and ends > at else None,
        last=_last(session, one.uid),
    )


def operators_line(session: Session, url: str, waiting: int) -> WebhookLine:
    """Return the one that the settings set."""
    return WebhookLine(
        uid=OPERATOR,
        name=OPERATORS,
        url=f"https://{urlsplit(url).hostname}",
        hears=tuple(str(every) for every, _ in KINDS.values()),
        is_operators=True,
        is_on=True,
        off_at=None,
        off_by="",
        waiting=waiting,
        made_at=None,
        made_by="",
        overlap_ends=None,
        last=_last(session, url),
    )


def key_of(settings: Settings, uid: str) -> str:
    """Return what messages name a webhook by. Raises NotFound for the operator's where there is none."""
    if uid != OPERATOR:
        return uid
    if not settings.webhook_url:
        raise NotFound("There is no such webhook.")
    return settings.webhook_url


def sent_line(one: Delivery) -> SentLine:
    """Return a message of the log."""
    problem = "" if one.state is DeliveryState.SENT else one.problem or ""
    told = reworded(problem)
    return SentLine(
        uid=one.uid,
        news=str(NEWS.get(one.event, one.event)) if one.event != PING else str(gettext("Test")),
        at=one.created_at,
        state=one.state.value,
        attempts=one.attempts,
        next_at=one.next_at,
        status=one.status,
        problem=told,
        is_problem_ours=told != problem,
        payload=one.payload,
    )


def _kind(value: str, chosen: Collection[str]) -> EventKind:
    every, some = KINDS[value]
    events = tuple((event, str(NEWS[event]), event in chosen) for event in EVENTS[value])
    return EventKind(value, str(every), str(some), value in chosen, events)


def _last(session: Session, key: str) -> SentLine | None:
    latest = receivers.log(session, key, limit=1)
    return sent_line(latest[0]) if latest else None
