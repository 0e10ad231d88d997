"""Many at once: publishers beside publishers, readers in threads and processes through 200 switches."""

import gc
import json
import os
import resource
import threading
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import bootstrap
from portal.search.building import KEPT
from portal.search.generation import Library
from tests.proof.centre import Centre, expected, tally, word
from tests.proof.conftest import Say
from tests.proof.faults import start
from tests.proof.processes import publisher

RACES = {2: 8, 4: 5}
"""Publishers at a time -> how often."""
SWITCHES = 200
THREADS = 8
PATIENCE_SECONDS = 400
PAUSE_SECONDS = 0.1
"""Between two looks of a thread, so that the publisher gets its turn on a small machine."""
WARM_SWITCHES = 40
"""Switches after which caches are filled, and memory is first measured."""
MOST_GROWTH_MB = 40
MOST_MORE_FILES = 40
VISITORS = count(1)
"""Each look comes from an address of its own, so that no limit stops it."""
Counts = dict[str, int]


@pytest.mark.parametrize("publishers", RACES)
def test_publishers_at_once(centre: Centre, say: Say, publishers: int) -> None:
    centre.publish()
    outcomes = []
    for _ in range(RACES[publishers]):
        centre.turn()
        with ExitStack() as stack:
            running = [stack.enter_context(publisher(centre.settings)) for _ in range(publishers // 2)]
            centre.turn()
            running += [stack.enter_context(publisher(centre.settings)) for _ in range(publishers // 2)]
            said = [process.communicate() for process in running]
        assert [process.returncode for process in running] == [0] * publishers, said
        outcomes += ["built" if words.startswith(b"Published") else "found it done" for words, _ in said]
        assert centre.seen() == centre.number
        assert centre.leftovers() == []
    assert outcomes.count("built") >= RACES[publishers]
    say(f"{publishers} publishers, {RACES[publishers]} races, 2 commits each: all exit 0, {tally(outcomes)}; 0 torn")


def test_readers_during_200_switches(centre: Centre, say: Say) -> None:
    centre.publish()
    first = centre.number
    revisions = prepare(centre, SWITCHES)
    reader = start(lambda: read_until(centre, first + SWITCHES))
    writer = start(lambda: switch_through(centre, revisions))
    began, held = monotonic(), Library(centre.generations).current()
    counts, peak = read_in_threads(centre, first + SWITCHES)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in (writer, reader)] == [0, 0]
    assert centre.round_of(held) == first, "a generation that is held is never pruned"
    names = Library(centre.generations).names()
    assert len(names) == KEPT + 1
    assert held.name in names
    del held
    gc.collect()
    centre.turn()
    centre.heal()
    other = json.loads((centre.settings.data / "read.json").read_text("utf-8"))
    say(
        f"{SWITCHES} switches in {monotonic() - began:.0f} s: {counts['reads']} looks by {THREADS} threads at "
        f"{counts['rounds']} rounds, {other['reads']} by a second process at {other['rounds']}; 0 errors, 0 mixed; "
        f"{peak['folders']} generations at most; memory +{peak['megabytes']} MB, open files +{peak['files']}"
    )


def prepare(centre: Centre, switches: int) -> list[str]:
    """Make all commits beforehand, and let the branch begin where it was."""
    before = centre.repository.git("rev-parse", "HEAD")
    for _ in range(switches):
        centre.turn()
    revisions = sorted(centre.rounds, key=centre.rounds.__getitem__)
    centre.repository.git("update-ref", "refs/heads/main", before)
    return revisions[revisions.index(before) + 1 :]


def switch_through(centre: Centre, revisions: list[str]) -> None:
    """Publish one revision after the other."""
    for revision in revisions:
        centre.repository.git("update-ref", "refs/heads/main", revision)
        assert centre.publish().is_new


def read_until(centre: Centre, last: int) -> None:
    """Read in this process until the last round is live; leave the counts in a file."""
    counts, _ = read_in_threads(centre, last, threads=1)
    (centre.settings.data / "read.json").write_text(json.dumps(counts), "utf-8")


def read_in_threads(centre: Centre, last: int, threads: int = THREADS) -> tuple[Counts, Counts]:
    """Read in threads that share one portal, half of them over HTTP, until the last round is live.

    Returns how much was read, and the most of what may grow: megabytes and files against the time when
    caches were warm, folders at any time.
    """
    portal = bootstrap(centre.settings)
    app = create_app(portal)
    seen: list[int] = []
    errors: list[BaseException] = []

    def until_last(look: Callable[[], int]) -> None:
        deadline = monotonic() + PATIENCE_SECONDS
        try:
            while not errors and (not seen or seen[-1] != last) and monotonic() < deadline:
                seen.append(look())
                sleep(PAUSE_SECONDS)
        except BaseException as error:  # noqa: BLE001 - a thread's error is the test's
            errors.append(error)

    def look_inside() -> int:
        return centre.round_of(portal.library.current())

    def look_as_a_visitor() -> int:
        return round_over_http(app.test_client(), centre)

    looks = [look_inside if number % 2 == 0 else look_as_a_visitor for number in range(threads)]
    workers = [threading.Thread(target=until_last, args=(look,)) for look in looks]
    for worker in workers:
        worker.start()
    peak = watch(centre, workers, seen, last - SWITCHES + WARM_SWITCHES)
    if errors:
        raise errors[0]
    assert seen[-1] == last
    return {"reads": len(seen), "rounds": len(set(seen))}, peak


def watch(centre: Centre, workers: list[threading.Thread], seen: list[int], warm: int) -> Counts:
    """Measure until all workers are done; fails where something grows without bound."""
    peak = {"megabytes": 0, "files": 0, "folders": 0}
    base: tuple[int, int] | None = None
    while any(worker.is_alive() for worker in workers):
        workers[0].join(0.2)
        peak["folders"] = max(peak["folders"], len(Library(centre.generations).names()))
        if base is None and seen and max(seen[-THREADS:]) >= warm:
            base = megabytes(), open_files()
        if base:
            peak["megabytes"] = max(peak["megabytes"], megabytes() - base[0])
            peak["files"] = max(peak["files"], open_files() - base[1])
    assert peak["megabytes"] <= MOST_GROWTH_MB, peak
    assert peak["files"] <= MOST_MORE_FILES, peak
    assert peak["folders"] <= KEPT + THREADS + 3, peak
    return peak


def round_over_http(client: FlaskClient, centre: Centre) -> int:
    """Return the round that a search's answer shows, and hold the page that it leads to against it."""
    client.environ_base["REMOTE_ADDR"] = f"10.{next(VISITORS) % 250}.{next(VISITORS) % 250}.1"
    answer = client.get("/api/v1/search?q=part+round&limit=20")
    assert answer.status_code == 200, answer.text
    hits = (answer.json or {})["hits"]
    titles = sorted(hit["title"] for hit in hits if hit["title"].startswith("Round"))
    numbers = {int(title.split()[1]) for title in titles}
    assert len(numbers) == 1, titles
    number = numbers.pop()
    assert titles == sorted(expected(Level.PUBLIC, number).values())
    page = client.get("/en/articles/rounds/one")
    assert page.status_code == 200
    shown = {mark for mark in map(word, range(number, centre.number + 1)) if mark in page.text}
    assert len(shown) == 1, "a page shows one round, that of the search or a later one"
    return number


def megabytes() -> int:
    """Return this process's memory as it is now."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() // 1024 // 1024


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
