"""`portal privacy`: what is kept of one visitor, or of one e-mail address, shown or erased."""

import json
import os
import re
from collections.abc import Callable
from typing import Any

import click

from portal import clock, forgetting
from portal.bootstrap import Portal, bootstrap
from portal.db import unavailable_when_away
from portal.errors import Invalid
from portal.feedback import requests
from portal.people import accounts
from portal.people.models import User
from portal.settings import Settings
from portal.web.visitors import VisitKeys

_NAME = re.compile(r"[0-9a-f]{32}|user-\d+")
_COOKIE = re.compile(r"[0-9a-f]{1,8}-[0-9a-f]{32}\.[0-9a-f]{64}")
_OF_ACCOUNT = ("email", "name", "role", "lang", "created_at", "seen_at", "disabled_at")
VOTES = (
    "Votes and their comments are not among this: they are kept under a key of their own, the cookie `voter`, "
    "so that nobody can put the two together."
)
_FOR_ADDRESS = click.option("--address", help="An e-mail address, in place of VISITOR: all it wrote or was sent.")


@click.group()
def privacy() -> None:
    """Show or erase what is kept of one visitor, or of one e-mail address."""


@privacy.command("export")
@click.argument("visitor", required=False)
@_FOR_ADDRESS
def export(visitor: str | None, address: str | None) -> None:
    """Print all that is kept of VISITOR, or of an address, as one JSON document.

    VISITOR is what stands in the tables (32 hexadecimal digits, or user-7 for staff), or the value of the person's
    cookie `visit`. Votes are kept under another key and are not among it.
    """
    portal = _portal()
    visitor = _one_of(visitor, address)
    if visitor is None:
        _export_address(portal, _address(address))
        return
    named = _name(portal, visitor)
    kept = forgetting.kept_of(portal, named) | _account(portal, lambda user: f"user-{user.id}" == named)
    click.echo(json.dumps(kept | {"note": VOTES}, indent=1, ensure_ascii=False, default=str))
    counts = ", ".join(f"{len(kept[part]):,} {part}" for part in ("events", "requests", "needs"))
    click.echo(f"{counts}. {VOTES}", err=True)


@privacy.command("erase")
@click.argument("visitor", required=False)
@_FOR_ADDRESS
def erase(visitor: str | None, address: str | None) -> None:
    """Delete all that is kept of VISITOR, or of an address, and print how much that was.

    Days are counted anew without a visitor. Of an address nothing is left in SQLite's file either.

    VISITOR is as in export. Repeat it after a second where the person may still be at it.
    """
    portal = _portal()
    visitor = _one_of(visitor, address)
    if visitor is None:
        _erase_address(portal, _address(address))
        return
    done = forgetting.erase(portal, _name(portal, visitor))
    click.echo(
        f"Erased {done.events:,} events, {done.requests:,} requests, {done.addresses:,} addresses, {done.needs:,} needs"
    )
    click.echo(VOTES, err=True)


def _export_address(portal: Portal, address: str) -> None:
    own = _account(portal, lambda user: user.email.casefold() == address.casefold())
    kept = forgetting.kept_of_address(portal, address) | own
    click.echo(json.dumps(kept, indent=1, ensure_ascii=False, default=str))
    counts = ", ".join(f"{len(found):,} {part}" for part, found in kept.items() if isinstance(found, list))
    click.echo(f"{counts}.", err=True)


def _account(portal: Portal, is_theirs: Callable[[User], bool]) -> dict[str, Any]:
    """Return a member of staff's account as `account`, without what opens it; nothing where there is none."""
    with unavailable_when_away(), portal.database.session() as session:
        user = next((one for one in accounts.everybody(session) if is_theirs(one)), None)
    return {"account": {name: getattr(user, name) for name in _OF_ACCOUNT}} if user else {}


def _erase_address(portal: Portal, address: str) -> None:
    done = forgetting.erase_address(portal, address, at=clock.now())
    click.echo(
        f"Erased {done.conversations:,} conversations, {done.requests:,} requests, {done.deliveries:,} messages of the "
        f"outbox, {done.mails:,} notes of mails"
    )
    if not forgetting.overwrite(portal):
        click.echo(
            "The database's file could not be written anew, as somebody else was at it; what was erased may be read "
            "from the disk until then. Run this again.",
            err=True,
        )


def _one_of(visitor: str | None, address: str | None) -> str | None:
    """Return the visitor; None where an address was given in their place. Raises UsageError for both or none."""
    if (visitor is None) == (address is None):
        message = "Give either VISITOR or --address."
        raise click.UsageError(message)
    return visitor


def _address(address: str | None) -> str:
    """Return an e-mail address. Raises Invalid."""
    found = requests.read_address(address or "")
    if found is None:
        raise Invalid("That is no e-mail address. Write one such as name@example.com.")
    return found


def _portal() -> Portal:
    return bootstrap(Settings.from_env(os.environ))


def _name(portal: Portal, visitor: str) -> str:
    """Return the name that the tables have for somebody, also for the value of a cookie. Raises Invalid."""
    given = visitor.strip().strip('"')
    if _COOKIE.fullmatch(given):
        return VisitKeys(portal.settings.secret()).name(given)
    if not _NAME.fullmatch(given):
        raise Invalid(
            "That names no visitor. Give the 32 hexadecimal digits that stand in the tables, user-7 for an account, "
            "or the value of the person's cookie `visit`."
        )
    return given
