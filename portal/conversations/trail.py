"""Trail: what a customer looked for before they wrote, for those who answer. Only with the customer's consent."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.conversations.models import Conversation
from portal.db import Session
from portal.events import log
from portal.events.kinds import Clicked, Event, Searched, Viewed

BEFORE = timedelta(days=1)
"""How far back it goes: the day of the request; older searches were about something else."""
MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """One search and what was opened from it; `query` is empty for an article that no search led to."""

    at: datetime
    query: str
    hits: int = 0
    opened: tuple[str, ...] = ()
    """Ids of articles, in the order in which they were opened."""


def trail(session: Session, conversation: Conversation) -> list[Looked]:
    """Return what was searched and opened before a conversation began, the oldest first.

    Empty without the customer's consent, or when the events have expired.
    """
    if not conversation.has_trail or not conversation.visitor:
        return []
    until = conversation.created_at
    events = [one for one in log.of_visitor(session, conversation.visitor) if until - BEFORE <= one.at <= until]
    return told(events)[-MOST_STEPS:]


def told(events: Iterable[Event]) -> list[Looked]:
    """Tell events, oldest first, as steps: the same words twice are one, an article that was opened stands once."""
    steps: dict[str, Looked] = {}
    alias: dict[str, str] = {}
    for event in events:
        if isinstance(event, Searched) and event.query:
            last = next(reversed(steps), "")
            is_again = last and steps[last].query.casefold() == event.query.casefold()
            alias[event.uid] = last if is_again else event.uid
            steps.setdefault(alias[event.uid], Looked(event.at, event.query, event.hits))
        elif isinstance(event, Clicked | Viewed) and event.article:
            key = alias.get(event.search, f"read-{event.article}")
            step = steps.setdefault(key, Looked(event.at, ""))
            steps[key] = replace(step, opened=tuple(dict.fromkeys((*step.opened, event.article))))
    return list(steps.values())
