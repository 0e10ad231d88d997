"""From the end of `git commit` to the moment at which a search finds the new word."""

import json
import random
from statistics import median
from time import monotonic, perf_counter, sleep

from benchmarks.figures import Figure
from benchmarks.material import Repository
from benchmarks.servers import Server, get

EDITS = 5
POLL_SECONDS = 0.02
_PATIENCE_SECONDS = 30


def measure(repository: Repository, server: Server) -> list[Figure]:
    """Commit EDITS one-word edits, one after the other, and wait for each to be found."""
    chance = random.Random(6)
    waits = [_wait_for_an_edit(repository, server, chance.random()) for _ in range(EDITS)]
    return [Figure("commit to found by a search", f"{median(waits):.2f} s (at most {max(waits):.2f}, n={len(waits)})")]


def _wait_for_an_edit(repository: Repository, server: Server, pause: float) -> float:
    """pause: seconds before the edit; else each commit would follow on a publishing, and on a look at the content."""
    sleep(pause)
    word = repository.edit()
    assert not _is_found(server, word), f"{word} was there before it was written"
    repository.commit()
    began = perf_counter()
    deadline = monotonic() + _PATIENCE_SECONDS
    while not _is_found(server, word):
        if monotonic() > deadline:
            raise TimeoutError(f"{word} was committed and is not found after {_PATIENCE_SECONDS} seconds.")
        sleep(POLL_SECONDS)
    return perf_counter() - began


def _is_found(server: Server, word: str) -> bool:
    """Ask on a connection of its own, so that any of the workers may answer."""
    body = get(server.port, f"/api/v1/search?q={word}&verbatim=1")
    assert body is not None, "a search failed while articles were published"
    return bool(json.loads(body)["hits"])
