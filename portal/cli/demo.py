"""`portal demo`: a desk with something on it, to look around in."""

import os
import secrets
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click

from portal.bootstrap import Portal, bootstrap
from portal.cli.demo_content import copy_articles
from portal.cli.demo_forms import let_flag, let_write, remove_forms
from portal.cli.demo_needs import draw, read_needs
from portal.cli.demo_removal import remove as remove_all
from portal.cli.demo_story import AGENT, DAYS, LEAD, WRITER, Story
from portal.cli.demo_talks import let_talk, remove_talks
from portal.cli.links import link_of
from portal.clock import now
from portal.db import transaction
from portal.errors import Conflict
from portal.events import log
from portal.people import accounts, keys
from portal.people.models import KeyKind, Role
from portal.people.passwords import Passwords
from portal.pipeline import encode_waiting, publish, refresh_overlay, waiting_to_be_encoded
from portal.settings import Settings

SEED = 12
STAFF = {LEAD: Role.LEAD, WRITER: Role.WRITER, AGENT: Role.AGENT}
MARKER = "demo"
"""File in the data folder that says that the demo is there, whole."""
_FAILS = "/en/search?q=slack+notifications"


@click.command()
@click.option(
    "--copy",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Articles to copy to PORTAL_CONTENT first, as a repository of the demo's own, where drafts and answers land.",
)
@click.option("--anyway", is_flag=True, help="Fill the database even where visitors of your own are in it.")
@click.option("--remove", is_flag=True, help="Take away all that the demo made.")
def demo(*, copy: Path | None, anyway: bool, remove: bool) -> None:
    """Fill the help centre with eight weeks of made-up visitors, and the desk with what they lacked and wrote.

    Without --copy nothing is drafted or published, so no repository is changed. Run again it prints new links.
    """
    settings, at = Settings.from_env(os.environ), now()
    settings.secret()  # makes the data folder
    portal = bootstrap(settings)
    portal.database.upgrade()
    if remove:
        _remove(portal, at)
        return
    marker = portal.settings.data / MARKER
    if not marker.exists():
        _refuse_what_is_real(portal, is_wanted=anyway)
        _fill(portal, copy, at)
        marker.write_text(at.isoformat(), "utf-8")
    for line in _lines(portal, _links(portal)):
        click.echo(line)


def _fill(portal: Portal, copy: Path | None, at: datetime) -> None:
    if copy:
        copy_articles(copy, portal.settings, at=at - timedelta(days=DAYS + 7))
    _publish(portal, at)
    people = draw(read_needs(), until=at, days=DAYS, seed=SEED)
    story = Story(portal, until=at, owners=_accounts(portal, people[0].at), is_own=copy is not None)
    story.tell(people, _progress)
    _publish(portal, at)
    let_talk(portal, story.owners, until=at, agent=AGENT)
    let_write(portal, until=at)
    let_flag(portal, until=at, agent=(story.owners[AGENT], AGENT), writer=WRITER)
    refresh_overlay(portal, at=at)
    _progress("")
    for problem in story.problems:
        click.echo(problem, err=True)


def _publish(portal: Portal, at: datetime) -> None:
    """Publish, with vectors: what visitors find is what search finds from then on."""
    _progress("Publishing")
    publish(portal, at=at)
    if waiting_to_be_encoded(portal.settings):
        _progress("Adding meaning to the search")
        encode_waiting(portal.settings)
        publish(portal, at=at)


def _accounts(portal: Portal, at: datetime) -> dict[str, int]:
    """Return who works here. Nobody knows their passwords: links let them in."""
    hashed = {name: Passwords().hash(secrets.token_urlsafe()) for name in STAFF}
    found: dict[str, int] = {}
    with portal.database.session() as session, transaction(session):
        for name, role in STAFF.items():
            user = accounts.find(session, _email(name)) or accounts.add(
                session, email=_email(name), name=name, role=role, at=at
            )
            accounts.enable(session, user.id)
            accounts.set_password(session, user.id, hashed[name])
            found[name] = user.id
    return found


def _links(portal: Portal) -> dict[str, str]:
    """Return links with which Ada, Cleo and Bo choose a password, each once; earlier ones end."""
    with portal.database.session() as session, transaction(session):
        ids = {name: accounts.named(session, _email(name)).id for name in STAFF}
        made = {name: keys.make_key(session, kind=KeyKind.INVITATION, user_id=one, at=now())
                for name, one in ids.items()}  # fmt: skip
    return {name: link_of(portal, token) for name, token in made.items()}


def _lines(portal: Portal, links: dict[str, str]) -> Iterator[str]:
    base = portal.settings.base_url or f"http://{portal.settings.bind}"
    yield f"The desk, as Ada who leads it (this link works once): {links[LEAD]}"
    yield f"The same as Cleo, who writes: {links[WRITER]}  And as Bo, who answers customers: {links[AGENT]}"
    yield f"A search that fails, as its visitors know: {base}{_FAILS}"


def _refuse_what_is_real(portal: Portal, *, is_wanted: bool) -> None:
    with portal.database.session() as session:
        events = log.count(session)
    if events and not is_wanted:
        raise Conflict(
            f"Visitors have been here already and left events: {events:,}. A demo would spoil their figures. "
            "Use a data folder of its own (PORTAL_DATA), as `make demo` does; `portal demo --remove` takes away what "
            "an earlier one left; --anyway goes on all the same."
        )


def _remove(portal: Portal, at: datetime) -> None:
    talks = remove_talks(portal, at=at)
    remove_forms(portal)
    gone = remove_all(portal, tuple(map(_email, STAFF)), at=at)
    (portal.settings.data / MARKER).unlink(missing_ok=True)
    click.echo(
        f"Removed {gone.visitors:,} visitors with {gone.events:,} events and {gone.gaps:,} gaps, and {talks} "
        f"conversations; {gone.accounts} accounts are shut."
    )


def _progress(said: str) -> None:
    """Say how far it is, on a line that is written over, where somebody looks on."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{said}{' ...' if said else ''}", err=True, nl=False)


def _email(name: str) -> str:
    return f"{name.lower()}@example.com"
