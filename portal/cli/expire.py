"""`portal expire`: delete what is older than it may be."""

import os

import click

from portal.bootstrap import bootstrap
from portal.clock import now
from portal.forgetting import expire as forget
from portal.settings import Settings


@click.command()
@click.option("--dry-run", "is_rehearsal", is_flag=True, help="Delete nothing; say what would go.")
def expire(*, is_rehearsal: bool) -> None:
    """Delete events, and what was made of them, older than `retention.events_days` of portal.toml.

    Figures of days and the wordings of open gaps stay. Safe to be repeated; `portal serve` does it once a day.
    """
    done = forget(bootstrap(Settings.from_env(os.environ)), at=now(), is_rehearsal=is_rehearsal)
    click.echo(f"{'Would delete' if is_rehearsal else 'Deleted'} {done.line()}")
