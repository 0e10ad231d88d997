"""`portal privacy`: what is kept of one visitor, shown or erased."""

import json
import os
import re

import click

from portal import forgetting
from portal.bootstrap import Portal, bootstrap
from portal.errors import Invalid
from portal.settings import Settings
from portal.web.visitors import VisitKeys

_NAME = re.compile(r"[0-9a-f]{32}|user-\d+")
_COOKIE = re.compile(r"[0-9a-f]{1,8}-[0-9a-f]{32}\.[0-9a-f]{64}")
VOTES = (
    "Votes and their comments are not among this: they are kept under a key of their own, the cookie `voter`, "
    "so that nobody can put the two together."
)


@click.group()
def privacy() -> None:
    """Show or erase what is kept of one visitor."""


@privacy.command("export")
@click.argument("visitor")
def export(visitor: str) -> None:
    """Print all that is kept of VISITOR as one JSON document.

    VISITOR is what stands in the tables (32 hexadecimal digits, or user-7 for staff), or the value of the person's
    cookie `visit`. Votes are kept under another key and are not among it.
    """
    portal = _portal()
    kept = forgetting.kept_of(portal, _name(portal, visitor))
    click.echo(json.dumps(kept | {"note": VOTES}, indent=1, ensure_ascii=False, default=str))
    counts = ", ".join(f"{len(kept[part]):,} {part}" for part in ("events", "requests", "needs"))
    click.echo(f"{counts}. {VOTES}", err=True)


@privacy.command("erase")
@click.argument("visitor")
def erase(visitor: str) -> None:
    """Delete all that is kept of VISITOR, and print how much that was. Days are counted anew without it.

    VISITOR is as in export. Repeat it after a second where the person may still be at it.
    """
    portal = _portal()
    done = forgetting.erase(portal, _name(portal, visitor))
    click.echo(
        f"Erased {done.events:,} events, {done.requests:,} requests, {done.addresses:,} addresses, {done.needs:,} needs"
    )
    click.echo(VOTES, err=True)


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
