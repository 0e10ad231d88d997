"""Spill files: written so that they last, read in once, laid aside where they are damaged."""

import os
import stat
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from portal.errors import Unavailable
from portal.events import spill
from portal.events.coding import to_line
from portal.events.kinds import Event
from portal.events.spill import Spill, read_in
from tests.events.builders import ADA, BO, NOON, a_search


class Taken(list[Event]):
    """Takes events, as the database does."""

    def append_all(self, events: Sequence[Event]) -> int:
        self.extend(events)
        return 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spill"


@pytest.fixture
def taken() -> Taken:
    return Taken()


def _spilled(folder: Path, *events: Event) -> None:
    writer = Spill(folder)
    writer.write(events)
    writer.close()


def _files(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir() if path.name != "lock")


def test_what_was_spilled_is_read_in_once(folder: Path, taken: Taken) -> None:
    events = [a_search(), a_search("größe\nändern")]
    _spilled(folder, *events)
    assert read_in(folder, taken.append_all) == 2
    assert read_in(folder, taken.append_all) == 0
    assert taken == events
    assert _files(folder) == []


def test_nothing_is_read_in_where_nothing_ever_was_spilled(folder: Path, taken: Taken) -> None:
    assert read_in(folder, taken.append_all) == 0
    assert not folder.exists()


def test_nobody_else_may_read_the_files(folder: Path) -> None:
    _spilled(folder, a_search())
    (file,) = folder.glob("*.jsonl")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_is_being_written_is_left_alone(folder: Path, taken: Taken) -> None:
    writer = Spill(folder)
    writer.write([a_search()])
    assert read_in(folder, taken.append_all) == 0
    writer.write([a_search()])
    writer.close()
    assert read_in(folder, taken.append_all) == 2


def test_one_process_reads_at_a_time(folder: Path, taken: Taken) -> None:
    _spilled(folder, a_search())
    _spilled(folder, a_search())

    def append_while_another_tries(events: Sequence[Event]) -> int:
        assert read_in(folder, taken.append_all) == 0
        return taken.append_all(events)

    assert read_in(folder, append_while_another_tries) == 2
    assert len(taken) == 2


def test_a_large_file_is_closed_and_the_next_one_begun(
    folder: Path, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "MOST_BYTES", 500)
    writer = Spill(folder)
    for _ in range(6):
        writer.write([a_search()])
    assert len(_files(folder)) >= 2
    writer.close()
    assert read_in(folder, taken.append_all, most_files=1) < 6
    read_in(folder, taken.append_all)
    assert len(taken) == 6


def test_a_file_stays_until_all_of_it_is_taken(folder: Path, taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "AT_ONCE", 2)
    _spilled(folder, *(a_search() for _ in range(5)))

    def append_until_away(events: Sequence[Event]) -> int:
        if len(taken) >= 2:
            raise Unavailable("away")
        return taken.append_all(events)

    with pytest.raises(Unavailable):
        read_in(folder, append_until_away)
    assert _files(folder) == [".jsonl"]
    assert read_in(folder, taken.append_all) == 5
    assert len({event.uid for event in taken}) == 5


def test_a_torn_last_line_is_passed_over_and_said(folder: Path, taken: Taken, caplog: pytest.LogCaptureFixture) -> None:
    _spilled(folder, a_search(), a_search())
    (file,) = folder.glob("*.jsonl")
    file.write_bytes(file.read_bytes()[:-30])
    assert read_in(folder, taken.append_all) == 1
    assert "torn" in caplog.text
    assert _files(folder) == []


@pytest.mark.parametrize("damage", [b"\x00\xff\n", b"{}\n", b'{"kind": "danced"}\n', b"x" * 200_000 + b"\n"])
def test_a_damaged_file_gives_what_is_whole_and_is_laid_aside(
    folder: Path, taken: Taken, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    events = [a_search(), a_search()]
    _spilled(folder, *events)
    (file,) = folder.glob("*.jsonl")
    first, second = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + damage + second)
    assert read_in(folder, taken.append_all) == 2
    assert taken == events
    assert _files(folder) == [".bad"]
    assert "damaged" in caplog.text
    assert read_in(folder, taken.append_all) == 0


def test_a_file_with_an_event_that_the_database_refuses_is_laid_aside(folder: Path) -> None:
    _spilled(folder, a_search(), a_search())
    assert read_in(folder, lambda _: 1) == 1
    assert _files(folder) == [".bad"]


def test_a_file_that_cannot_be_opened_does_not_keep_the_others_from_being_read(
    folder: Path, taken: Taken, caplog: pytest.LogCaptureFixture
) -> None:
    folder.mkdir()
    (folder / "0-a.jsonl").mkdir()
    _spilled(folder, a_search())
    assert read_in(folder, taken.append_all, most_files=1) == 1
    assert "can't be read in" in caplog.text


def test_half_a_line_is_taken_back_when_the_disk_is_full(
    folder: Path, taken: Taken, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    writer, whole = Spill(folder), a_search()
    writer.write([whole])
    honest = os.write

    def write_some_and_fail(descriptor: int, data: bytes) -> int:
        honest(descriptor, data[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "write", write_some_and_fail)
        with pytest.raises(OSError, match="No space"):
            writer.write([a_search()])
    later = a_search()
    writer.write([later])
    writer.close()
    assert read_in(folder, taken.append_all) == 2
    assert taken == [whole, later]
    assert "torn" not in caplog.text


def test_what_was_laid_aside_goes_when_it_is_old_and_what_waits_stays(folder: Path) -> None:
    _spilled(folder, a_search())
    (folder / "old.bad").write_bytes(b"x")
    os.utime(folder / "old.bad", (NOON.timestamp(), NOON.timestamp()))
    assert spill.expire(folder, NOON - timedelta(days=1)) == 0
    assert spill.expire(folder, NOON + timedelta(days=1)) == 1
    assert _files(folder) == [".jsonl"]


def test_a_visitor_is_taken_out_of_what_was_laid_aside(folder: Path) -> None:
    folder.mkdir()
    adas, bos = to_line(a_search(visitor=ADA)), to_line(a_search(visitor=BO))
    (folder / "old.bad").write_bytes(adas + b"\xff\xff\n" + bos)
    assert spill.erase(folder, ADA) == 1
    assert (folder / "old.bad").read_bytes() == b"\xff\xff\n" + bos
    assert stat.S_IMODE((folder / "old.bad").stat().st_mode) == 0o600
    assert spill.erase(folder, ADA) == 0
