"""Opinions: why articles did not help, as their readers say. For staff; comments are people's own text, unescaped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.feedback.models import Reason, Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which opinions; None filters nothing."""

    article: str | None = None
    reason: Reason | None = None
    has_comment: bool = False
    """Only those that say more than a reason."""
    until: datetime | None = None
    """Only those of this moment or before; so that pages stay where they are while others come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one reader said of one revision of an article, without a trace of who it was."""

    article: str
    revision: str
    lang: str
    reason: Reason | None
    comment: str | None
    at: datetime


def newest(session: Session, asked: Asked, *, offset: int = 0, limit: int) -> list[Opinion]:
    """Return opinions, the latest first."""
    columns = (Vote.article_id, Vote.article_revision, Vote.lang, Vote.reason, Vote.comment, Vote.changed_at)
    found = select(*columns).where(*_meant(asked)).order_by(Vote.changed_at.desc(), Vote.id.desc())
    return [
        Opinion(article=article, revision=revision, lang=lang, reason=reason, comment=comment, at=at)
        for article, revision, lang, reason, comment, at in session.execute(found.offset(offset).limit(limit))
    ]


def count_by_reason(session: Session, asked: Asked) -> dict[Reason | None, int]:
    """Return how many opinions have each reason, the most frequent first; None for comments alone."""
    total = func.count()
    rows = session.execute(select(Vote.reason, total).where(*_meant(asked)).group_by(Vote.reason)).all()
    return dict(sorted(((reason, number) for reason, number in rows), key=lambda one: (-one[1], one[0] or "")))


def articles(session: Session) -> Mapping[str, int]:
    """Return the ids of articles that somebody has an opinion of, those with the most first."""
    total = func.count()
    asked = select(Vote.article_id, total).where(*_meant(Asked())).group_by(Vote.article_id)
    rows = session.execute(asked.order_by(total.desc(), Vote.article_id)).all()
    return {article: number for article, number in rows}  # noqa: C416 - mypy takes rows for no pairs


def _meant(asked: Asked) -> list[ColumnElement[bool]]:
    wanted = [Vote.is_helpful.is_(False), or_(Vote.reason.is_not(None), Vote.comment.is_not(None))]
    if asked.article:
        wanted.append(Vote.article_id == asked.article)
    if asked.reason:
        wanted.append(Vote.reason == asked.reason)
    if asked.has_comment:
        wanted.append(Vote.comment.is_not(None))
    if asked.until:
        wanted.append(Vote.changed_at <= asked.until)
    return wanted
