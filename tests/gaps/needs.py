"""Needs for tests, with defaults."""

from datetime import UTC, datetime, timedelta
from hashlib import md5

from portal.gaps.unmet import Unmet

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def a_need(
    visitor: str,
    *wordings: str,
    days_ago: float = 1,
    lang: str = "en",
    outcome: str = "gave_up",
    weight: float = 0.8,
    offered: tuple[str, ...] = (),
    clicked: tuple[tuple[str, int], ...] = (),
    ended_on: str | None = None,
    ended_with: str | None = None,
    request: str | None = None,
    gap: int | None = None,
) -> Unmet:
    said = wordings or ("how to cancel my plan",)
    uid = md5(repr((visitor, said, days_ago)).encode(), usedforsecurity=False).hexdigest()
    return Unmet(
        uid=uid,
        visitor=visitor,
        at=AT - timedelta(days=days_ago),
        lang=lang,
        outcome=outcome,
        weight=weight,
        wordings=said,
        offered=offered,
        clicked=clicked,
        ended_on=ended_on,
        ended_with=ended_with,
        request=request,
        gap=gap,
    )
