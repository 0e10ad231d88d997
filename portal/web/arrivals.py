"""Arrivals: readers who come by a link that an agent sent, and what they do there. Nobody is known by it.

The token stays in the address, `?via=`, as a page is the same for everybody and kept by browsers: what is done on the
page then tells in its Referer where it came from. That is never sent to other sites (`Referrer-Policy`).
"""

from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from flask import request

from portal import clock
from portal.bootstrap import Portal
from portal.db import Session, transaction, unavailable_when_away
from portal.errors import Unavailable
from portal.links import store
from portal.links.address import VIA, is_token
from portal.links.models import SentLink
from portal.web import recording
from portal.web.access import is_staff
from portal.web.context import the

_LONGEST = 2000
"""Characters of a Referer that are read."""
_AHEAD = ("Purpose", "X-Purpose", "X-Moz")
"""Headers by which older browsers say that they fetch ahead."""


def link_of(token: str) -> SentLink | None:
    """Return the link of a token; None for one that is not ours, and while the database is away."""
    if not is_token(token):
        return None
    with suppress(Unavailable), unavailable_when_away(), the(Portal).database.session() as session:
        return store.find(session, token)
    return None


def count_opening(token: str) -> None:
    """Count that a link was opened, unless nobody opened it. The database being away costs the count, not the page."""
    if _is_a_reader():
        with suppress(Unavailable), the(Portal).database.session() as session, transaction(session):
            store.opened(session, token, clock.now())


def count_turning(token: str) -> None:
    """Count that somebody who came by a link went on to a person; as `count_opening` does."""
    if is_token(token) and link_of(token) and _is_a_reader():
        with suppress(Unavailable), the(Portal).database.session() as session, transaction(session):
            store.turned(session, token, clock.now())


def note_vote(session: Session, *, is_helpful: bool | None) -> None:
    """Note in a vote's own transaction what somebody said who came by a link. None: the vote was taken back."""
    token = via_of_page()
    if token and not is_staff() and store.find(session, token):
        store.voted(session, token, is_helpful)


def via_of_page() -> str:
    """Return the token in the address of the page of ours that this request came from; empty without one."""
    try:
        came_from = urlsplit(request.headers.get("Referer", "")[:_LONGEST])
    except ValueError:  # such as for brackets around no address
        return ""
    base = the(Portal).settings.base_url
    if came_from.netloc not in {request.host, urlsplit(base).netloc if base else request.host}:
        return ""
    token = parse_qs(came_from.query).get(VIA, [""])[-1]
    return token if is_token(token) else ""


def _is_a_reader() -> bool:
    """Whether a person opened it: no HEAD, no robot, nothing fetched ahead, nobody who wants no counting, no staff."""
    is_ahead = any("prefetch" in request.headers.get(name, "").lower() for name in _AHEAD)
    return request.method == "GET" and not is_ahead and recording.is_allowed() and not is_staff()
