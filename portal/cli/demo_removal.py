"""Taking the demo away: its visitors, their votes and gaps. What other visitors did stays, and is counted anew."""

from dataclasses import dataclass
from datetime import UTC, datetime

from portal import pipeline
from portal.bootstrap import Portal
from portal.cli.demo_needs import PREFIX
from portal.cli.demo_visitors import voter_of
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Event, Voted
from portal.feedback import votes
from portal.gaps import needs_store, store
from portal.people import accounts
from portal.visits import totals
from portal.visits.totals import Day

AT_ONCE = 100
"""Visitors that one transaction forgets: some tens of milliseconds."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Removed:
    """How much went."""

    visitors: int
    events: int
    gaps: int
    accounts: int


def remove(portal: Portal, emails: tuple[str, ...], *, at: datetime) -> Removed:
    """Take away all that the demo made, and shut its accounts. Safe to be killed, and to be repeated."""
    with portal.database.session() as session:
        events = [event for event in log.read(session, since=_EVER) if event.visitor.startswith(PREFIX)]
        behind = store.visitors_by_gap(session)
    gaps = [gap for gap, visitors in behind.items() if all(one.startswith(PREFIX) for one in visitors)]
    visitors = sorted({event.visitor for event in events})
    _take_back(portal, events)
    with portal.database.session() as session, transaction(session):
        if events:
            totals.reopen(session, min(event.at for event in events))
        store.erase(session, gaps)
        for day in sorted({event.at.date() for event in events}):
            totals.write(session, Day(day, [], []))  # what others did on it is counted anew below
        found = [user for email in emails if (user := accounts.find(session, email)) and user.disabled_at is None]
        for user in found:
            accounts.disable(session, user.id, at=at)
    for first in range(0, len(visitors), AT_ONCE):
        _forget(portal, visitors[first : first + AT_ONCE])
    pipeline.find_gaps(portal, at=at)
    return Removed(len(visitors), len(events), len(gaps), len(found))


def _take_back(portal: Portal, events: list[Event]) -> None:
    with portal.database.session() as session, transaction(session):
        for vote in events:
            if isinstance(vote, Voted):
                for revision in votes.tally_by_revision(session, vote.article):
                    votes.withdraw(session, article=vote.article, revision=revision, voter=voter_of(vote.visitor))


def _forget(portal: Portal, visitors: list[str]) -> None:
    with portal.database.session() as session, transaction(session):
        for visitor in visitors:
            log.erase(session, visitor)
            needs_store.erase(session, visitor)
