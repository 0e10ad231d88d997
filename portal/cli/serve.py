"""`portal serve`: publish what is there, serve it, and publish whatever is committed from then on."""

import logging
import os
import sys

import click

from portal.bootstrap import Portal, bootstrap
from portal.cli.links import set_up_link
from portal.cli.reports import SHOWN, counts_line, problem_lines, progress_line
from portal.cli.supervisor import Supervisor
from portal.clock import now
from portal.errors import PortalError, Unavailable
from portal.pipeline import publish
from portal.settings import Settings

_log = logging.getLogger(__name__)


@click.command()
@click.option("--dev", is_flag=True, help="Read uncommitted files too, and reload when code changes.")
def serve(*, dev: bool) -> None:
    """Serve the help centre; new commits are live within about a second."""
    settings = Settings.from_env(os.environ)
    portal = bootstrap(settings)
    settings.secret()
    supervisor = _Welcoming(portal, settings, is_dev=dev)
    supervisor.upgrade_database()
    code = supervisor.in_child(lambda: _first_publishing(settings, is_dev=dev))
    if code and portal.library.newest() is None:
        sys.exit(code)
    sys.exit(supervisor.run())


class _Welcoming(Supervisor):
    """Greets the first admin as soon as the database is there."""

    def __init__(self, portal: Portal, settings: Settings, *, is_dev: bool) -> None:
        super().__init__(portal, is_dev=is_dev)
        self._welcome = lambda: _welcome(settings)
        self._has_welcomed = False

    def upgrade_database(self) -> None:
        """Bring the database up to date; where nobody has an account, print the link that makes the first."""
        super().upgrade_database()
        if not self._has_welcomed:
            self._has_welcomed = self.in_child(self._welcome) == 0


def _welcome(settings: Settings) -> None:
    """Print a link that works once, in a process of its own, which takes its connections with it."""
    try:
        link = set_up_link(bootstrap(settings))
    except Unavailable:
        sys.exit(1)
    if link:
        click.echo(
            f"Nobody has an account yet. This link makes the first one, once, within 24 hours:\n{link}", err=True
        )


def _first_publishing(settings: Settings, *, is_dev: bool) -> None:
    """Publish in a process of its own, so that the memory it takes is given back."""
    try:
        with progress_line() as progress:
            done = publish(bootstrap(settings), at=now(), working_folder=is_dev, progress=progress)
    except PortalError as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(1)
    for line in problem_lines(done.problems, SHOWN):
        click.echo(line, err=True)
    click.echo(counts_line(done), err=True)
