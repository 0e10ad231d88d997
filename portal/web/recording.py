"""Recording on the shore: whether this request may be recorded, whose it is, and what is handed to the queue.

A page is never slower or broken for it: events are put into a queue in memory, and what goes wrong costs the event.
"""

import secrets
from datetime import datetime
from typing import TypedDict

from flask import g, request
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal, redaction
from portal.errors import Unavailable
from portal.events.kinds import Event, Searched, Where
from portal.events.robots import is_robot
from portal.search.hits import ResultPage
from portal.web import staff, visitors
from portal.web.context import generation, site, the

MOST_OFFERED = 10
"""Ids that a search keeps of what it offered: the first page."""


class Common(TypedDict):
    """What every event has, to be spread into it."""

    uid: str
    at: datetime
    visitor: str
    lang: str


def visitor() -> str | None:
    """Return who is here; None where nothing may be recorded: a robot, a wish not to be followed, the switch.

    A client without a key is a new visitor, for this request; `set_key` lets it stay the same. Staff are known by
    their accounts, so that what they try out is told apart from what customers need.
    """
    if "bearer" not in g:
        g.bearer = _bearer() if is_allowed() else None
    bearer: visitors.Bearer | None = g.bearer
    return bearer.name if bearer else None


def known_visitor() -> str | None:
    """Return who is here if they have a key already; None too where nothing may be recorded."""
    if not is_allowed():
        return None
    return _staff_name() or visitors.known()


def is_allowed() -> bool:
    """Whether this request may be recorded.

    Not what a robot does; not what somebody does whose browser says DNT or Sec-GPC (Global Privacy Control); not what
    a browser fetched ahead, unseen; nothing at all where the company switched it off.
    """
    headers = request.headers
    is_refused = headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1"
    is_ahead = "prefetch" in headers.get("Sec-Purpose", "")
    return site().recording.is_on and not (is_refused or is_ahead or from_robot())


def from_robot() -> bool:
    """Whether a program asks that says what it is."""
    return is_robot(request.headers.get("User-Agent", ""))


def record(*events: Event) -> None:
    """Hand events to the queue, which takes them within microseconds and never raises."""
    for event in events:
        the(Portal).recorder.put(event)


def record_search(results: ResultPage, where: Where) -> str:
    """Record a search and return its id, by which clicks name it; empty where it is not recorded, as on later pages."""
    who = visitor() if results.query.text and not results.offset and request.method == "GET" else None
    if who is None:
        return ""
    query = results.query
    shown = results.hits or results.nearest
    event = Searched(
        **common(who, query.lang),
        query=query.text,
        where=where,
        filters=query.filters(),
        hits=results.total,
        confidence=results.confidence,
        offered=tuple(hit.card.id for hit in shown[:MOST_OFFERED]),
        corrected=None if query.is_verbatim else results.corrected,
        generation=generation().name,
    )
    record(event)
    return event.uid


def _bearer() -> visitors.Bearer | None:
    staff_name = _staff_name()
    return visitors.Bearer(staff_name) if staff_name else visitors.bearer()


def _staff_name() -> str | None:
    """Return the name under which a signed-in member of staff is recorded; None too while the database is away."""
    try:
        user = staff.signed_in()
    except Unavailable:
        return None
    return f"user-{user.id}" if user else None


def common(who: str, lang: str, uid: str = "") -> Common:
    """Return what every event has, for one that happens now. uid: where somebody else has made it."""
    return {"uid": uid or new_uid(), "at": clock.now(), "visitor": who, "lang": lang}


def new_uid() -> str:
    """Return 32 hexadecimal digits that nothing else has."""
    return secrets.token_hex(16)


def redacted(text: str) -> str:
    """Return a text without what is personal in it, as events have it before they are written."""
    return redaction(the(Portal).library)(text)


def set_key(response: Response) -> Response:
    """Hand a visitor who is new, and was recorded, the key."""
    bearer: visitors.Bearer | None = g.get("bearer")
    if bearer and bearer.new_key:
        visitors.remember(bearer.new_key, response)
    return response
