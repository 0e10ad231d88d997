"""Programs at the shore: whose token a request shows, what it may do, how often it may ask. For api, desk and access.

Only the header `Authorization: Bearer` counts, and only below /api/v1: a cookie gives a program nothing, so there is
nothing that another site's page could ride on.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from flask import Response, g, has_request_context, request
from limits import RateLimitItemPerMinute

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction, unavailable_when_away
from portal.errors import Forbidden, PortalError, TooMany, Unavailable
from portal.programs import tokens
from portal.programs.scopes import Scope
from portal.programs.tokens import Bearer, Trouble
from portal.web.context import site, the
from portal.web.limits import Limits, client_address

API = "/api/v1/"
BY_PAGES = frozenset({"/api/v1/complete"})
"""What our own pages ask too, for whoever reads them: without a token their reader counts."""
_SCHEME = "bearer"
_MOST_TOKEN = 200
_SAID: Mapping[Trouble, str] = MappingProxyType(
    {
        Trouble.UNKNOWN: "This token is not known. Look whether it was copied whole.",
        Trouble.EXPIRED: "This token has expired. Make a new one at /desk/tokens.",
        Trouble.REVOKED: "This token was revoked. Make a new one at /desk/tokens.",
        Trouble.SHUT: "The account of this token is shut. An admin can open it again.",
    }
)


class TokenRefused(PortalError):
    """A token is missing or not taken: 401. `code` is as RFC 6750 has it, empty where none was shown."""

    def __init__(self, message: str, code: str = "invalid_token") -> None:
        """message: fit for whoever runs the program."""
        super().__init__(message)
        self.code = code


class ScopeMissing(Forbidden):
    """A token is taken, and was not made for this: 403."""

    def __init__(self, scope: Scope) -> None:
        """scope: what is missing."""
        super().__init__(f"This needs the scope {scope}, which the token does not have. Make one with it, or a role "
                         f"that may have it, at /desk/tokens.")  # fmt: skip
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Rate:
    """How often this client may still ask: for the headers of every answer."""

    most: int
    left: int
    seconds: int
    """Until the count begins anew."""


def is_asked_by_program() -> bool:
    """Whether this request's level is its token's, and no cookie's."""
    if not has_request_context() or not request.path.startswith(API):
        return False
    return request.path not in BY_PAGES or has_token()


def has_token() -> bool:
    """Whether a token is shown, be it taken or not."""
    return _shown() is not None


def bearer() -> Bearer | None:
    """Return the program that asks; None without a token. Asks the database once a request.

    Raises TokenRefused for a token that is empty, mistyped, expired or revoked, or whose account is shut.
    """
    if "program" not in g:
        shown = _shown()
        g.program = None if shown is None else known(shown)
    found: Bearer | None = g.program
    return found


def known(token: str) -> Bearer:
    """Return whose token this is, and note now and then that it is in use. Raises TokenRefused, Unavailable."""
    at = clock.now()
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = tokens.who(session, token[:_MOST_TOKEN], at)
        if found is None:
            raise TokenRefused(_SAID[tokens.why_not(session, token[:_MOST_TOKEN], at)])
        if tokens.is_to_be_noted(found, at):
            with suppress(Unavailable), transaction(session):
                tokens.note(session, found, at)
    return found


def allowed(scope: Scope | None) -> Bearer:
    """Return the program that asks, if it may do this. None: every token that is taken may.

    Raises TokenRefused, ScopeMissing.
    """
    found = bearer()
    if found is None:
        raise TokenRefused("This needs a token: Authorization: Bearer sp_…. Make one at /desk/tokens.", code="")
    if scope is not None and scope not in found.scopes:
        raise ScopeMissing(scope)
    return found


def has(scope: Scope) -> bool:
    """Whether a program asks that may do this; not for a token that is not taken, which `count_call` refuses."""
    try:
        found = bearer()
    except TokenRefused:
        return False
    return found is not None and scope in found.scopes


def count_call() -> None:
    """Count one request, of a token where one is shown that is taken, else of an address. Raises TooMany.

    A token that is refused counts for its address, so that trying tokens is no way around.
    """
    try:
        found = bearer()
    except TokenRefused:
        _count(client_address())
        raise
    _count(f"token {found.token}" if found else client_address())


def with_rate(response: Response) -> Response:
    """Say how often this client may still ask, in the header fields of the IETF's draft on rate limits."""
    rate: Rate | None = g.get("rate")
    if rate:
        response.headers["RateLimit-Policy"] = f'"calls";q={rate.most};w=60'
        response.headers["RateLimit"] = f'"calls";r={rate.left};t={rate.seconds}'
    return response


def _count(client: str) -> None:
    most, today = site().limits.api_calls_per_minute, clock.now().date()
    limit, counter = RateLimitItemPerMinute(most), the(Limits)
    try:
        counter.count(limit, "call", address=client, today=today)
    except TooMany as error:
        g.rate = Rate(most, 0, error.retry_after)
        message = f"That was more than {most:,} requests in a minute."
        raise TooMany(message, retry_after=error.retry_after) from error
    g.rate = Rate(most, *counter.left(limit, "call", address=client, today=today))


def _shown() -> str | None:
    """Return the token that this request shows; None for no header, or for one of another scheme."""
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == _SCHEME else None
