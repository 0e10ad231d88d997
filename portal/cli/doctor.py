"""`portal doctor`: whether all that the portal stands on is there, and what to do where it is not."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from portal.bootstrap import bootstrap
from portal.cli.checkup import examine
from portal.cli.findings import Verdict
from portal.clock import now
from portal.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print all findings as JSON.")
def doctor(*, as_json: bool) -> None:
    """Look at everything the portal needs, and say in a line each what is well and what to mend.

    Changes nothing. Exit code 1 when something fails; warnings are allowed.
    """
    portal = bootstrap(Settings.from_env(os.environ))
    with _without_log():
        findings = list(examine(portal, at=now()))
    failed = sum(finding.verdict is Verdict.FAIL for finding in findings)
    warned = sum(finding.verdict is Verdict.WARN for finding in findings)
    if as_json:
        told = {"failed": failed, "warnings": warned, "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"{len(findings)} checks, {failed} failed, {warned} to look at.", err=True)
    sys.exit(1 if failed else 0)


@contextmanager
def _without_log() -> Iterator[None]:
    """Keep the rooms from writing to the log what is about to be printed as a finding."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)
