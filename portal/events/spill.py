"""Spill: files that hold events while the database is away, and are read in later, exactly once.

A file has one writer, which holds the kernel's lock on it; when the writer closes it or dies, it may be read in. One
process reads at a time. A file is deleted when all of it is committed; whoever dies between the two leaves it to be
read in again, and the uids of its events say that they are there. Events are redacted before they come here.
"""

import fcntl
import logging
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from portal.events.coding import from_line, to_line
from portal.events.kinds import Event

MOST_BYTES = 2 * 1024 * 1024
"""Size at which a file is closed and the next one begun: some 6,000 events, read in within half a second."""
LONGEST_LINE = 64 * 1024
"""Bytes of an event; a query has 500 characters."""
AT_ONCE = 1000
"""Events of one transaction while reading in."""
WHOLE, BROKEN, UNBORN = ".jsonl", ".bad", ".new"
_log = logging.getLogger(__name__)
Append = Callable[[Sequence[Event]], int]
"""Writes events, commits, and returns how many it could not take. Raises Unavailable while it can take none."""


class Spill:
    """One process's place in the folder. Not for two threads at once."""

    def __init__(self, folder: Path) -> None:
        """folder: made when it is first written to, for this account alone."""
        self._folder = folder
        self._file: BinaryIO | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a file of this process's that nobody else may read in yet."""
        return self._file is not None

    def write(self, events: Sequence[Event]) -> None:
        """Write events so that they outlive this process and a power cut. Raises OSError; then none of them stays."""
        if not events:
            return
        lines = b"".join(to_line(event) for event in events)
        file = self._file = self._file or _begin(self._folder)
        end = file.seek(0, os.SEEK_END)
        try:
            _write_all(file.fileno(), lines)
            os.fsync(file.fileno())
        except OSError:
            self._give_up(file, end)
            raise
        if end + len(lines) >= MOST_BYTES:
            self.close()

    def close(self) -> None:
        """Let go of the file: it is complete and may be read in."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _give_up(self, file: BinaryIO, end: int) -> None:
        """Take back half a line, which would spoil the next; the file before it stays, and the next one is new."""
        with suppress(OSError):
            file.truncate(end)
        self.close()


def read_in(folder: Path, append: Append, *, most_files: int | None = None) -> int:
    """Read what processes left in the folder, and delete it; return how many events that were.

    0 while another process is at it: nothing is read in twice. Files that are being written are left alone.
    most_files: how many to read at most, the oldest first. Raises Unavailable; then it goes on the next time.
    """
    if not any(_waiting(folder)):
        return 0
    with _turn(folder) as is_mine:
        done = (_read_file(path, append) for path in (_waiting(folder) if is_mine else ()))
        return sum(islice((taken for taken in done if taken is not None), most_files))


def expire(folder: Path, before: datetime) -> int:
    """Delete what was laid aside as damaged, and last written before a moment. Return how many files that were."""
    left = [*folder.glob(f"*{BROKEN}"), *folder.glob(f"*{UNBORN}")]
    old = [path for path in left if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def erase(folder: Path, visitor: str) -> int:
    """Take one visitor's lines out of what was laid aside as damaged. Return how many; what waits is read in before."""
    return sum(_erase_from(path, visitor.encode()) for path in folder.glob(f"*{BROKEN}"))


def _begin(folder: Path) -> BinaryIO:
    """Make a file, locked before anybody can see it by its name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{os.getpid()}-{secrets.token_hex(6)}"
    hidden = folder / f"{name}{UNBORN}"
    descriptor = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    file = open(descriptor, "ab", buffering=0)  # noqa: SIM115, PTH123 - kept open over many batches
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        hidden.rename(hidden.with_suffix(WHOLE))
        _sync(folder)
    except OSError:
        file.close()
        raise
    return file


def _write_all(descriptor: int, lines: bytes) -> None:
    """Write to the end: the kernel may take less than it is given, as on a disk that is nearly full."""
    left = memoryview(lines)
    while left:
        left = left[os.write(descriptor, left) :]


def _sync(folder: Path) -> None:
    """Make a name in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _turn(folder: Path) -> Iterator[bool]:
    """Hold the folder's lock, if nobody else does; it ends with this process."""
    with (folder / "lock").open("ab") as lock:
        yield _lock(lock)


def _lock(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _waiting(folder: Path) -> Iterator[Path]:
    """Name the files that may be read in, the oldest first."""
    with suppress(FileNotFoundError):
        yield from sorted(folder.glob(f"*{WHOLE}"), key=lambda path: path.stat().st_mtime)


def _read_file(path: Path, append: Append) -> int | None:
    """Read one file in, and delete it, or lay it aside where something in it could not be read.

    Returns how many events it gave; None for a file that is being written, or that can't be opened.
    """
    try:
        with path.open("rb") as file:
            return _read_lines(path, file, append) if _lock(file) else None
    except OSError as error:
        _log.warning("The spill file %s can't be read in: %s. Give it to the account that serves", path.name, error)
        return None


def _read_lines(path: Path, file: BinaryIO, append: Append) -> int:
    lines = _Lines(file)
    taken = refused = 0
    while events := list(islice(lines.events(), AT_ONCE)):
        refused += append(events)
        taken += len(events)
    damaged = lines.broken + refused
    if damaged:
        path.rename(path.with_suffix(BROKEN))
        _log.error("%d lines of the spill file %s are damaged; it is laid aside as %s", damaged, path.name, BROKEN)
    else:
        path.unlink()
    _log.info("%d events were read in from a spill file", taken - refused)
    return taken - refused


def _erase_from(path: Path, visitor: bytes) -> int:
    """Write a file anew without the lines that name a visitor."""
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if visitor not in line]
    if len(kept) < len(lines):
        beside = path.with_suffix(UNBORN)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - for its mode
            file.writelines(kept)
        beside.replace(path)
    return len(lines) - len(kept)


class _Lines:
    """The lines of a file, and how many of them were damaged."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.broken = 0

    def events(self) -> Iterator[Event]:
        """Yield what can be read, going on where the last call stopped. A last line without an end is passed over."""
        while line := self._file.readline(LONGEST_LINE):
            try:
                yield from_line(line)
            except ValueError:
                if line.endswith(b"\n") or len(line) == LONGEST_LINE:
                    self.broken += 1
                else:
                    _log.warning("The last line of a spill file is torn: a process died while it wrote. Passed over")
