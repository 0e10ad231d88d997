"""`portal check`: what is wrong with the articles, like a compiler would say it."""

import json
import os
import sys
from dataclasses import asdict
from time import monotonic

import click

from portal.cli.reports import problem_lines, progress_line, skipped_lines
from portal.clock import now
from portal.content.problem import Severity
from portal.pipeline import check as check_articles
from portal.settings import Settings


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(form: str) -> None:
    """Check the articles as they lie on disk, or at PORTAL_REVISION where it is set; publish nothing.

    Exit code 1 when an article can't be published as it is.
    """
    began = monotonic()
    with progress_line() as progress:
        base = check_articles(Settings.from_env(os.environ), at=now(), progress=None if form == "json" else progress)
    errors = [problem for problem in base.problems if problem.severity is Severity.ERROR]
    if form == "json":
        skipped = [asdict(file) for file in base.skipped]
        found = {
            "articles": len(base.entries),
            "problems": [asdict(each) for each in base.problems],
            "skipped": skipped,
        }
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        for line in (*problem_lines(base.problems), *skipped_lines(base.skipped)):
            click.echo(line)
        seconds = monotonic() - began
        warnings = len(base.problems) - len(errors)
        said = (
            f"{len(base.entries)} articles, {len(errors)} errors, {warnings} warnings, {len(base.skipped)} other files"
        )
        click.echo(f"{said} ({seconds:.1f} s).", err=True)
    sys.exit(1 if errors else 0)
