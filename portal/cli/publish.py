"""`portal publish`: make the newest revision live."""

import json
import logging
import os
from dataclasses import asdict, replace
from time import monotonic

import click

from portal.app import create_app
from portal.bootstrap import Portal, bootstrap
from portal.cli.reports import SHOWN, counts_line, encoding_line, problem_lines, progress_line
from portal.clock import now
from portal.errors import Unavailable
from portal.pipeline import encode_waiting, refresh_overlay, waiting_to_be_encoded
from portal.pipeline import publish as publish_newest
from portal.publishing import Published
from portal.settings import Settings
from portal.web.press import print_pages

_log = logging.getLogger(__name__)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print all counts and problems as JSON.")
@click.option("--accept-removals", is_flag=True, help="Publish although more than half of the articles are gone.")
@click.option("--working-folder", is_flag=True, help="Publish the files as they lie on disk, committed or not.")
def publish(*, as_json: bool, accept_removals: bool, working_folder: bool) -> None:
    """Make the newest revision of the articles live.

    Safe to run at any time and to stop at any moment: readers see the old revision or the new one, whole.
    """
    began = monotonic()
    portal = bootstrap(Settings.from_env(os.environ))
    with progress_line() as progress:
        done = publish_newest(
            portal,
            at=now(),
            accept_removals=accept_removals,
            working_folder=working_folder,
            progress=None if as_json else progress,
        )
    print_pages(create_app(portal))
    if waiting_to_be_encoded(portal.settings):
        with encoding_line() as left:
            encode_waiting(portal.settings, None if as_json else left)
        completed = publish_newest(portal, at=now(), working_folder=working_folder)
        done = _together(done, completed, monotonic() - began)
        print_pages(create_app(portal))
    _count_votes(portal)
    if as_json:
        click.echo(json.dumps(asdict(done), indent=1, ensure_ascii=False))
        return
    for line in problem_lines(done.problems, SHOWN):
        click.echo(line, err=True)
    click.echo(counts_line(done))


def _together(first: Published, completed: Published, seconds: float) -> Published:
    """Tell two publishings as one: of the same revision, unless somebody committed while meaning was added."""
    is_further = completed.revision != first.revision
    return replace(
        completed,
        is_new=first.is_new or is_further,
        changed={kind: count + completed.changed[kind] for kind, count in first.changed.items()},
        problems=completed.problems if is_further else first.problems,
        seconds=seconds,
    )


def _count_votes(portal: Portal) -> None:
    """Renew the live facts; what is published is live without them, so a failure is for those who debug."""
    try:
        refresh_overlay(portal, at=now())
    except Unavailable as error:
        _log.debug("Votes were not counted, so the lists made of them stay as they are: %s", error)
