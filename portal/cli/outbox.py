"""`portal outbox`: what is on its way to other programs and people, and what was given up."""

import os

import click

from portal.bootstrap import Portal, bootstrap
from portal.clock import now
from portal.db import transaction, unavailable_when_away
from portal.outbox import receivers, store
from portal.outbox.models import DeliveryState
from portal.settings import Settings
from portal.text import one_line


@click.group()
def outbox() -> None:
    """Messages to webhooks, trackers and people: what waits, and what was given up."""


@outbox.command("list")
@click.option("--all", "with_sent", is_flag=True, help="Also what was sent.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
def list_messages(*, with_sent: bool, limit: int) -> None:
    """Print messages, the newest first: state, id, event, receiver, tries, problem, with tabs between."""
    states = list(DeliveryState) if with_sent else [DeliveryState.WAITING, DeliveryState.DEAD]
    with unavailable_when_away(), _portal().database.session() as session:
        found = store.listed(session, states=states, limit=limit)
        counts, names = store.counts(session), receivers.names(session)
    for one in found:
        to, problem = receivers.title(one, names), one_line(one.problem or "")
        click.echo("\t".join((one.state, one.uid, one.event, to, str(one.attempts), problem)))
    click.echo(f"{counts['waiting']} waiting, {counts['dead']} given up, {counts['sent']} sent.", err=True)


@outbox.command("retry")
@click.argument("message", required=False)
def retry(*, message: str | None) -> None:
    """Let MESSAGE, or everything that was given up, be tried anew."""
    with _portal().database.session() as session, transaction(session):
        count = store.retry(session, at=now(), uid=message)
    click.echo(f"{count} to be tried again.")


def _portal() -> Portal:
    portal = bootstrap(Settings.from_env(os.environ))
    portal.database.upgrade()
    return portal
