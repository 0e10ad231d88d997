"""Publishing, measured as a whole process: from nothing, again, and after an edit of one word."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.figures import Figure, megabytes, seconds
from benchmarks.material import ROOT, Repository

_PUBLISH_SECONDS = 240
_BLOCK_BYTES = 512


@dataclass(frozen=True, slots=True)
class Publishing:
    """One run of `portal publish --json`."""

    process_seconds: float
    said: dict[str, Any]


def environment(repository: Repository, data: Path, **more: str) -> dict[str, str]:
    """Return an environment in which `portal` knows this repository and this data folder, and nothing of ours."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return ours | {"PORTAL_CONTENT": str(repository.folder), "PORTAL_DATA": str(data)} | more


def measure(repository: Repository, data: Path, edits: int) -> list[Figure]:
    """Publish from nothing into `data`, then unchanged, then after each of some edits, one after the other."""
    first = _publish(repository, data)
    generations = data / "generations"
    one_generation = _size(generations)
    again = _publish(repository, data)
    edited = [_publish_an_edit(repository, data) for _ in range(edits)]
    assert first.said["is_new"] and not again.said["is_new"]  # noqa: PT018 - one claim: only the first was new
    counts, inside = first.said["counts"], first.said["seconds"]
    return [
        Figure("articles / sections", f"{counts['articles']:,} / {counts['sections']:,}"),
        Figure("publish from nothing: inside", f"{inside:.1f} s, {counts['articles'] / inside:.0f} articles/s"),
        Figure("— its whole process", f"{first.process_seconds:.1f} s"),
        Figure("— peak of its largest process", f"{first.said['peak_megabytes']} MB"),
        Figure("publish again, unchanged: inside", seconds([again.said["seconds"]])),
        Figure("— whole process", seconds([again.process_seconds])),
        Figure("publish a one-word edit: inside", seconds([each.said["seconds"] for each in edited])),
        Figure("— whole process of it", seconds([each.process_seconds for each in edited])),
        Figure("— peak of its largest process then", f"{max(each.said['peak_megabytes'] for each in edited)} MB"),
        Figure(
            "on disk: one generation / the three kept", f"{megabytes(one_generation)} / {megabytes(_size(generations))}"
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
    began = perf_counter()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(repository, data),
        stdout=subprocess.PIPE,
        timeout=_PUBLISH_SECONDS,
        check=True,
    )
    return Publishing(perf_counter() - began, json.loads(done.stdout))


def _size(folder: Path) -> int:
    """Return the bytes that a folder takes on disk; a file with several names counts once."""
    found = {status.st_ino: status.st_blocks for path in folder.rglob("*") if (status := path.lstat())}
    return sum(found.values()) * _BLOCK_BYTES
