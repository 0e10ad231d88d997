"""Publishing, step by step: what `pipeline.publish` and `pipeline.check` are made of, and a revision built beside.

A revision in git -> tree and history -> articles -> knowledge base -> generation.
"""

import hashlib
import resource
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
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
from portal.content.source import FolderSource, Source, open_source
from portal.content.tree import Reading, Tree
from portal.content.workshop import PARSER_VERSION, Progress, Workshop
from portal.errors import Conflict, Invalid
from portal.search import manifest as manifests
from portal.search.building import Ingredients, build, publishing_lock
from portal.search.document import INDEX_VERSION
from portal.search.generation import Generation, Library
from portal.search.manifest import Damaged
from portal.search.meaning.kept import KeptVectors
from portal.settings import Settings

RENDERERS = 2
LEAST_KEPT = 0.5
"""Share of the articles that must remain; fewer are taken for a mistake until `--accept-removals` (contracts.md)."""
ALL_AT_ONCE = 1_000_000
"""Passages that a revision built beside encodes itself: whoever asked waits for the whole answer."""


@dataclass(frozen=True, slots=True)
class Cache:
    """Files in the cache that remember what was compiled, and the past of a line of revisions."""

    compiled: str
    past: str


LIVE = Cache("compiled.sqlite", "history.json")
CHECKED = Cache("checked.sqlite", "history.json")
BESIDE = Cache("compiled.sqlite", "history-beside.json")


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
class Work:
    """What every step of a publishing needs."""

    settings: Settings
    source: Source
    tree: Tree
    reading: Reading
    store: CompiledStore
    at: datetime
    progress: Progress | None
    cache: Cache


@contextmanager
def beside(portal: Portal, revision: str, *, at: datetime) -> Iterator[Generation]:
    """Build a revision's generation beside the live one, and lend it; what is live stays as it is.

    Built once for a revision; the last few are kept. Takes the publishing lock while it builds, and what is live as its
    base, so that only changed articles cost anything. Raises Invalid where there is no such revision, GitFailed.
    """
    settings = replace(portal.settings, revision=revision)
    library = Library(settings.data / "replays", settings.encoder)
    with publishing_lock(settings.data):
        source = open_source(settings)
        if isinstance(source, FolderSource):
            raise Invalid(f"{settings.content} is not in a git repository, so it has no revision {revision!r}.")
        source.refresh()
        stamp = stamp_of(source.newest(), settings)
        made = _built(library, stamp) or _build_beside(portal, source, library, stamp, at)
    yield made


def _built(library: Library, stamp: str) -> Generation | None:
    for name in library.names():
        try:
            found = Generation(library.folder / name, thoroughly=False, encoder=library.encoder)
        except (Damaged, OSError, ValueError):
            continue
        if found.manifest.stamp == stamp:
            return found
    return None


def _build_beside(portal: Portal, source: Source, library: Library, stamp: str, at: datetime) -> Generation:
    settings = portal.settings
    with (
        open_work(settings, source, BESIDE, at) as work,
        KeptVectors(_vectors(settings), settings.encoder, at_once=ALL_AT_ONCE) as kept,
    ):
        base = compile_all(work)
        ingredients = Ingredients(base=base, reading=work.reading, store=work.store, stamp=stamp, at=at, kept=kept)
        return build(library, ingredients, onto=portal.library.newest())


@contextmanager
def open_work(
    settings: Settings, source: Source, cache: Cache, at: datetime, progress: Progress | None = None
) -> Iterator[Work]:
    """Open the newest tree and the cache, and close both."""
    tree = source.tree(source.newest())
    with tree.reading() as reading, CompiledStore(settings.data / "cache" / cache.compiled) as store:
        yield Work(
            settings=settings,
            source=source,
            tree=tree,
            reading=reading,
            store=store,
            at=at,
            progress=progress,
            cache=cache,
        )


def kept_vectors(settings: Settings) -> KeptVectors:
    """Open the vectors of passages that were encoded before."""
    return KeptVectors(_vectors(settings), settings.encoder)


def compile_all(work: Work) -> KnowledgeBase:
    """Tree, history and `portal.toml` -> every article, settled, with all that is wrong."""
    paths = list(candidates(work.tree)[0])
    history = read_past(work.source, work.tree, work.at, work.settings.data / "cache" / work.cache.past)
    site, problems = read_settings(work.tree, work.reading, history, paths)
    common = common_folder(paths, site.languages)
    seconds, megabytes = work.settings.render_seconds, work.settings.render_megabytes
    with RenderPool(seconds=seconds, megabytes=megabytes, processes=RENDERERS) as pool:
        workshop = Workshop(tree=work.tree, reading=work.reading, site=site, common=common, store=work.store, pool=pool)
        base = compile_articles(workshop, history, progress=work.progress)
    found = (*problems, *about_past(work.source, history), *base.problems)
    return replace(base, problems=tuple(sorted(found)))


def refuse_a_landslide(before: int, after: int) -> None:
    """Raise Conflict where so many articles are gone that it must be a mistake."""
    if after < before * LEAST_KEPT:
        raise Conflict(
            f"Only {after} of {before} articles would remain. The last generation stays. "
            "If that is meant, run: portal publish --accept-removals"
        )


def worth_keeping(base: KnowledgeBase, tree: Tree) -> set[tuple[str, str]]:
    """Name what the cache is to keep: what is shown, and what is held back, so that it is not tried again."""
    shown = {(path, entry.article.blob) for path, entry in base.entries.items()}
    return shown | {(path, tree.blobs[path].oid) for path in base.held_back}


def stamp_of(revision: str, settings: Settings) -> str:
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


def published(
    made: Generation, before: Generation | None, began: float, problems: tuple[Problem, ...], *, is_new: bool
) -> Published:
    """Tell what a publishing that began at this moment of the monotonic clock came to."""
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


def _vectors(settings: Settings) -> Path:
    return settings.data / "cache" / "vectors.sqlite"


def _peak_megabytes() -> int:
    """Return the largest memory that this process or one of its children has had."""
    kilobytes = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * kilobytes // 1024 // 1024
