import os
import signal
import time
from pathlib import Path

import pytest

from portal.cli.children import Chore


def _wait_for(chore: Chore, file: Path, lines: int) -> list[str]:
    """Look until so many children have written their line."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        chore.look()
        told = file.read_text().split() if file.exists() else []
        if len(told) >= lines:
            return told
        os.sched_yield()
    pytest.fail(f"no {lines} lines in {file}")


def test_a_child_is_told_whether_the_one_before_it_did_well(tmp_path: Path) -> None:
    file = tmp_path / "told"

    def work(went_well: bool) -> None:
        with file.open("a") as out:
            out.write(f"{went_well}\n")
        if file.read_text().count("\n") < 3:
            raise SystemExit(1)

    chore = Chore(work, 0)
    assert _wait_for(chore, file, 5)[:5] == ["True", "False", "False", "True", "True"]
    chore.stop()


def test_looking_waits_for_no_child_and_starts_no_second_one(tmp_path: Path) -> None:
    file = tmp_path / "told"

    def work(_: bool) -> None:
        with file.open("a") as out:
            out.write("began\n")
        signal.alarm(5)  # only where nobody ends it before
        signal.pause()

    chore = Chore(work, 0)
    _wait_for(chore, file, 1)
    for _ in range(100):
        chore.look()
    assert file.read_text() == "began\n"
    chore.stop()


def test_the_next_child_waits_for_its_time(tmp_path: Path) -> None:
    file = tmp_path / "told"

    def work(_: bool) -> None:
        with file.open("a") as out:
            out.write("began\n")

    chore = Chore(work, 3600)
    _wait_for(chore, file, 1)
    for _ in range(100):
        chore.look()
    assert file.read_text() == "began\n"
    chore.stop()
