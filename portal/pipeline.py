"""The river on one page: what happens, in the order in which it happens. For commands, the web and tests.

publish: a revision in git -> tree and history -> articles -> knowledge base -> generation -> live.
encode_waiting: passages that are new -> vectors, kept; the next publishing takes them into a generation.
find_gaps: events -> visits -> outcomes -> needs -> clusters -> gaps, each with its cause and a proposal.
draft_gap: a gap -> a draft on a branch. replay_gap: a branch -> how many of the failed searches it answers.
verify_gaps: merged and published -> watched -> closed by what visitors do since, or open again.
refresh_overlay: votes -> the articles that helped most; searches that many were helped by -> overlay.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from portal import proving, trying
from portal.bootstrap import Portal
from portal.content.drafts import Drafted
from portal.content.knowledge_base import KnowledgeBase
from portal.content.site import Site
from portal.content.source import Source, open_source
from portal.content.workshop import Progress
from portal.counting import Sought, count_visits, rarely_collecting, situation, wording_vectors
from portal.db import transaction, unavailable_when_away
from portal.feedback import helpfulness, votes
from portal.gaps import store
from portal.gaps.cluster import cluster
from portal.gaps.finding import Tools, find
from portal.gaps.found import Findings
from portal.gaps.probe import LiveProbe
from portal.gaps.replay import Replayed
from portal.gaps.search_diff import Diff
from portal.gaps.verify import Verified
from portal.publishing import (
    CHECKED,
    LIVE,
    Published,
    compile_all,
    kept_vectors,
    open_work,
    published,
    refuse_a_landslide,
    stamp_of,
    worth_keeping,
)
from portal.search.building import Ingredients, build, publishing_lock, tidy
from portal.search.meaning.threads import pin_threads
from portal.search.overlay import Overlay
from portal.settings import Settings
from portal.visits import totals


def publish(
    portal: Portal,
    *,
    at: datetime,
    accept_removals: bool = False,
    working_folder: bool = False,
    progress: Progress | None = None,
) -> Published:
    """Make the newest revision live. Safe to be killed at any moment, and to be called again.

    Waits for another process that is publishing. working_folder: publish files as they lie on disk, committed or not.
    Raises Invalid where there is nothing to publish, Conflict where more than half of the articles would go.
    """
    began = monotonic()
    pin_threads()
    with publishing_lock(portal.settings.data), portal.library.remembering_failure():
        source = open_source(portal.settings, working_folder=working_folder)
        source.refresh()
        live = portal.library.newest()
        if live and not is_due(portal, source, at):
            tidy(portal.library)
            return published(live, live, began, (), is_new=False)
        with (
            open_work(portal.settings, source, LIVE, at, progress) as work,
            kept_vectors(portal.settings) as kept,
        ):
            base = compile_all(work)
            if live and not accept_removals:
                refuse_a_landslide(live.counts["articles"], len(base.entries))
            stamp = stamp_of(base.revision, portal.settings)
            kept.forget_waiting()
            ingredients = Ingredients(base=base, reading=work.reading, store=work.store, stamp=stamp, at=at, kept=kept)
            made = build(portal.library, ingredients)
            work.store.prune(worth_keeping(base, work.tree))
            kept.prune()
        return published(made, live, began, base.problems, is_new=True)


def check(settings: Settings, *, at: datetime, progress: Progress | None = None) -> KnowledgeBase:
    """Find everything that is wrong with the articles as they lie on disk, or at `settings.revision` where one is set.

    Publishes nothing. Raises Invalid where there is nothing to check.
    """
    with publishing_lock(settings.data):  # both keep the same caches, and fetch into the same mirror
        source = open_source(settings, working_folder=settings.revision is None)
        source.refresh()
        with open_work(settings, source, CHECKED, at, progress) as work:
            return compile_all(work)


def is_due(portal: Portal, source: Source, at: datetime) -> bool:
    """Whether publishing would change anything. Cheap enough to ask each second."""
    live = portal.library.newest()
    if live is None or portal.library.is_damaged():
        return True
    until = live.manifest.valid_until
    if live.counts.get("unencoded") and _is_encoded(portal.settings):
        return True
    return live.manifest.stamp != stamp_of(source.newest(), portal.settings) or (until is not None and until <= at)


def waiting_to_be_encoded(settings: Settings) -> int:
    """Return how many texts have no vectors yet; the live generation finds them by their words.

    0 where vectors could not be kept, for then there is nothing that anybody could do.
    """
    with kept_vectors(settings) as kept:
        return kept.waiting() if kept.can_keep() else 0


def encode_waiting(settings: Settings, progress: Callable[[int], None] | None = None) -> int:
    """Work out the vectors that a publishing left for later; return how many. Then `is_due` says to publish again.

    Minutes for a large help centre; no lock is held meanwhile. Safe to be killed. progress: told how many are left.
    """
    with kept_vectors(settings) as kept:
        return kept.encode_waiting(progress)


def find_gaps(portal: Portal, *, at: datetime) -> Sought:
    """Count what visitors did, and find the needs that several people had and no article met. Safe to be repeated.

    Raises Unavailable where nothing is published or the database is away; what was written by then stays.
    """
    began, live = monotonic(), portal.library.current()
    pin_threads()
    with rarely_collecting(), wording_vectors(portal.settings) as vectors:
        counted = count_visits(portal, live.site, at=at, alike=vectors.alike)
        with unavailable_when_away(), portal.database.session() as session:
            known = situation(session, since=at - timedelta(days=live.site.gaps.window_days))
        clustering = partial(cluster, behind=vectors.background)
        tools = Tools(probe=LiveProbe(live), encode=vectors.of, clustering=clustering)
        findings = find(known, tools, live.site.gaps, at=at)
    new = [number for part in findings.parts() for number in _keep(portal, part, at)]
    return Sought(counted.days, len(known.needs), len(new), len(findings.found) - len(new), monotonic() - began)


def draft_gap(portal: Portal, number: int, *, by: str, at: datetime) -> Drafted:
    """Write a gap's proposal on a branch of its own, never on the published one. Safe to be repeated."""
    return trying.draft(portal, number, by=by, at=at)


def replay_gap(portal: Portal, number: int, *, revision: str, at: datetime) -> Replayed:
    """Ask a gap's failed searches of a revision, and what worked before too. Takes seconds."""
    return trying.replay_on(portal, number, revision=revision, at=at)


def search_diff(portal: Portal, before: str, after: str, *, at: datetime) -> Diff:
    """Compare what two revisions find for what is asked most. Takes seconds."""
    return trying.compare(portal, before, after, at=at)


def verify_gaps(portal: Portal, *, at: datetime) -> Verified:
    """Note what is published, watch it, and close gaps or open them again. Safe to be repeated."""
    proving.note_closings(portal, at=at)
    return proving.verify(portal, at=at)


def _keep(portal: Portal, findings: Findings, at: datetime) -> list[int]:
    with portal.database.session() as session, transaction(session):
        return store.write(session, findings, at=at)


def refresh_overlay(portal: Portal, *, at: datetime) -> Overlay:
    """Count what readers said and make it the live facts over the generation. Safe to be killed, and to be repeated.

    Nodes that share a database come to the same version.
    Raises Unavailable where the database or the disk is away; the last overlay stays.
    """
    site = live.site if (live := portal.library.newest()) else Site()
    since = at - timedelta(days=site.retention.events_days)
    with unavailable_when_away(), portal.database.session() as session:
        tallies = votes.tally_by_language(session, since=helpfulness.counted_since(at))
        asked = totals.asked_with_success(session, since, site.gaps.completion_people)
    overlay = Overlay(most_helpful=helpfulness.rank(tallies), asked=asked)
    portal.overlay.write(overlay)
    return overlay


def _is_encoded(settings: Settings) -> bool:
    """Whether what the live generation lacks can be had now: nothing waits any more, and what is asked for is kept."""
    with kept_vectors(settings) as kept:
        return not kept.waiting() and kept.can_keep()
