"""Attention: what waits in a room for somebody to look at it; a number beside the room's name in the rail."""

from dataclasses import dataclass

from flask_babel import ngettext

from portal.bootstrap import Portal
from portal.db import unavailable_when_away
from portal.errors import Unavailable
from portal.outbox import store
from portal.people.models import Role, User
from portal.web.context import the


@dataclass(frozen=True, slots=True)
class Attention:
    """A number, never 0, and what it says to those who hear the page."""

    count: int
    words: str


def given_up(user: User) -> Attention | None:
    """Return the messages that were given up, for admins; None while there are none, or nobody can tell."""
    if not user.role.reaches(Role.ADMIN):
        return None
    try:
        with unavailable_when_away(), the(Portal).database.session() as session:
            count = store.dead(session)
    except Unavailable:
        return None
    words = ngettext("%(num)s message was given up", "%(num)s messages were given up", count)
    return Attention(count, str(words)) if count else None
