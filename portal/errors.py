"""Every error that the portal raises on purpose.

PortalError
├── NotFound      404  there is no such thing, or this reader may not know of it
├── Forbidden     403  the request came from where it must not
├── Invalid       422  what was sent can't be used; says what and how to mend it
├── TooLarge      413  more was sent than is taken; says what to leave out
├── Conflict      409  somebody else was quicker, or it would undo too much
├── TooMany       429  over a limit; `retry_after` seconds
├── Unavailable   503  a part is away for now; trying again may help
└── SettingsError      a setting is unknown or unusable; stops the start

Rooms raise them; `web/errors.py` makes pages and problem documents of them, `cli` exit codes.
"""


class PortalError(Exception):
    """Base of the tree above; its text is fit for people."""


class NotFound(PortalError):
    """No such thing for this reader. Missing and forbidden are told apart nowhere."""


class Forbidden(PortalError):
    """The request may not do this from where it came."""


class Invalid(PortalError):
    """What was sent can't be used."""


class TooLarge(PortalError):
    """More was sent than is taken."""


class Conflict(PortalError):
    """The state has moved on, or the change is too large to make unasked."""


class TooMany(PortalError):
    """Over a limit."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        """retry_after: seconds until it is worth trying again."""
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(PortalError):
    """A part that is needed for this is away."""


class SettingsError(PortalError):
    """An environment variable that can't be used; names it and the mend."""
