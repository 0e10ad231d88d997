"""The one place that asks what time it is. Rooms are handed the moment; edges call `now()`."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(tz=UTC)
