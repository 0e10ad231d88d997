"""`portal search-diff`: how two revisions differ in what people search most."""

import json
import os
import sys

import click

from portal import pipeline
from portal.bootstrap import bootstrap
from portal.cli.github import add_to_summary, echo
from portal.cli.replay import FORMATS
from portal.cli.replay_formats import diff_annotations, diff_lines, diff_summary
from portal.clock import now
from portal.settings import Settings


@click.command("search-diff")
@click.argument("a")
@click.argument("b")
@click.option("--fail-under", type=click.FloatRange(0, 100), help="Percent of the queries that must not become worse.")
@click.option("--format", "form", type=FORMATS, default="text", show_default=True)
def search_diff(*, a: str, b: str, fail_under: float | None, form: str) -> None:
    """Ask revisions A and B what people searched most in the last weeks, and name where the first hits differ.

    Exit code 1 under --fail-under.
    """
    portal = bootstrap(Settings.from_env(os.environ))
    diff = pipeline.search_diff(portal, a, b, at=now())
    if form == "json":
        click.echo(json.dumps(diff.document(), indent=1, ensure_ascii=False))
    elif form == "github":
        least = portal.library.current().site.gaps.least_people
        echo(list(diff_annotations(diff, least)))
        add_to_summary(diff_summary(diff, least), os.environ)
    else:
        echo(list(diff_lines(diff)))
    if fail_under is not None and diff.percent < fail_under:
        click.echo(f"{diff.percent:.0f} % have not become worse; {fail_under:g} % are wanted.", err=True)
        sys.exit(1)
