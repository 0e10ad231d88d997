"""Publishing, measured as a whole process: from nothing, again, and after an edit of one word."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from benchmarks.figures import Figure, megabytes, seconds
from benchmarks.machine import size_on_disk
from benchmarks.material import ROOT, Repository
from portal.search.generation import POINTER
from portal.search.manifest import NAME

_PUBLISH_SECONDS = 900
_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Live:
    """A generation that became live while a command ran."""

    seconds: float
    """Since the command was started."""
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Publishing:
    """One run of `portal publish --json`."""

    process_seconds: float
    said: dict[str, Any]
    lives: tuple[Live, ...]
    """The generations that it made live, in order."""


def environment(repository: Repository, data: Path, **more: str) -> dict[str, str]:
    """Return an environment in which `portal` knows this repository and this data folder, and nothing of ours."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return ours | {"PORTAL_CONTENT": str(repository.folder), "PORTAL_DATA": str(data)} | more


def measure(repository: Repository, data: Path, edits: int) -> list[Figure]:
    """Publish from nothing into `data`, then unchanged, then after each of some edits, one after the other."""
    first = _publish(repository, data)
    generations = data / "generations"
    one_generation = size_on_disk(generations)
    again = _publish(repository, data)
    edited = [_publish_an_edit(repository, data) for _ in range(edits)]
    assert first.said["is_new"] and not again.said["is_new"]  # noqa: PT018 - one claim: only the first was new
    counts, words = first.said["counts"], first.lives[0].seconds
    return [
        Figure("articles / sections", f"{counts['articles']:,} / {counts['sections']:,}"),
        Figure("publish from nothing: live on words / with meaning", _lives(first)),
        Figure("— articles a second, on words", f"{counts['articles'] / words:.0f}"),
        Figure("— its whole process", f"{first.process_seconds:.1f} s"),
        Figure("— peak of its largest process", f"{first.said['peak_megabytes']} MB"),
        Figure("publish again, unchanged: inside", seconds([again.said["seconds"]])),
        Figure("— whole process", seconds([again.process_seconds])),
        Figure("publish a one-word edit: inside", seconds([each.said["seconds"] for each in edited])),
        Figure("— whole process of it", seconds([each.process_seconds for each in edited])),
        Figure("— peak of its largest process then", f"{max(each.said['peak_megabytes'] for each in edited)} MB"),
        Figure(
            "on disk: one generation / the three kept",
            f"{megabytes(one_generation)} / {megabytes(size_on_disk(generations))}",
        ),
    ]


def _publish_an_edit(repository: Repository, data: Path) -> Publishing:
    repository.edit()
    repository.commit()
    done = _publish(repository, data)
    assert done.said["changed"]["edited"] == 1, done.said["changed"]
    return done


def _publish(repository: Repository, data: Path) -> Publishing:
    """Run `portal publish --json`. Raises CalledProcessError, with what it said on standard error, when it fails."""
    command = [sys.executable, "-m", "portal", "publish", "--json"]
    answer = data.with_name("published.json")
    began = perf_counter()
    with answer.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(repository, data), stdout=out)
        try:
            lives = tuple(_watch(process, data / "generations", began))
        finally:
            process.kill()
            process.wait()
    took = perf_counter() - began
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Publishing(took, json.loads(answer.read_bytes()), lives)


def _watch(process: subprocess.Popen[bytes], generations: Path, began: float) -> Iterator[Live]:
    """Look which generation is live until the process has ended."""
    seen = _pointed(generations)
    is_over = False
    while not is_over and perf_counter() - began < _PUBLISH_SECONDS:
        is_over = process.poll() is not None
        now = _pointed(generations)
        if now not in {seen, None}:
            at = perf_counter() - began
            yield Live(at, json.loads((generations / str(now) / NAME).read_bytes())["counts"])
            seen = now
        sleep(_LOOK_SECONDS)


def _pointed(generations: Path) -> str | None:
    try:
        return (generations / POINTER).readlink().name
    except OSError:
        return None


def _lives(done: Publishing) -> str:
    """Say when the first generation was live, and when the first that lacks no vector was, where there is one."""
    words = f"{done.lives[0].seconds:.1f} s"
    meant = [live.seconds for live in done.lives if live.counts.get("vectors") and not live.counts.get("unencoded")]
    return f"{words} / {meant[0]:.1f} s" if meant else f"{words} / not in this command"
