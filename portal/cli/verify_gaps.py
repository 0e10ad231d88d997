"""`portal verify-gaps`: whether published answers help."""

import json
import os
from dataclasses import asdict

import click

from portal import pipeline
from portal.bootstrap import bootstrap
from portal.clock import now
from portal.settings import Settings


@click.command("verify-gaps")
@click.option("--json", "as_json", is_flag=True, help="Print the gaps' numbers as JSON.")
def verify_gaps(*, as_json: bool) -> None:
    """Watch the gaps whose answer is published: close those that visits prove, open again those that they don't.

    Fit for cron; a running `portal serve` does it too.
    """
    done = pipeline.verify_gaps(bootstrap(Settings.from_env(os.environ)), at=now())
    click.echo(json.dumps(asdict(done)) if as_json else done.line())
