"""A disk that is full, or refuses: the old generation stays live, the words are plain, and it heals by itself."""

import errno
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from portal.search.generation import Library
from portal.settings import ROOT
from tests.proof.centre import Centre, tally
from tests.proof.conftest import Say
from tests.proof.faults import in_child, refuse_fsync
from tests.proof.processes import environment

DISK_MEGABYTES = 4
FREE_KILOBYTES = (0, 8, 32, 64, 128, 192, 256, 384, 512, 768, 1536)
SMALL_FILES = (0, 512, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 1048576)
"""Bytes that a file may have: stands in for a full disk where none may be mounted."""
MOST_STEPS = 100


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A disk of a few megabytes; None where this user may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder)]
    # Lazily, so that a failed test with files still open leaves no disk behind.
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        yield None
        return
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk(centre: Centre, small_disk: Path | None, say: Say) -> None:
    if small_disk:
        centre.settings = replace(centre.settings, data=small_disk / "data")
    centre.settings.secret()
    centre.publish()
    outcomes, words = [], set()
    for amount in FREE_KILOBYTES if small_disk else SMALL_FILES:
        old = centre.number
        centre.turn()
        with full(small_disk, amount) if small_disk else small_files(amount):
            done = publish_in_a_process(centre)
            outcomes.append(outcome_of(centre, old, done))
            words.update(done.stderr.splitlines() if done.returncode else [])
        centre.heal()
    assert "refused" in outcomes
    assert "published" in outcomes
    where = f"a disk of {DISK_MEGABYTES} MB" if small_disk else "files that may not grow"
    said = " / ".join(sorted(words))
    say(f"{where}, {len(outcomes)} amounts of room: {tally(outcomes)}; all healed. It said: {said}")


def test_a_disk_that_refuses_to_keep(centre: Centre, say: Say) -> None:
    centre.publish()
    outcomes = []
    for number in range(1, MOST_STEPS):
        old = centre.number
        centre.turn()
        code = in_child(centre.publish, refuse_fsync(number, errno.EIO))
        seen = centre.seen()
        assert seen in {old, centre.number}
        centre.heal()
        if code == 0:
            break
        outcomes.append("old stayed" if seen == old else "after the switch")
    assert 10 < len(outcomes) < MOST_STEPS - 2
    assert "old stayed" in outcomes
    say(f"EIO at each of {len(outcomes)} fsyncs: {tally(outcomes)}; 0 torn, all healed")


def test_a_damaged_cache_is_thrown_away(centre: Centre, say: Say) -> None:
    centre.publish()
    chance = random.Random(3)
    cache = centre.settings.data / "cache" / "compiled.sqlite"
    tries = 12
    for number in range(tries):
        centre.turn()
        with cache.open("r+b") as file:
            file.seek(number * 4096 % cache.stat().st_size)
            file.write(chance.randbytes(4096))
        centre.heal()
    for damage in (b"", b"{", b"[]", b'{"key": 1}', b"\xff"):
        centre.turn()
        (centre.settings.data / "cache" / "history.json").write_bytes(damage)
        centre.heal()
    say(f"{tries} damaged pages of the render cache, 5 damages to the history's: all published at once")


def outcome_of(centre: Centre, old: int, done: subprocess.CompletedProcess[str]) -> str:
    """Hold a publishing without room against its promise: exit 1, one plain sentence, and the old round to be read."""
    if done.returncode == 0:
        assert centre.seen() == centre.number
        return "published"
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("portal: ")
    assert centre.seen() == old
    trouble = Library(centre.generations).trouble()
    assert trouble is None or "failed" in trouble, "there may be no room for its note"
    return "refused"


@contextmanager
def full(disk: Path, kilobytes: int) -> Iterator[None]:
    """Leave no more room than this on a disk."""
    filler = disk / "filler"
    room = shutil.disk_usage(disk).free - kilobytes * 1024
    filler.write_bytes(bytes(max(room, 0)))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """Let no file of this process and its children grow beyond this; a write beyond fails as on a full disk."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def publish_in_a_process(centre: Centre) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal", "publish"],
        cwd=ROOT,
        env=environment(centre.settings) | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        restore_signals=False,
    )
