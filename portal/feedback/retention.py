"""How long what people asked for is kept: their words as long as events, their addresses until they have heard."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, update
from sqlalchemy.orm import Session

from portal.feedback import flags
from portal.feedback.models import Request


def drop_addresses(session: Session) -> int:
    """Delete addresses of people who have heard. Telling them does so already; this holds should it ever not have."""
    is_done = and_(Request.told_at.is_not(None), Request.address.is_not(None))
    return _rows(session.execute(update(Request).where(is_done).values(address=None)))


def expire(session: Session, before: datetime) -> int:
    """Forget what was asked for before a moment; return how many requests that were.

    Of whoever still waits to hear, the address or the account stays, and the gap; words and visitor go. So do flags
    of articles that were settled by then.
    """
    flags.expire(session, before)
    is_old = Request.at < before
    gone = _rows(session.execute(delete(Request).where(is_old, ~_is_waiting())))
    kept = update(Request).where(is_old, _is_waiting(), or_(Request.text != "", Request.visitor != ""))
    return gone + _rows(session.execute(kept.values(text="", visitor="", search=None)))


def _is_waiting() -> ColumnElement[bool]:
    wants_to_hear = or_(Request.address.is_not(None), Request.user.is_not(None))
    return and_(Request.told_at.is_(None), Request.gap.is_not(None), wants_to_hear)


def _rows(done: object) -> int:
    return cast("CursorResult[Any]", done).rowcount
