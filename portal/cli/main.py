"""`portal`: the group of all verbs."""

import logging
import sys

import click

from portal.cli.check import check
from portal.cli.doctor import doctor
from portal.cli.evaluate import evaluate
from portal.cli.publish import publish
from portal.cli.search import search
from portal.cli.serve import serve
from portal.errors import PortalError, SettingsError


@click.group()
def verbs() -> None:
    """Signpost: a help centre from Markdown in git."""


for verb in (serve, publish, check, doctor, search, evaluate):
    verbs.add_command(verb)


def main() -> None:
    """Run a verb; make words and exit codes of the errors that rooms raise."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        verbs.main(prog_name="portal")
    except SettingsError as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(2)
    except PortalError as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(1)
