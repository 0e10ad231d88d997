"""Asked store: who was helped with which words, from the daily totals of visits."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.feedback.models import Vote
from portal.gaps.alike import Helped
from portal.visits.models import AskedDay

MOST = 20_000
"""Wordings, those that helped most people first: as many as may be unresolved (gaps.md)."""


def helped(session: Session, *, since: datetime) -> list[Helped]:
    """Return the wordings with which people were helped since a day, by article, those of most people first.

    Who was helped on two days counts twice; it is only weighed against others who were not.
    """
    people = func.sum(AskedDay.resolved)
    key = (AskedDay.lang, AskedDay.text, AskedDay.article)
    asked = select(*key, people).where(
        AskedDay.day >= since.astimezone(UTC).date(), AskedDay.resolved > 0, AskedDay.article.is_not(None)
    )
    rows = session.execute(asked.group_by(*key).order_by(people.desc(), *key).limit(MOST))
    return [Helped(lang, text, str(article), int(count)) for lang, text, article, count in rows]


def reasons(session: Session, *, since: datetime) -> dict[str, tuple[str, ...]]:
    """Return article -> why readers said that it did not help: values of Reason, the most frequent first."""
    count = func.count()
    asked = select(Vote.article_id, Vote.reason).where(
        Vote.is_helpful.is_(False), Vote.reason.is_not(None), Vote.changed_at >= since
    )
    rows = session.execute(
        asked.group_by(Vote.article_id, Vote.reason).order_by(Vote.article_id, count.desc(), Vote.reason)
    )
    found: dict[str, tuple[str, ...]] = {}
    for article, reason in rows:
        found[article] = (*found.get(article, ()), str(reason))
    return found
