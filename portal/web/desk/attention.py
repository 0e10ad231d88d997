"""Attention: what waits in a room for somebody to look at it; a number beside the room's name in the rail."""

from dataclasses import dataclass

from flask_babel import ngettext

from portal.bootstrap import Portal
from portal.conversations import store as conversations
from portal.db import unavailable_when_away
from portal.errors import Unavailable
from portal.feedback import flags
from portal.outbox import receivers, store
from portal.people.models import Role, User
from portal.web.context import the


@dataclass(frozen=True, slots=True)
class Attention:
    """A number, never 0, and what it says to those who hear the page."""

    count: int
    words: str
    is_calm: bool = False
    """Whether it is everyday work, and nothing that has gone wrong."""


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


def hushed(user: User) -> Attention | None:
    """Return the webhooks that were switched off by themselves, for admins; None while there are none."""
    if not user.role.reaches(Role.ADMIN):
        return None
    try:
        with unavailable_when_away(), the(Portal).database.session() as session:
            count = len(receivers.hushed(session))
    except Unavailable:
        return None
    words = ngettext("%(num)s webhook was switched off", "%(num)s webhooks were switched off", count)
    return Attention(count, str(words)) if count else None


def flagged(user: User) -> Attention | None:
    """Return the flags that wait for this reader: for writers all, for others those of articles they look after."""
    mine = () if user.role.reaches(Role.WRITER) else (user.email, user.name)
    try:
        with unavailable_when_away(), the(Portal).database.session() as session:
            count = flags.count_waiting(session, owner=mine)
    except Unavailable:
        return None
    words = ngettext("%(num)s flag waits", "%(num)s flags wait", count)
    return Attention(count, str(words)) if count else None


def awaited(user: User) -> Attention | None:
    """Return the conversations that wait for this member of staff: new ones, and theirs whose turn is ours."""
    try:
        with unavailable_when_away(), the(Portal).database.session() as session:
            count = conversations.awaited(session, user.id)
    except Unavailable:
        return None
    words = ngettext("%(num)s conversation waits for you", "%(num)s conversations wait for you", count)
    return Attention(count, str(words), is_calm=True) if count else None
