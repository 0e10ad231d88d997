"""`portal replay`: what a revision answers of what people asked for a gap."""

import json
import os
import sys

import click

from portal import pipeline
from portal.bootstrap import bootstrap
from portal.cli.github import add_to_summary, echo
from portal.cli.replay_formats import replay_annotations, replay_lines, replay_summary
from portal.clock import now
from portal.settings import Settings

FORMATS = click.Choice(["text", "json", "github"])


@click.command()
@click.argument("gap", type=click.IntRange(min=1))
@click.option("--revision", required=True, help="Branch, tag or commit of the articles' repository.")
@click.option("--fail-under", type=click.FloatRange(0, 100), help="Percent of the wordings that must be answered.")
@click.option("--format", "form", type=FORMATS, default="text", show_default=True)
def replay(*, gap: int, revision: str, fail_under: float | None, form: str) -> None:
    """Build a revision beside the live one, and ask both what people asked for gap GAP.

    A wording is answered where the page shows hits, and an article of that revision's change, or of the gap, is among
    the first three. Exit code 1 under --fail-under.
    """
    portal = bootstrap(Settings.from_env(os.environ))
    done = pipeline.replay_gap(portal, gap, revision=revision, at=now())
    if form == "json":
        click.echo(json.dumps(done.document(), indent=1, ensure_ascii=False))
    elif form == "github":
        least = portal.library.current().site.gaps.least_people
        echo(list(replay_annotations(done, least)))
        add_to_summary(replay_summary(done, least), os.environ)
    else:
        echo(list(replay_lines(done)))
    if fail_under is not None and done.percent < fail_under:
        click.echo(f"{done.percent:.0f} % of the wordings are answered; {fail_under:g} % are wanted.", err=True)
        sys.exit(1)
