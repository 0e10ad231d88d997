"""Refusals: why something that a person wrote was not taken, in words, and what to do about it."""

from dataclasses import dataclass

from werkzeug.wrappers import Response

from portal.errors import Invalid, PortalError, TooLarge, TooMany, Unavailable
from portal.web.errors import RETRY_AFTER_SECONDS, SAID, status_of
from portal.web.room_words import reworded


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form was not taken, for the page that gives it back."""

    said: str
    todo: str
    """Empty where what is said tells how to mend it."""
    status: int
    retry_after: int | None = None
    """Seconds, where waiting helps."""

    @classmethod
    def of(cls, error: PortalError) -> "Refusal":
        """Return an error in the page's language."""
        status = status_of(error)
        todo = "" if isinstance(error, Invalid | TooLarge) else str(SAID[status].todo)
        return cls(reworded(error) or str(SAID[status].title), todo, status, _wait(error))

    def put_on(self, response: Response) -> None:
        """Give an answer the status and header of this."""
        response.status_code = self.status
        if self.retry_after is not None:
            response.headers["Retry-After"] = str(self.retry_after)


def _wait(error: PortalError) -> int | None:
    if isinstance(error, TooMany):
        return error.retry_after
    return RETRY_AFTER_SECONDS if isinstance(error, Unavailable) else None
