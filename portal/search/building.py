"""Building: writes a generation beside the live one, checks it, and makes it live in one step.

The steps, each safe to be killed at: a hidden folder is filled and synced; its manifest is written and synced;
the folder gets its name; the pointer is replaced. What a killed building leaves is swept up by the next.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.audience import LEVELS, Level
from portal.content.compiled import CompiledStore
from portal.content.knowledge_base import KnowledgeBase
from portal.content.level_plan import plan_level, used_media, valid_until
from portal.content.links import Medium
from portal.content.media import measure
from portal.content.problem import Problem, Skipped
from portal.content.shelf_maker import write_shelf
from portal.content.shelf_plan import ShelfPlan
from portal.content.tree import Reading
from portal.errors import Unavailable
from portal.search import manifest as manifests
from portal.search.generation import POINTER, REPORT, SITE, Generation, Library
from portal.search.level import SHELF
from portal.search.level_index import Words, count_sections, count_vectors, write_words
from portal.search.manifest import Manifest
from portal.search.meaning.kept import KeptVectors

KEPT = 3
"""Generations that are kept whoever reads them, so that there is always one to fall back to."""
_BUILDING = ".building-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredients:
    """What a generation is made of."""

    base: KnowledgeBase
    reading: Reading
    store: CompiledStore
    stamp: str
    at: datetime
    kept: KeptVectors | None = None
    """Where vectors come from; without it words alone are searched."""


@contextmanager
def publishing_lock(data: Path) -> Iterator[None]:
    """Hold the right to publish, waiting for whoever has it; it dies with the process. Raises Unavailable."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(data / "publish.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = f"PORTAL_DATA: {data} can't be written: {error.strerror}. Make it writable, or name another folder."
        raise Unavailable(message) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def build(library: Library, ingredients: Ingredients, onto: Generation | None = None) -> Generation:
    """Build a generation, make it live, prune what nobody reads. Call it under the publishing lock.

    onto: what to take from that has not changed; the library's own newest where none is named.
    """
    library.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(library.folder)
    previous = onto or library.newest()
    folder = library.folder / f"{_BUILDING}{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        levels = _fill(folder, ingredients, previous)
        name = _seal(folder, ingredients, previous, library, levels)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _point(library.folder, name)
    _prune(library)
    return library.current()


def tidy(library: Library) -> None:
    """Remove what killed buildings left and what nobody reads any more. Call it under the publishing lock."""
    _sweep(library.folder)
    _prune(library)


def _fill(folder: Path, ingredients: Ingredients, previous: Generation | None) -> dict[str, str]:
    """Write everything but the manifest; return each level's folder. Levels that may see the same share one."""
    base = ingredients.base
    media = _media(folder, ingredients, previous)
    levels: dict[str, str] = {}
    done: dict[frozenset[str], str] = {}
    for level in LEVELS:
        plan = plan_level(base, level, ingredients.at, media)
        seen = frozenset(plan.entries)
        if seen not in done:
            _write_level(folder, level, plan, ingredients, previous)
            done[seen] = level.value
        levels[level.value] = done[seen]
    (folder / SITE).write_text(base.site.to_json(), "utf-8")
    report = {"problems": [_told(found) for found in base.problems], "skipped": [_told(file) for file in base.skipped]}
    (folder / REPORT).write_text(json.dumps(report, ensure_ascii=False), "utf-8")
    return levels


def _told(found: Problem | Skipped) -> dict[str, object]:
    """Return a finding's own fields; `asdict` looks for more below them, a tenth of a second for thousands."""
    return {name: getattr(found, name) for name in found.__slots__}


def _write_level(
    folder: Path, level: Level, plan: ShelfPlan, ingredients: Ingredients, previous: Generation | None
) -> None:
    """Write one level: its shelf of pages, then its words, each from the generation before where there is one."""
    (folder / level).mkdir()
    before = previous.folder / previous.manifest.levels[level] if previous else None
    if before and before.name != level:
        before = None  # it was written for another level: start anew rather than carry that one's words over
    written = write_shelf(folder / level / SHELF, plan, ingredients.store, before / SHELF if before else None)
    write_words(folder / level, Words(plan, ingredients.store, ingredients.kept), written, before)


def _media(folder: Path, ingredients: Ingredients, previous: Generation | None) -> dict[str, Medium]:
    """Bring every file that articles show into `assets/`, by link from the generation before where it has it."""
    (folder / "assets").mkdir()
    base, media = ingredients.base, dict[str, Medium]()
    for path in used_media(base, base.entries):
        blob = base.media[path]
        medium = media[path] = measure(path, blob, ingredients.reading)
        target = folder / "assets" / medium.key
        before = previous.folder / "assets" / medium.key if previous else None
        if target.exists():
            continue
        if before and before.exists():
            target.hardlink_to(before)
        else:
            target.write_bytes(ingredients.reading.read(blob))
    return media


def _seal(
    folder: Path, ingredients: Ingredients, previous: Generation | None, library: Library, levels: Mapping[str, str]
) -> str:
    """Sync all, then write the manifest, sync that, and give the folder its name."""
    known = manifests.inodes(previous.folder, previous.manifest) if previous else {}
    manifests.sync(folder, known)
    base, name = ingredients.base, _name(ingredients, library)
    manifest = Manifest(
        name=name,
        stamp=ingredients.stamp,
        revision=base.revision,
        made_at=ingredients.at,
        valid_until=valid_until(base.entries.values(), ingredients.at),
        levels=levels,
        counts=_counts(base, folder, levels),
        files=manifests.describe_files(folder, known),
    )
    manifests.write_manifest(folder, manifest)
    manifests.sync_one(folder / manifests.NAME)
    manifests.sync_one(folder)
    folder.rename(library.folder / name)
    manifests.sync_one(library.folder)
    return name


def _counts(base: KnowledgeBase, folder: Path, levels: Mapping[str, str]) -> dict[str, int]:
    staff = folder / levels[Level.STAFF]
    meaning = count_vectors(staff)
    return {
        "articles": len(base.entries),
        "sections": count_sections(staff),
        "vectors": meaning.vectors,
        "unencoded": meaning.missing,
        "skipped": len(base.skipped),
        "problems": len(base.problems),
        "held_back": len(base.held_back),
    }


def _name(ingredients: Ingredients, library: Library) -> str:
    """Name a generation so that names sort by age, also where the clock was set back."""
    known = (*library.names(), library.pointed())  # its folder may have been lost, and its name is not used again
    number = max((int(name.partition("-")[0]) for name in known if name[:8].isdigit()), default=0) + 1
    return f"{number:08d}-{ingredients.base.revision[-12:]}"


def _point(folder: Path, name: str) -> None:
    """Make a generation live: one rename, synced before and after."""
    beside = folder / f".{POINTER}-{secrets.token_hex(4)}"
    beside.symlink_to(name)
    beside.replace(folder / POINTER)
    manifests.sync_one(folder)


def _sweep(folder: Path) -> None:
    """Remove what killed buildings left; whoever calls holds the publishing lock, so nobody is at work on it."""
    for left in folder.glob(".*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _prune(library: Library) -> None:
    """Remove generations that nobody reads any more, but for the newest few."""
    live = library.pointed()
    for name in library.names()[KEPT:]:
        doomed = library.folder / f"{_BUILDING}gone-{name}"
        with suppress(BlockingIOError):
            if name != live:
                _take_away(library.folder / name, doomed)
        shutil.rmtree(doomed, ignore_errors=True)


def _take_away(folder: Path, doomed: Path) -> None:
    """Take a generation's name, and let no reader take hold of it meanwhile: see `generation._hold`.

    Raises BlockingIOError where one has.
    """
    with (folder / manifests.NAME).open("ab") as manifest:
        fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.rename(doomed)
