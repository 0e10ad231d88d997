"""`portal mcp`: assistants search and read the articles, and report what they miss, by the Model Context Protocol."""

import importlib
import os
from contextlib import suppress
from types import ModuleType

import click

from portal.audience import LEVELS, Level
from portal.bootstrap import bootstrap
from portal.errors import Unavailable
from portal.setting_values import bind
from portal.settings import Settings

SERVER = "portal.cli.mcp_server"
"""Brought by name when it is wanted: it needs packages that may be away, and its import takes a second."""
MISSING = 'Assistants need more packages: pip install "signpost-portal[mcp]"'


@click.command()
@click.option("--http", "address", metavar="ADDRESS", help="Answer over HTTP at ADDRESS such as 127.0.0.1:8100.")
@click.option(
    "--level",
    type=click.Choice([str(level) for level in LEVELS]),
    default=None,
    help="Whose view, over standard streams; public unless said otherwise.",
)
def mcp(*, address: str | None, level: str | None) -> None:
    """Let an assistant use the help centre: over standard streams, or over HTTP with a token of the API."""
    if address and level:
        raise click.UsageError("--level is for standard streams. Over HTTP each token says what it may read.")
    if address:
        try:
            bind(address)
        except ValueError as error:
            raise click.UsageError(f"--http: {error}") from error
    server = _server()
    portal = bootstrap(Settings.from_env(os.environ))
    with suppress(Unavailable):  # without a database articles are read all the same
        portal.database.upgrade()
    if address:
        server.serve_http(portal, address)
    else:
        server.serve_stdio(portal, Level(level or Level.PUBLIC))


def _server() -> ModuleType:
    """Bring the server. Raises Unavailable, with the command that installs what is missing."""
    try:
        return importlib.import_module(SERVER)
    except ModuleNotFoundError as error:
        raise Unavailable(MISSING) from error
