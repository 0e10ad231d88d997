"""What the inbox's pages ask of the stores and of the shelf; shared by those that show and those that change."""

from datetime import datetime

from portal import clock
from portal.bootstrap import Portal
from portal.conversations import attachments, saved, store
from portal.conversations.models import Conversation, Standing
from portal.conversations.store import OURS, View
from portal.conversations.trail import trail
from portal.db import Session, unavailable_when_away
from portal.errors import NotFound
from portal.people import accounts
from portal.people.models import User
from portal.web.context import site, the
from portal.web.desk.gap_reading import cards, topic_names
from portal.web.desk.inbox_asked import Asked
from portal.web.desk.inbox_lists import PAGE, Found
from portal.web.desk.inbox_pages import Known
from portal.web.parameters import calm_whole

BESIDE = 30
"""Conversations in the list beside an open one."""


def found(me: User, asked: Asked) -> Found:
    """Return one page of the list that an address asks for. Raises Unavailable."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        return _found(session, me, asked, _names(session), PAGE)


def known(me: User, conversation_id: int, asked: Asked) -> Known:
    """Return all that is known of a conversation. Raises NotFound and Unavailable."""
    at = clock.now()
    with unavailable_when_away(), the(Portal).database.session() as session:
        one = store.conversation(session, conversation_id)
        if one is None:
            raise NotFound
        return _known(session, me, one, asked, at)


def _known(session: Session, me: User, one: Conversation, asked: Asked, at: datetime) -> Known:
    colleagues = _names(session)
    asked = asked if asked.view else Asked(_view_of(one, me, colleagues), asked.q, asked.before)
    messages = store.messages(session, one.id)
    draft = store.draft(session, one.id, me.id)
    steps = trail(session, one)
    into = calm_whole("into", 0, store.MOST_NUMBER)
    return Known(
        conversation=one,
        messages=messages,
        files=attachments.of_messages(session, [message.id for message in (*messages, *([draft] if draft else ()))]),
        draft=draft,
        colleagues=tuple(colleagues.items()),
        others=store.others_of(session, one),
        merged_into=store.conversation(session, one.merged_into) if one.merged_into else None,
        merging=store.conversation(session, into) if into and into != one.id else None,
        trail=steps,
        cards=cards({article for step in steps for article in step.opened}),
        topics=topic_names(),
        saved=saved.find(session, lang=one.lang),
        beside=_found(session, me, asked, colleagues, BESIDE),
        me=me,
        at=at,
        takes_files=site().contact.has_attachments,
    )


def _found(session: Session, me: User, asked: Asked, names: dict[int, str], limit: int) -> Found:
    view = asked.view or View.NEW
    rows = store.listed(session, view, user=me.id, q=asked.q, before=asked.before, limit=limit + 1)
    return Found(
        asked=asked,
        rows=rows,
        counts=store.counts(session, me.id, q=asked.q),
        words=store.last_words(session, [one.id for one in rows[:limit]]),
        names=names,
        has_any=bool(rows) or bool(store.listed(session, View.ALL, user=me.id, limit=1)),
        limit=limit,
    )


def _names(session: Session) -> dict[int, str]:
    """Return the names of staff who can answer, by account."""
    return {user.id: user.name for user in accounts.everybody(session) if not user.is_disabled}


def _view_of(one: Conversation, me: User, names: dict[int, str]) -> View:
    """Return the view in which somebody would look for a conversation."""
    if one.standing is Standing.CLOSED:
        return View.CLOSED
    if one.assignee == me.id:
        return View.MINE
    if one.standing is Standing.WAITING:
        return View.WAITING
    return View.NEW if one.standing in OURS and one.assignee not in names else View.ALL
