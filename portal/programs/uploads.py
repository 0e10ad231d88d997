"""Uploads: files that programs send ahead, until a message takes them. Verbs flush; edges commit.

What a file may be is not asked here, but by `conversations.attachments.check`, when it comes and when it is taken.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session, undefer

from portal.errors import Conflict, NotFound
from portal.programs.models import Upload

KEPT = timedelta(days=1)
"""How long one waits, as long as a key names a write: what no message has named by then, none will."""


def put(  # noqa: PLR0913 - a file, whose, and how many there may be
    session: Session, *, uid: str, user: int, name: str, media_type: str, content: bytes, most: int, at: datetime
) -> Upload:
    """Keep a file that no message has named yet. Raises Conflict where `most` of the account's wait already."""
    expire(session, at - KEPT)
    waiting = session.scalar(select(func.count()).select_from(Upload).where(Upload.user_id == user)) or 0
    if waiting >= most:
        raise Conflict(
            f"{waiting} files of this account wait for a message that names them, and no more may. Name them in one, "
            "delete those that nobody needs, or wait until they are forgotten, a day after they came."
        )
    made = Upload(
        uid=uid,
        user_id=user,
        name=name,
        media_type=media_type,
        size_bytes=len(content),
        created_at=at,
        content=content,
    )
    session.add(made)
    session.flush()
    return made


def waiting(session: Session, user: int, *, at: datetime) -> list[Upload]:
    """Return the files of an account that no message has taken, the oldest first; without their bytes."""
    asked = select(Upload).where(Upload.user_id == user, Upload.created_at >= at - KEPT)
    return list(session.scalars(asked.order_by(Upload.created_at, Upload.uid)))


def read(session: Session, uids: Sequence[str], *, user: int, at: datetime) -> list[Upload]:
    """Return files with their bytes, each once, in the order in which they are named. Raises NotFound."""
    asked = select(Upload).options(undefer(Upload.content)).where(Upload.uid.in_(uids), *_theirs(user, at))
    found = {one.uid: one for one in session.scalars(asked)}
    for uid in uids:
        if uid not in found:
            raise NotFound(f"files: there is no upload {uid} of this account. Each can be named once, within a day.")
    return [found[uid] for uid in dict.fromkeys(uids)]


def take(session: Session, uids: Collection[str], *, user: int) -> None:
    """Forget files that a message has taken. Raises NotFound where another was quicker to take one."""
    wanted = set(uids)
    if wanted and _delete(session, Upload.uid.in_(wanted), Upload.user_id == user) < len(wanted):
        raise NotFound("files: one of these uploads was named by another message at the same moment.")


def drop(session: Session, uid: str, *, user: int) -> None:
    """Forget a file of an account; nothing happens where there is none."""
    _delete(session, Upload.uid == uid, Upload.user_id == user)


def expire(session: Session, before: datetime) -> int:
    """Forget the files from before a moment. Return how many."""
    return _delete(session, Upload.created_at < before)


def _theirs(user: int, at: datetime) -> tuple[Any, ...]:
    return Upload.user_id == user, Upload.created_at >= at - KEPT


def _delete(session: Session, *which: Any) -> int:  # noqa: ANN401 - conditions of SQL
    gone = session.execute(delete(Upload).where(*which))
    return cast("CursorResult[Any]", gone).rowcount
