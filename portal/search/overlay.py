"""Overlay: live facts over a frozen generation, in one small file that every worker reads.

A generation never changes; what changes without a commit, because readers act, lies in the overlay: the articles that
helped most, and what was asked with success. `pipeline.refresh_overlay` makes it from the database about once a minute;
requests read no database for it. It knows nothing of who may see what. Whoever shows ids resolves each by the reader's
own shelf, and passes over what is not on it; whoever shows wordings passes over words that this reader can't know.

The file can be made again at any time, so nothing about it is ever an error to a reader: where it is missing or
damaged, the last good one stands, or an empty one.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from portal.errors import Unavailable

FORMAT = 2
"""Number of the file's form; to be raised when facts are added or change their meaning. Another one is not read."""
_FACTS = ("most_helpful", "asked")
_NAME_LENGTH = 16
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What readers did, as far as pages show it. Equal facts have equal versions, on every node."""

    most_helpful: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Language -> article ids, best first. Some may be gone, or not for this reader."""
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Language -> wordings that enough different people typed with success, most asked first; not all for everybody."""
    version: str = field(init=False)
    """Hash of the facts; part of the ETag of whatever page shows them."""

    def __post_init__(self) -> None:
        """Settle the version, and let nobody change the facts behind it."""
        for name in _FACTS:
            facts = {lang: tuple(texts) for lang, texts in sorted(getattr(self, name).items())}
            object.__setattr__(self, name, MappingProxyType(facts))
        object.__setattr__(self, "version", hashlib.sha256(_bytes_of(self)).hexdigest()[:_NAME_LENGTH])


class OverlayFile:
    """The overlay of a data folder; safe for threads, and for processes that write at once."""

    def __init__(self, path: Path) -> None:
        """path: `overlay.json` in the data folder; may not exist yet."""
        self._path = path
        self._known: tuple[tuple[int, int, int] | None, Overlay] = (None, Overlay())

    def current(self) -> Overlay:
        """Return the newest good overlay, for one look at the file's status; never raises.

        While threads read a new file at once each reads it for itself, and all come to the same.
        """
        seen, overlay = self._known
        try:
            if _identity(os.stat(self._path)) == seen:  # noqa: PTH116 - asked with every request
                return overlay
            return self._read_anew(overlay)
        except OSError:
            return overlay

    def write(self, overlay: Overlay) -> bool:
        """Make this the newest overlay in one step; returns False where the file says the same already.

        Killed at any moment it leaves the former file or the new one, whole. Raises Unavailable where the disk fails.
        """
        try:
            with self._turn():
                if self._says(overlay):
                    return False
                self._replace(overlay)
        except OSError as error:
            message = f"{self._path} can't be written: {error.strerror}. Make room, or make its folder writable."
            raise Unavailable(message) from error
        return True

    def _read_anew(self, last_good: Overlay) -> Overlay:
        """Read the file; a damaged one is remembered too, so that it is complained of once. Raises OSError."""
        with self._path.open("rb") as file:
            identity = _identity(os.fstat(file.fileno()))
            text = file.read()
        try:
            overlay = _parse(text)
        except ValueError as error:
            _log.warning("%s is passed over, the last good one stands until the next: %s.", self._path.name, error)
            overlay = last_good
        self._known = (identity, overlay)
        return overlay

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one writer after the other; the lock is the kernel's and ends with its process."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _says(self, overlay: Overlay) -> bool:
        try:
            return _parse(self._path.read_bytes()).version == overlay.version
        except (FileNotFoundError, ValueError):
            return False

    def _replace(self, overlay: Overlay) -> None:
        """Write beside, always under one name, so that what a killed writer leaves is written over by the next."""
        beside = self._path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(_bytes_of(overlay, version=overlay.version))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)


def _bytes_of(overlay: Overlay, **more: str) -> bytes:
    facts = {name: dict(getattr(overlay, name)) for name in _FACTS}
    return json.dumps({"format": FORMAT, **facts, **more}, sort_keys=True).encode()


def _parse(text: bytes) -> Overlay:
    """Read a file; its version is its checksum as well. Raises ValueError, saying what is wrong with it."""
    try:
        told = json.loads(text)
    except RecursionError as error:
        message = "it is nested too deeply"
        raise ValueError(message) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        message = f"it is not of format {FORMAT}"
        raise ValueError(message)
    for name in _FACTS:
        facts = told.get(name)
        if not isinstance(facts, dict) or not all(_are_texts(texts) for texts in facts.values()):
            message = f"{name} is no list of texts for each language"
            raise ValueError(message)
    overlay = Overlay(**{name: told[name] for name in _FACTS})
    if overlay.version != told.get("version"):
        message = "its version does not fit its facts"
        raise ValueError(message)
    return overlay


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size
