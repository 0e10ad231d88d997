"""Requests: what somebody was looking for and did not find. Added, taken up by a gap, answered, forgotten."""

import hmac
import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.errors import Invalid
from portal.feedback.models import ADDRESS_LIMIT, REQUEST_LIMIT, Request
from portal.text import without_controls

_ADDRESS = re.compile(r"[^@\s<>()\[\]\\,;:\"]+@[^@\s<>()\[\]\\,;:\"./]+(?:\.[^@\s<>()\[\]\\,;:\"./]+)+")
_UID = re.compile(r"[0-9a-f]{32}")


def add(  # noqa: PLR0913 - a request is all of these
    session: Session,
    *,
    uid: str,
    at: datetime,
    lang: str,
    text: str,
    visitor: str,
    search: str | None,
    address: str | None,
    user: int | None,
) -> Request:
    """Keep a request; one that is there already, as after a second click, stays as it is.

    uid: 32 hexadecimal digits. text: after redaction, read by `read_text`. visitor: as events have it. search: uid of
    the search it came from. address: where they want to hear of the answer, read by `read_address`. user: the agent
    who asks, None for a visitor.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(Request).values(
        uid=uid, at=at, lang=lang, text=text, visitor=visitor, search=search, address=address, user=user
    )
    session.execute(new.on_conflict_do_nothing(index_elements=[Request.uid]))
    return session.get_one(Request, uid)


def take_up(session: Session, uids: Collection[str], gap: int) -> None:
    """Say which gap these requests belong to."""
    session.execute(update(Request).where(Request.uid.in_(uids)).values(gap=gap))


def waiting(session: Session, gap: int) -> list[Request]:
    """Return the requests of a gap whose people want to hear of its answer and have not, oldest first."""
    asked = select(Request).where(
        Request.gap == gap,
        Request.told_at.is_(None),
        Request.address.is_not(None) | Request.user.is_not(None),
    )
    return list(session.scalars(asked.order_by(Request.at, Request.uid)))


def told(session: Session, uids: Collection[str], at: datetime) -> None:
    """Note that these people have heard, and delete their addresses: they were kept for that alone."""
    session.execute(update(Request).where(Request.uid.in_(uids)).values(told_at=at, address=None))


def withdraw(session: Session, uid: str) -> None:
    """Delete an address before anybody is told; doing so again, or where there is none, is no mistake."""
    session.execute(update(Request).where(Request.uid == uid).values(address=None))


def take_back(session: Session, uid: str, *, user: int) -> datetime | None:
    """Delete what an agent asked for, while no gap has taken it up. Returns when they asked; None where it stays."""
    gone = delete(Request).where(
        Request.uid == uid, Request.user == user, Request.gap.is_(None), Request.told_at.is_(None)
    )
    return session.scalar(gone.returning(Request.at))


def count_waiting(session: Session) -> int:
    """Return how many requests there are whose people want to hear of an answer and have not."""
    asked = select(func.count()).select_from(Request).where(Request.told_at.is_(None))
    return session.scalar(asked.where(Request.address.is_not(None) | Request.user.is_not(None))) or 0


def of_visitor(session: Session, visitor: str) -> list[Request]:
    """Return all that a visitor asked for, oldest first."""
    asked = select(Request).where(Request.visitor == visitor)
    return list(session.scalars(asked.order_by(Request.at, Request.uid)))


def erase(session: Session, visitor: str) -> int:
    """Delete all that a visitor asked for. Returns how many requests that were."""
    gone = session.scalars(delete(Request).where(Request.visitor == visitor).returning(Request.uid))
    return len(gone.all())


def of_address(session: Session, address: str) -> list[Request]:
    """Return the requests whose answer an e-mail address waits for, oldest first; capitals make no difference."""
    asked = select(Request).where(func.lower(Request.address) == address.lower())
    return list(session.scalars(asked.order_by(Request.at, Request.uid)))


def erase_address(session: Session, address: str) -> int:
    """Delete the requests whose answer an e-mail address waits for. Returns how many that were."""
    gone = delete(Request).where(func.lower(Request.address) == address.lower()).returning(Request.uid)
    return len(session.scalars(gone).all())


def read_text(text: str) -> str:
    """Return what somebody wrote, fit to be kept. Raises Invalid, in words, for nothing and for too much."""
    said = without_controls(text.replace("\r\n", "\n")).strip()
    if not said:
        raise Invalid("Write in a few words what you were looking for.")
    if len(said) > REQUEST_LIMIT:
        raise Invalid("That is too long to be kept. Say it in fewer words.")
    return said


def read_address(text: str) -> str | None:
    """Return an e-mail address, None for a field that was left empty. Raises Invalid, in words, for anything else.

    Whether a mail arrives shows when one is sent; this refuses what can't be an address, and what would be more than
    one of them, or a second line, in the head of a mail.
    """
    address = text.strip()
    if not address:
        return None
    if len(address) > ADDRESS_LIMIT or not _ADDRESS.fullmatch(address) or without_controls(address) != address:
        raise Invalid("This e-mail address can't be used. Write one such as name@example.com, or leave it empty.")
    return address


def is_uid(text: str) -> bool:
    """Whether a text is written as uids of requests and searches are."""
    return _UID.fullmatch(text) is not None


def withdrawal_path(secret: bytes, lang: str, uid: str) -> str:
    """Return where somebody deletes their address: the link at the end of the mail that they are sent."""
    return f"/{lang}/requests/{uid}/withdrawal?token={withdrawal_token(secret, uid)}"


def withdrawal_token(secret: bytes, uid: str) -> str:
    """Return what proves that a link to a request's withdrawal is ours, 32 hexadecimal digits. secret: the portal's."""
    return hmac.digest(secret, b"request:withdraw:" + uid.encode(), "sha256").hex()[:32]
