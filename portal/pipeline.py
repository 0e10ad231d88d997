"""The river on one page: what happens, in the order in which it happens. For commands, the web and tests.

publish: a revision in git -> tree and history -> articles -> knowledge base -> generation -> live.
encode_waiting: passages that are new -> vectors, kept; the next publishing takes them into a generation.
refresh_overlay: votes -> tallies -> the articles that helped most -> overlay.
"""

import hashlib
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

from portal.bootstrap import Portal
from portal.content.compiled import CompiledStore
from portal.content.knowledge_base import KnowledgeBase, candidates, compile_articles
from portal.content.places import common_folder
from portal.content.problem import Problem
from portal.content.render import RENDERER_VERSION
from portal.content.revision import about_past, read_past, read_settings
from portal.content.sandbox import RenderPool
from portal.content.shelf_maker import SHELF_VERSION
from portal.content.site import Site
from portal.content.source import Source, open_source
from portal.content.tree import Reading, Tree
from portal.content.workshop import PARSER_VERSION, Progress, Workshop
from portal.db import unavailable_when_away
from portal.errors import Conflict
from portal.feedback import helpfulness, votes
from portal.search import manifest as manifests
from portal.search.building import Ingredients, build, publishing_lock, tidy
from portal.search.document import INDEX_VERSION
from portal.search.generation import Generation
from portal.search.meaning.kept import KeptVectors
from portal.search.meaning.threads import pin_threads
from portal.search.overlay import Overlay
from portal.settings import Settings

RENDERERS = 2
LEAST_KEPT = 0.5
"""Share of the articles that must remain; fewer are taken for a mistake until `--accept-removals` (contracts.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publishing came to."""

    generation: str
    revision: str
    is_new: bool
    """False where the live generation already showed this revision."""
    counts: Mapping[str, int]
    changed: Mapping[str, int]
    """added, removed, edited: articles against the generation before, as staff see them."""
    problems: tuple[Problem, ...]
    seconds: float
    peak_megabytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What every step of a publishing needs."""

    settings: Settings
    source: Source
    tree: Tree
    reading: Reading
    store: CompiledStore
    at: datetime
    progress: Progress | None


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
            return _published(live, live, began, (), is_new=False)
        with _work(portal.settings, source, "compiled.sqlite", at, progress) as work, _kept(portal.settings) as kept:
            base = _compile(work)
            if live and not accept_removals:
                _refuse_a_landslide(live.counts["articles"], len(base.entries))
            stamp = _stamp(base.revision, portal.settings)
            kept.forget_waiting()
            ingredients = Ingredients(base=base, reading=work.reading, store=work.store, stamp=stamp, at=at, kept=kept)
            made = build(portal.library, ingredients)
            work.store.prune(_worth_keeping(base, work.tree))
            kept.prune()
        return _published(made, live, began, base.problems, is_new=True)


def check(settings: Settings, *, at: datetime, progress: Progress | None = None) -> KnowledgeBase:
    """Find everything that is wrong with the articles as they lie on disk, or at `settings.revision` where one is set.

    Publishes nothing. Raises Invalid where there is nothing to check.
    """
    with publishing_lock(settings.data):  # both keep the same caches, and fetch into the same mirror
        source = open_source(settings, working_folder=settings.revision is None)
        source.refresh()
        with _work(settings, source, "checked.sqlite", at, progress) as work:
            return _compile(work)


def is_due(portal: Portal, source: Source, at: datetime) -> bool:
    """Whether publishing would change anything. Cheap enough to ask each second."""
    live = portal.library.newest()
    if live is None or portal.library.is_damaged():
        return True
    until = live.manifest.valid_until
    if live.counts.get("unencoded") and _is_encoded(portal.settings):
        return True
    return live.manifest.stamp != _stamp(source.newest(), portal.settings) or (until is not None and until <= at)


def waiting_to_be_encoded(settings: Settings) -> int:
    """Return how many texts have no vectors yet; the live generation finds them by their words.

    0 where vectors could not be kept, for then there is nothing that anybody could do.
    """
    with _kept(settings) as kept:
        return kept.waiting() if kept.can_keep() else 0


def encode_waiting(settings: Settings, progress: Callable[[int], None] | None = None) -> int:
    """Work out the vectors that a publishing left for later; return how many. Then `is_due` says to publish again.

    Minutes for a large help centre; no lock is held meanwhile. Safe to be killed. progress: told how many are left.
    """
    with _kept(settings) as kept:
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


@contextmanager
def _work(settings: Settings, source: Source, cache: str, at: datetime, progress: Progress | None) -> Iterator[_Work]:
    """Open the newest tree and the cache, and close both."""
    tree = source.tree(source.newest())
    with tree.reading() as reading, CompiledStore(settings.data / "cache" / cache) as store:
        yield _Work(settings=settings, source=source, tree=tree, reading=reading, store=store, at=at, progress=progress)


def _kept(settings: Settings) -> KeptVectors:
    return KeptVectors(settings.data / "cache" / "vectors.sqlite", settings.encoder)


def _is_encoded(settings: Settings) -> bool:
    """Whether what the live generation lacks can be had now: nothing waits any more, and what is asked for is kept."""
    with _kept(settings) as kept:
        return not kept.waiting() and kept.can_keep()


def _compile(work: _Work) -> KnowledgeBase:
    """Tree, history and `portal.toml` -> every article, settled, with all that is wrong."""
    paths = list(candidates(work.tree)[0])
    history = read_past(work.source, work.tree, work.at, work.settings.data / "cache" / "history.json")
    site, problems = read_settings(work.tree, work.reading, history, paths)
    common = common_folder(paths, site.languages)
    seconds, megabytes = work.settings.render_seconds, work.settings.render_megabytes
    with RenderPool(seconds=seconds, megabytes=megabytes, processes=RENDERERS) as pool:
        workshop = Workshop(tree=work.tree, reading=work.reading, site=site, common=common, store=work.store, pool=pool)
        base = compile_articles(workshop, history, progress=work.progress)
    found = (*problems, *about_past(work.source, history), *base.problems)
    return replace(base, problems=tuple(sorted(found)))


def _refuse_a_landslide(before: int, after: int) -> None:
    if after < before * LEAST_KEPT:
        raise Conflict(
            f"Only {after} of {before} articles would remain. The last generation stays. "
            "If that is meant, run: portal publish --accept-removals"
        )


def _worth_keeping(base: KnowledgeBase, tree: Tree) -> set[tuple[str, str]]:
    """Name what the cache is to keep: what is shown, and what is held back, so that it is not tried again."""
    shown = {(path, entry.article.blob) for path, entry in base.entries.items()}
    return shown | {(path, tree.blobs[path].oid) for path in base.held_back}


def _stamp(revision: str, settings: Settings) -> str:
    """Fingerprint what a generation is made from, but for the moment."""
    parts = (
        revision,
        settings.content,
        PARSER_VERSION,
        RENDERER_VERSION,
        SHELF_VERSION,
        INDEX_VERSION,
        settings.encoder,
        Site().to_json(),  # what stands where `portal.toml` says nothing
        manifests.FORMAT,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


def _published(
    made: Generation, before: Generation | None, began: float, problems: tuple[Problem, ...], *, is_new: bool
) -> Published:
    return Published(
        generation=made.name,
        revision=made.revision,
        is_new=is_new,
        counts=made.counts,
        changed=made.changes_since(before) if is_new else {"added": 0, "removed": 0, "edited": 0},
        problems=problems,
        seconds=monotonic() - began,
        peak_megabytes=_peak_megabytes(),
    )


def _peak_megabytes() -> int:
    """Return the largest memory that this process or one of its children has had."""
    kilobytes = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * kilobytes // 1024 // 1024
