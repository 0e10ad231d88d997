"""`portal draft`: a gap's proposal as a commit on a branch of its own."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict

import click

from portal import pipeline
from portal.bootstrap import bootstrap
from portal.clock import now
from portal.content.drafts import Drafted
from portal.gaps.states import MACHINE
from portal.settings import Settings


@click.command()
@click.argument("gap", type=click.IntRange(min=1))
@click.option("--by", default=MACHINE, show_default=True, help="Whose name the gap's history gets.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of it as JSON.")
def draft(*, gap: int, by: str, as_json: bool) -> None:
    """Write the proposal for gap GAP on a branch, with the evidence in the commit's message.

    Never on the published branch, and no file on disk is touched. Safe to be run again: the same proposal is the same
    branch, and one that people went on with is left to them.
    """
    portal = bootstrap(Settings.from_env(os.environ))
    done = pipeline.draft_gap(portal, gap, by=by, at=now())
    if as_json:
        click.echo(json.dumps(asdict(done), indent=1, ensure_ascii=False, default=str))
        return
    for line in _lines(done):
        click.echo(line)
    if done.problem:
        click.echo(done.problem, err=True)


def _lines(done: Drafted) -> Iterator[str]:
    changed = ", ".join(done.paths)
    at = f" ({done.commit[:12]})" if done.commit else ""
    if done.is_taken_over:
        yield f"Gap {done.gap}: people have committed on {done.branch}{at}, so it is left to them."
    elif done.commit is None:
        yield f"Gap {done.gap}: {'a patch' if done.is_new else 'the same patch as before'}: {changed}."
    else:
        said = "drafted on" if done.is_new else "is on"
        yield f"Gap {done.gap} {said} {done.branch}{at}{', pushed' if done.is_pushed else ''}: {changed}."
    if done.patch:
        yield f"Patch: {done.patch}"
