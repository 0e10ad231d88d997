"""Offers: forms that were begun, what they suggested, and how they ended. For honest measures of what was avoided.

Not a word of what was written is kept here. By a draw of each form's own, some forms suggest nothing (the hold-out);
whoever begins a form is counted in its arm, whatever happens then, so that the arms differ in the suggestions alone.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.conversations.models import Arm, ContactForm, Ending

MOST_OFFERED = 3
"""Articles that a form suggests at a time: as many as are looked at beside what is being written."""


@dataclass(frozen=True, slots=True)
class ArmCounts:
    """How the forms of one arm ended. What is neither withdrawn nor sent was left: nobody knows why."""

    begun: int = 0
    withdrawn: int = 0
    sent: int = 0
    shown: int = 0
    """Forms that had something to suggest."""

    @property
    def left(self) -> int:
        """Forms that were neither sent nor withdrawn."""
        return self.begun - self.withdrawn - self.sent


def arm_of(uid: str, hold_out: float) -> Arm:
    """Return the arm of a form, drawn by a hash of its uid, so that it stays the same. hold_out: the share, 0 to 1."""
    drawn = int.from_bytes(hashlib.sha256(b"arm:" + uid.encode()).digest()[:8]) / 2**64
    return Arm.HELD_OUT if drawn < hold_out else Arm.OFFERED


def begin(  # noqa: PLR0913 - a form is all of these
    session: Session,
    *,
    uid: str,
    lang: str,
    topic: str | None,
    arm: Arm,
    offered: Collection[str],
    at: datetime,
) -> None:
    """Note that somebody began a form, or what it suggests by now. What has ended stays as it is."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    shown = " ".join(offered)
    row = insert(ContactForm).values(uid=uid, at=at, lang=lang, topic=topic, arm=arm, ending=Ending.OPEN, offered=shown)
    keep = {"offered": shown} if shown else {"lang": lang}
    session.execute(
        row.on_conflict_do_update(index_elements=[ContactForm.uid], set_=keep, where=ContactForm.ending == Ending.OPEN)
    )


def offered_before(session: Session, uid: str) -> str | None:
    """Return the ids that a form suggested last, with spaces between; None for a form that nobody began."""
    return session.scalar(select(ContactForm.offered).where(ContactForm.uid == uid))


def withdraw(session: Session, uid: str, *, article: str, at: datetime) -> bool:
    """Note that an article answered what would have been asked. Returns whether that is new."""
    return _end(session, uid, Ending.WITHDRAWN, at, article)


def send(session: Session, uid: str, *, at: datetime) -> bool:
    """Note that a form was sent; also one that was withdrawn before, since then nothing was avoided."""
    return _end(session, uid, Ending.SENT, at, None)


def numbers(session: Session, *, since: datetime, until: datetime) -> Mapping[Arm, ArmCounts]:
    """Return how the forms of each arm ended that were begun between two moments; an arm without any has zeros."""
    is_shown = ContactForm.offered != ""
    asked = (
        select(ContactForm.arm, ContactForm.ending, is_shown, func.count())
        .where(ContactForm.at >= since, ContactForm.at < until)
        .group_by(ContactForm.arm, ContactForm.ending, is_shown)
    )
    found = dict.fromkeys(Arm, ArmCounts())
    for arm, ending, shown, count in session.execute(asked):
        had = found[arm]
        found[arm] = ArmCounts(
            begun=had.begun + count,
            withdrawn=had.withdrawn + (count if ending is Ending.WITHDRAWN else 0),
            sent=had.sent + (count if ending is Ending.SENT else 0),
            shown=had.shown + (count if shown else 0),
        )
    return found


def answering(session: Session, *, since: datetime, until: datetime, limit: int) -> list[tuple[str, int]]:
    """Return the articles that made writing needless, and how often, the most often first."""
    count = func.count()
    asked = (
        select(ContactForm.article, count)
        .where(ContactForm.at >= since, ContactForm.at < until, ContactForm.ending == Ending.WITHDRAWN)
        .group_by(ContactForm.article)
        .order_by(count.desc(), ContactForm.article)
        .limit(limit)
    )
    return [(article, times) for article, times in session.execute(asked) if article]


def expire(session: Session, before: datetime) -> int:
    """Delete forms begun before a moment. Returns how many went."""
    return len(session.scalars(delete(ContactForm).where(ContactForm.at < before).returning(ContactForm.uid)).all())


def erase(session: Session, uids: Collection[str]) -> None:
    """Delete forms by their uids."""
    session.execute(delete(ContactForm).where(ContactForm.uid.in_(uids)))


def _end(session: Session, uid: str, ending: Ending, at: datetime, article: str | None) -> bool:
    open_ones = (Ending.OPEN,) if ending is Ending.WITHDRAWN else (Ending.OPEN, Ending.WITHDRAWN)
    change = update(ContactForm).where(ContactForm.uid == uid, ContactForm.ending.in_(open_ones))
    done = change.values(ending=ending, article=article, ended_at=at).returning(ContactForm.uid)
    return session.scalar(done) is not None
