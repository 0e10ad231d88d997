"""Generation: one immutable, complete help centre, as every reading level sees it; `Library`: which one is live.

`generations/current` is a symbolic link that `building` replaces in one step. Readers look at it with every
request and move over by themselves; a damaged generation is passed over for the one before it.
"""

import fcntl
import json
import logging
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from portal.audience import LEVELS, Level
from portal.content.site import Site
from portal.errors import PortalError, Unavailable
from portal.search import manifest as manifests
from portal.search.level import LevelReader
from portal.search.manifest import Damaged, Manifest

POINTER = "current"
SITE = "site.json"
REPORT = "report.json"
FAILED = "failed.txt"
_log = logging.getLogger(__name__)


class Generation:
    """An open generation. As long as the object lives, nobody prunes its folder."""

    def __init__(self, folder: Path, *, thoroughly: bool, encoder: str = "none") -> None:
        """Open and check a generation. thoroughly: read every file again. encoder: as in `Library`. Raises Damaged."""
        weakref.finalize(self, os.close, _hold(folder))
        self.manifest: Manifest = manifests.read_manifest(folder)
        manifests.check(folder, self.manifest, thoroughly=thoroughly)
        self.folder = folder
        self.site: Site = Site.from_json((folder / SITE).read_text("utf-8"))
        floor = self.site.search.floor
        readers = {
            name: LevelReader(folder / name, encoder=encoder, floor=floor)
            for name in set(self.manifest.levels.values())
        }
        self._levels = {level: readers[self.manifest.levels[level]] for level in LEVELS}

    @property
    def name(self) -> str:
        """The folder's name; never used twice."""
        return self.manifest.name

    @property
    def revision(self) -> str:
        """The commit that it shows."""
        return self.manifest.revision

    @property
    def made_at(self) -> datetime:
        """When it was built."""
        return self.manifest.made_at

    @property
    def counts(self) -> Mapping[str, int]:
        """articles, sections, vectors, unencoded, skipped, problems, held_back."""
        return self.manifest.counts

    def changes_since(self, before: "Generation | None") -> dict[str, int]:
        """Count the articles that were added, removed and edited since another generation, as staff see them."""
        now = self.level(Level.STAFF).shelf.prints()
        then = before.level(Level.STAFF).shelf.prints() if before else {}
        edited = sum(1 for key in now.keys() & then.keys() if now[key] != then[key])
        return {"added": len(now.keys() - then.keys()), "removed": len(then.keys() - now.keys()), "edited": edited}

    def level(self, level: Level) -> LevelReader:
        """Return all that readers on this level may see, and nothing else."""
        return self._levels[level]


class Library:
    """All generations of a data folder; safe for threads and for processes that fork before first use."""

    def __init__(self, folder: Path, encoder: str = "none") -> None:
        """folder: `generations` in the data folder; may not exist yet. encoder: the setting PORTAL_ENCODER."""
        self.folder = folder
        self.encoder = encoder
        self._pointer = str(folder / POINTER)
        self._open: Generation | None = None
        self._pointed = ""
        self._moving = threading.Lock()
        self._trouble: str | None = None

    def current(self) -> Generation:
        """Return the live generation, moving over to a new one when the pointer names it.

        While one thread moves over, the others go on with the old one. Raises Unavailable before the first publishing.
        """
        pointed = self.pointed()
        if self._open is not None and pointed == self._pointed:
            return self._open
        if self._moving.acquire(blocking=self._open is None):
            try:
                return self._move_to(self.pointed())
            finally:
                self._moving.release()
        opened = self._open
        return opened if opened is not None else self.current()

    def pointed(self) -> str:
        """Return the name of the generation that is to be live; empty before the first publishing."""
        try:
            return os.readlink(self._pointer)  # noqa: PTH115 - asked with every request; a Path costs as much again
        except OSError:
            return ""

    def is_damaged(self) -> bool:
        """Whether the generation that is to be live had to be passed over."""
        return self._trouble is not None

    def trouble(self) -> str | None:
        """Return why readers do not see the newest revision: damage, or a publishing that failed; None when they do."""
        if self._trouble:
            return self._trouble
        try:
            return (self.folder / FAILED).read_text("utf-8") or "The last publishing failed."
        except OSError:
            return None

    @contextmanager
    def remembering_failure(self) -> Iterator[None]:
        """Keep the words of a publishing that fails for `trouble`, until one succeeds.

        Raises Unavailable where the disk, or a file on it, was what failed.
        """
        note = self.folder / FAILED
        try:
            with _plain_words_of_disks():
                yield
        except PortalError as error:
            with suppress(OSError):  # the disk may be full
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                note.write_text(f"The last publishing failed: {error}", "utf-8")
            raise
        note.unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Return every finished generation, the newest first."""
        try:
            found = [entry.name for entry in os.scandir(self.folder) if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []
        return sorted((name for name in found if not name.startswith(".")), reverse=True)

    def newest(self) -> Generation | None:
        """Return the newest whole generation, read through and through; None where there is none."""
        try:
            return self.current()
        except Unavailable:
            return None

    def _move_to(self, pointed: str) -> Generation:
        if self._open is not None and pointed == self._pointed:
            return self._open
        earlier = [name for name in self.names() if name < pointed]
        for name in (pointed, *earlier) if pointed else ():
            try:
                opened = Generation(
                    self.folder / name, thoroughly=self._open is None or name != pointed, encoder=self.encoder
                )
            except (Damaged, OSError, ValueError) as error:
                if self.pointed() != pointed:  # it was not damaged but pruned, for newer ones came meanwhile
                    return self._move_to(self.pointed())
                _log.exception("Generation %s can't be used; the one before it is tried.", name)
                self._trouble = f"Generation {name} is damaged ({error}). Publish again to replace it."
                continue
            if name == pointed:
                self._trouble = None
            self._open, self._pointed = opened, pointed
            return opened
        if self._open is not None:
            self._pointed = pointed
            return self._open
        raise Unavailable("Nothing has been published yet. Run `portal publish`.")


def read_report(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Return a generation's `problems` and `skipped`, as its building wrote them."""
    report: dict[str, list[dict[str, object]]] = json.loads((folder / REPORT).read_text("utf-8"))
    return report


@contextmanager
def _plain_words_of_disks() -> Iterator[None]:
    """Raise Unavailable, with what to do, where a disk or a file on it fails."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        what = (isinstance(error, OSError) and error.strerror) or str(error)
        raise Unavailable(
            f"The disk failed: {what}. The last generation stays. Make room or mend it, and publish again."
        ) from error


def _hold(folder: Path) -> int:
    """Take a shared lock on a generation's manifest; its pruner asks for the exclusive one. Raises Damaged."""
    path = folder / manifests.NAME
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise Damaged(f"{folder.name} has no {manifests.NAME}") from error
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    if not path.exists():
        os.close(descriptor)
        raise Damaged(f"{folder.name} was pruned while it was opened")
    return descriptor
