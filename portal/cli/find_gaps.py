"""`portal find-gaps`: from what was recorded to gaps."""

import os

import click

from portal import pipeline
from portal.bootstrap import bootstrap
from portal.clock import now
from portal.settings import Settings


@click.command("find-gaps")
def find_gaps() -> None:
    """Find the needs that several people had and no article met, and bring the known gaps up to date.

    Fit for cron; a running `portal serve` does it too. Run again it finds that nothing has changed.
    """
    click.echo(pipeline.find_gaps(bootstrap(Settings.from_env(os.environ)), at=now()).line())
