"""kill -9 of a publishing that fetches, and of the whole server: nobody stays behind, and the next one starts clean."""

import os
import random
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from portal.settings import ROOT, Settings
from tests.proof.centre import Centre, tally
from tests.proof.conftest import Say
from tests.proof.processes import environment, publisher

FETCH_KILLS = 24
FETCHED_BYTES = 4_000_000
LONGEST_WAIT_SECONDS = 0.6
PATIENCE_SECONDS = 40
GONE_SECONDS = 20


@pytest.fixture
def mirrored(centre: Centre) -> Centre:
    """A centre that is published from a mirror of its repository, too large to be fetched in no time."""
    centre.settings = replace(centre.settings, content=centre.repository.folder.as_uri(), git_protocols="file")
    return centre


def test_killed_while_fetching(mirrored: Centre, say: Say) -> None:
    chance = random.Random(4)
    outcomes = []
    mirrored.publish()
    mirror = next((mirrored.settings.data / "mirrors").glob("*.git"))
    for number in range(FETCH_KILLS):
        old = mirrored.number
        add_ballast(mirrored, chance.randbytes(FETCHED_BYTES))
        mirrored.turn()
        with publisher(mirrored.settings) as process:
            sleep(chance.uniform(0, LONGEST_WAIT_SECONDS))
            is_fetching = is_any(children(process.pid), "fetch", "index-pack", "unpack-objects")
            is_alone = number % 2 == 0
            os.kill(process.pid, signal.SIGKILL) if is_alone else os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        assert mirrored.seen() in {old, mirrored.number}
        outcomes.append("while fetching" if is_fetching else "at another moment")
        mirrored.heal()
    assert "while fetching" in outcomes
    left = [file.name for file in mirror.rglob("tmp_*")]
    assert left == []
    assert list(mirror.rglob("*.lock")) == []
    subprocess.run(["git", "-C", str(mirror), "fsck", "--connectivity-only"], check=True, capture_output=True)
    say(f"{FETCH_KILLS} kills: {tally(outcomes)}; 0 torn, all healed, no lock and no half pack left")


def test_killed_server(centre: Centre, say: Say) -> None:
    settings = replace(centre.settings, bind=f"127.0.0.1:{free_port()}")
    waits = [seconds_until_gone(centre, settings, is_publishing=each) for each in (False, True, True, False)]
    with serving(settings) as server:
        wait_for(lambda: serves_in_full(server, settings), "ready")
        assert centre.seen() == centre.number
        assert centre.leftovers() == []
        started = children(server.pid)
        server.terminate()
        assert server.wait(GONE_SECONDS) == 0
        assert not any(map(is_alive, started))
    say(f"{len(waits)} kills of `portal serve`, 2 while it published: all children gone in {max(waits):.1f} s or less")


def seconds_until_gone(centre: Centre, settings: Settings, *, is_publishing: bool) -> float:
    """Start a server, kill it, and return how long its children outlived it."""
    with serving(settings) as server:
        wait_for(lambda: serves_in_full(server, settings), "ready")
        if is_publishing:
            centre.turn()
            wait_for(lambda: is_any(children(server.pid), "serve"), "publishing")
        started = children(server.pid)
        server.send_signal(signal.SIGKILL)
        began = monotonic()
        server.wait()
        wait_for(lambda: not any(map(is_alive, started)), "gone", GONE_SECONDS)
        return monotonic() - began


def serves_in_full(server: subprocess.Popen[bytes], settings: Settings) -> bool:
    return is_ready(settings) and len(children(server.pid)) > settings.workers


@contextmanager
def serving(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Start `portal serve`, and leave nothing of it behind."""
    with subprocess.Popen(
        [sys.executable, "-m", "portal", "serve"],
        cwd=ROOT,
        env=environment(settings, PORTAL_BIND=settings.bind),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        try:
            yield server
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)


def add_ballast(centre: Centre, data: bytes) -> None:
    """Give the next fetch something to carry; it is removed again with the commit after it."""
    centre.repository.write({"ballast.bin": data})


def wait_for(is_so: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Ask again and again; fails when it takes too long."""
    deadline = monotonic() + seconds
    while not is_so():
        assert monotonic() < deadline, f"not {what} after {seconds} s"
        sleep(0.02)


def is_ready(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://{settings.bind}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def children(parent: int) -> frozenset[int]:
    """Return all processes that a process started, and those started by them."""
    parents = {int(folder.name): parent_of(folder) for folder in Path("/proc").iterdir() if folder.name.isdigit()}
    found = {parent}
    while grown := {child for child, its in parents.items() if its in found} - found:
        found |= grown
    return frozenset(found - {parent})


def parent_of(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text("utf-8", "replace").rpartition(") ")[2].split()[1])
    except OSError:
        return 0


def is_any(processes: frozenset[int], *words: str) -> bool:
    """Whether any of these processes was started, or forked, with one of these words as an argument."""
    arguments: set[str] = set()
    for process in processes:
        try:
            arguments.update(Path(f"/proc/{process}/cmdline").read_text("utf-8", "replace").split("\0"))
        except OSError:
            continue
    return not arguments.isdisjoint(words)


def is_alive(process: int) -> bool:
    """Whether a process still runs; one that only waits to be noticed does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(") ")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
