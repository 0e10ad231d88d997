"""The river on one page: what happens, in the order in which it happens. For commands, the web and tests.

publish: a revision in git -> tree and history -> articles -> knowledge base -> generation -> live.
encode_waiting: passages that are new -> vectors, kept; the next publishing takes them into a generation.
refresh_overlay: votes -> tallies -> the articles that helped most -> overlay.
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from portal.bootstrap import Portal
from portal.content.knowledge_base import KnowledgeBase
from portal.content.source import Source, open_source
from portal.content.workshop import Progress
from portal.db import unavailable_when_away
from portal.feedback import helpfulness, votes
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


def refresh_overlay(portal: Portal, *, at: datetime) -> Overlay:
    """Count what readers said and make it the live facts over the generation. Safe to be killed, and to be repeated.

    Nodes that share a database come to the same version.
    Raises Unavailable where the database or the disk is away; the last overlay stays.
    """
    with unavailable_when_away(), portal.database.session() as session:
        tallies = votes.tally_by_language(session, since=helpfulness.counted_since(at))
    overlay = Overlay(most_helpful=helpfulness.rank(tallies))
    portal.overlay.write(overlay)
    return overlay


def _is_encoded(settings: Settings) -> bool:
    """Whether what the live generation lacks can be had now: nothing waits any more, and what is asked for is kept."""
    with kept_vectors(settings) as kept:
        return not kept.waiting() and kept.can_keep()
