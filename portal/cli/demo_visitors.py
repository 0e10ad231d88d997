"""The demo's visitors at the live help centre: what they do becomes events, and votes where they give some."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.audience import Level
from portal.bootstrap import Portal
from portal.cli.demo_needs import Coming
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Event, Voted
from portal.feedback import votes
from portal.gaps.crowd import Look, Shown, visits
from portal.search.hits import Query

OFFERED = 10


def let_visit(portal: Portal, coming: Sequence[Coming]) -> None:
    """Let people search what is live now, each at their own moment."""
    look = _looking(portal)
    by_person = [(one, _events(one, look)) for one in coming]
    comments = {one.visitor: one.comment for one in coming}
    with portal.database.session() as session, transaction(session):
        log.append(session, [event for _, events in by_person for event in events])
    given = [event for _, events in by_person for event in events if isinstance(event, Voted)]
    _vote(portal, given, comments)


def voter_of(visitor: str) -> str:
    """Return the name under which a made-up visitor's votes are kept."""
    return hashlib.sha256(visitor.encode()).hexdigest()


def revision_of(portal: Portal, article: str) -> str:
    """Return the revision of an article that is live; empty where it is not."""
    page = portal.library.current().level(Level.PUBLIC).shelf.page(article)
    return page.card.revision if page else ""


def _looking(portal: Portal) -> Look:
    generation = portal.library.current()
    reader = generation.level(Level.PUBLIC)

    def look(text: str) -> Shown:
        page = reader.search(Query(text=text, lang="en"), offset=0, limit=OFFERED)
        shown = page.hits or page.nearest
        return Shown(tuple(hit.card.id for hit in shown), not page.hits, page.confidence, generation.name)

    return look


def _events(one: Coming, look: Look) -> list[Event]:
    made = visits([one.person], look, began=one.at, days=0, seed=one.seed)
    return [replace(event, visitor=one.visitor) for event in made]


def _vote(portal: Portal, given: Sequence[Voted], comments: Mapping[str, str | None]) -> None:
    revisions = {one.article: revision_of(portal, one.article) for one in given}
    with portal.database.session() as session, transaction(session):
        for one in given:
            article, voter, revision = one.article, voter_of(one.visitor), revisions[one.article]
            votes.cast(session, article=article, revision=revision, lang=one.lang, voter=voter,
                       is_helpful=one.is_helpful, at=one.at)  # fmt: skip
            if not one.is_helpful:
                votes.explain(session, article=article, revision=revision, voter=voter, reason=one.reason,
                              comment=comments[one.visitor], at=one.at)  # fmt: skip
