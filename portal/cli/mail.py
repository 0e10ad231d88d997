"""`portal mail`: what customers write by mail."""

import os

import click

from portal import fetching
from portal.bootstrap import bootstrap
from portal.clock import now
from portal.settings import Settings


@click.group()
def mail() -> None:
    """Mails of customers: take them in."""


@mail.command("fetch")
def fetch() -> None:
    """Take what is unread in the mailbox of PORTAL_IMAP_URL, and print how much that was. Safe to be repeated."""
    portal = bootstrap(Settings.from_env(os.environ))
    portal.database.upgrade()
    click.echo(fetching.fetch(portal, at=now()).line())
