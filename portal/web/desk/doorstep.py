"""The doorstep: what every way to sign in does before and after somebody is recognised."""

import re
from urllib.parse import urlencode

from flask import redirect, request
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import entrance
from portal.people.models import User
from portal.people.sessions import Signed
from portal.people.throttles import Throttle
from portal.web.context import the
from portal.web.limits import client_address, household
from portal.web.speech import browser_language
from portal.web.staff import DESK, begin, next_or, token

SECOND_FACTOR = "/desk/second-factor"
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac", "macOS"),
            ("Linux", "Linux"))  # fmt: skip
_TAG = re.compile(r"[()/;\s]")


def throttle(account: str) -> Throttle:
    """Return what counts this request's try at an account, or at whatever else is named."""
    return Throttle(the(Portal).settings.secret(), household(client_address()), account.strip().lower()[:300])


def onward() -> str:
    """Return where to go after signing in: `next` of the form or the address, if it lies within this portal."""
    return next_or(DESK, request.values.get("next"))


def enter(user_id: int, *, there: str = "") -> Response | None:
    """Sign in somebody who was recognised, and lead on; None for an account that is shut by now."""
    with the(Portal).database.session() as database, transaction(database):
        entered = entrance.enter(
            database, user_id, device=device(), instead_of=token(), at=clock.now(), lang=browser_language()
        )
    return lead_on(*entered, there=there) if entered else None


def lead_on(user: User, signed: Signed, *, there: str = "") -> Response:
    """Hand out the cookie of a session that was committed, and lead on: to the second factor if it is awaited.

    there: checked by `next_or`; by default, what the form or the address says.
    """
    begin(user, signed)
    there = there or onward()
    if not signed.is_complete:
        there = SECOND_FACTOR + (f"?{urlencode({'next': there})}" if there != DESK else "")
    return redirect(there, 303)


def device() -> str:
    """Name this browser so that its owner knows it again."""
    return named(request.user_agent.string)


def named(user_agent: str) -> str:
    """Return a browser and its system, such as "Firefox · Linux"; empty for one that says nothing known."""
    parts = frozenset(_TAG.split(user_agent[:500]))
    browser = next((name for sign, name in _BROWSERS if sign in parts), "")
    system = next((name for sign, name in _SYSTEMS if any(part.startswith(sign) for part in parts)), "")
    return " · ".join(name for name in (browser, system) if name)
