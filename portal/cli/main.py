"""`portal`: the group of all verbs."""

import logging
import sys

import click

from portal.cli.check import check
from portal.cli.demo import demo
from portal.cli.doctor import doctor
from portal.cli.draft import draft
from portal.cli.evaluate import evaluate
from portal.cli.evaluate_gaps import evaluate_gaps
from portal.cli.expire import expire
from portal.cli.find_gaps import find_gaps
from portal.cli.mail import mail
from portal.cli.mcp import mcp
from portal.cli.outbox import outbox
from portal.cli.privacy import privacy
from portal.cli.publish import publish
from portal.cli.replay import replay
from portal.cli.search import search
from portal.cli.search_diff import search_diff
from portal.cli.serve import serve
from portal.cli.simulate import simulate
from portal.cli.users import users
from portal.cli.verify_gaps import verify_gaps
from portal.errors import PortalError, SettingsError


@click.group()
def verbs() -> None:
    """Signpost: a help centre from Markdown in git."""


for verb in (serve, publish, check, doctor, search, evaluate, users, expire, privacy, mail):
    verbs.add_command(verb)
for verb in (find_gaps, draft, replay, search_diff, verify_gaps, outbox, simulate, demo, evaluate_gaps, mcp):
    verbs.add_command(verb)


def main() -> None:
    """Run a verb; make words and exit codes of the errors that rooms raise."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        verbs.main(prog_name="portal")
    except SettingsError as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(2)
    except PortalError as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(1)
