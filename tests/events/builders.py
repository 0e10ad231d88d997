"""Events with defaults."""

from datetime import UTC, datetime
from itertools import count

from portal.events.kinds import Searched

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA, BO = "a" * 32, "b" * 32
_number = count()


def a_uid() -> str:
    """Return one that no other event of the run has."""
    return f"{next(_number):032x}"


def a_search(query: str = "reset password", *, visitor: str = ADA, at: datetime = NOON, uid: str = "") -> Searched:
    return Searched(uid=uid or a_uid(), at=at, visitor=visitor, lang="en", query=query)
