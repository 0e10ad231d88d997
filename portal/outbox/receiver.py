"""Receiver: a program that is told of what happens, by a webhook; what it hears of, and what signs its messages.

Secrets of webhooks are derived, so that no table, no backup and no log has one: who knows the portal's own secret and
a webhook's uid can make its secret, and nobody else.
"""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from portal.errors import Invalid
from portal.outbox.models import Webhook
from portal.outbox.reach import is_public
from portal.settings import Settings
from portal.text import one_line

PING = "ping"
"""The event of a test; every receiver hears it."""
GAP_EVENTS = tuple(
    f"gap.{verb}"
    for verb in (
        "accepted", "assigned", "drafted", "published", "watched", "closed", "reopened", "renamed", "dismissed",
        "merged", "split", "moved",
    )
)  # fmt: skip
CONVERSATION_EVENTS = tuple(
    f"conversation.{verb}" for verb in ("created", "customer_wrote", "replied", "closed", "reopened", "assigned")
)
EVENTS = {"gap.*": GAP_EVENTS, "conversation.*": CONVERSATION_EVENTS}
"""What can be heard of: a word for all of a kind, also for those that come with a later release, and each of them."""
OPERATORS = "PORTAL_WEBHOOK_URL"
"""Name of the receiver that the settings set."""
OVERLAP = timedelta(days=1)
"""How long messages are signed by the secret before, too, so that its receiver can change over without a gap."""
BEGINNING = "sph_"
"""How secrets begin, so that they are known for what they are where they should not be."""
MOST_NAME, MOST_URL = 100, 1000
_INNER = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet", ".corp", ".private")
"""Ends of names that mean something within a network alone; RFC 6761, 6762, 8375 and what is in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A webhook as it is now. Its messages name it by `key`, so that they go where it is when they go."""

    key: str
    """`deliveries.target`: the webhook's uid, and for the operator's one its URL."""
    name: str
    url: str
    events: frozenset[str] = frozenset(EVENTS)
    generations: tuple[int, ...] = ()
    """Of the secrets that it is signed by, the newest first; none for the operator's, which has its own."""
    since: datetime | None = None
    """What happened before is not told; None for the operator's, which hears of all."""

    def hears(self, event: str, at: datetime) -> bool:
        """Whether it is told of something that happened then."""
        is_chosen = event in self.events or f"{event.partition('.')[0]}.*" in self.events or event == PING
        return is_chosen and (self.since is None or at >= self.since)

    def secrets(self, settings: Settings) -> tuple[str, ...]:
        """Return what to sign by, the newest first; empty where nothing is signed."""
        if not self.generations:
            return (settings.webhook_secret,) if settings.webhook_secret else ()
        return tuple(secret_of(settings.secret(), self.key, generation) for generation in self.generations)


def of(webhook: Webhook, at: datetime) -> Receiver:
    """Return a webhook as the receiver that it is at a moment."""
    is_changing_over = webhook.renewed_at is not None and at < webhook.renewed_at + OVERLAP
    newest = webhook.generation
    return Receiver(
        key=webhook.uid,
        name=webhook.name,
        url=webhook.url,
        events=frozenset(webhook.events.split()),
        generations=(newest, newest - 1) if is_changing_over else (newest,),
        since=webhook.since,
    )


def operators(url: str) -> Receiver:
    """Return the receiver that the operator set, which hears of all."""
    return Receiver(key=url, name=OPERATORS, url=url)


def secret_of(key: bytes, uid: str, generation: int) -> str:
    """Return a webhook's secret: HMAC-SHA256, by the portal's secret, of its uid and how often it was renewed."""
    return BEGINNING + hmac.digest(key, f"webhook:{uid}:{generation}".encode(), "sha256").hex()


def read_name(typed: str) -> str:
    """Return a receiver's name. Raises Invalid."""
    plain = one_line(typed).strip()
    if not plain or len(plain) > MOST_NAME:
        raise Invalid("Write what the webhook is for, in 1 to 100 characters.")
    return plain


def read_events(chosen: Collection[str]) -> str:
    """Return what a receiver hears of, as it is kept: all of a kind stands for each. Raises Invalid."""
    kept: list[str] = []
    for every, events in EVENTS.items():
        some = [event for event in events if event in chosen]
        kept += [every] if every in chosen else some
    if set(chosen) - EVENTS.keys() - set(GAP_EVENTS) - set(CONVERSATION_EVENTS):
        raise Invalid("Choose from what the page offers.")
    if not kept:
        raise Invalid("Choose at least one thing that the webhook hears of.")
    return " ".join(kept)


def read_address(typed: str) -> str:
    """Return an address that messages may be sent to, as far as that can be told without asking the network.

    `reach` looks at where a name leads each time that something is sent. Raises Invalid.
    """
    url = typed.strip()
    try:
        parts = urlsplit(url)
        host, is_whole = (parts.hostname or "").rstrip("."), parts.port != 0
    except ValueError:
        host, is_whole, parts = "", False, urlsplit("")
    is_plain = all(" " < letter < "\x7f" for letter in url) and len(url) <= MOST_URL
    if not (is_plain and is_whole and host) or parts.scheme != "https":
        raise Invalid(
            "This address can't be used. Write one that begins with https://, such as https://example.com/hook."
        )
    if "@" in parts.netloc:
        raise Invalid("Leave name and password out of the address: the secret says who sends.")
    if "#" in url:
        raise Invalid("Leave out what follows the # of the address: it is never sent.")
    if not _may_be_public(host):
        raise Invalid(
            f"{host} is not a public address: messages must not reach into the network that this server stands in."
        )
    return url


def _may_be_public(host: str) -> bool:
    """Whether a host is a public address, or a name that could lead to one."""
    last = host.rpartition(".")[2]  # no name of the internet ends in a number
    if ":" in host or last.isdigit() or last.startswith("0x"):
        return is_public(host)
    return "." in host and not f".{host}".endswith(_INNER)


def heard(receivers: Sequence[Receiver], event: str, at: datetime) -> list[Receiver]:
    """Return those who are told of something that happened then."""
    return [one for one in receivers if one.hears(event, at)]
