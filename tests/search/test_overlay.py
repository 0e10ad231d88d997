import logging
import multiprocessing
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.errors import Unavailable
from portal.search.overlay import FORMAT, Overlay, OverlayFile

ONE = Overlay({"en": ("reset", "refund"), "de": ("Rückgabe", "\ud800 <b>")}, {"en": ("get a refund",)})
OTHER = Overlay({"en": ("refund",)})
KILLS = 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "overlay.json"


def test_before_the_first_writing_the_overlay_is_empty(path: Path) -> None:
    assert OverlayFile(path).current() == Overlay()
    assert not Overlay().most_helpful
    assert not path.parent.exists()


def test_what_is_written_is_read_by_every_reader_at_once(path: Path) -> None:
    early, writer = OverlayFile(path), OverlayFile(path)
    early.current()
    for overlay in (ONE, OTHER, ONE):
        assert writer.write(overlay)
        assert early.current() == writer.current() == OverlayFile(path).current() == overlay


def test_the_version_is_a_matter_of_the_facts_alone() -> None:
    again = Overlay({"de": ONE.most_helpful["de"], "en": ONE.most_helpful["en"]}, dict(ONE.asked))
    assert again.version == ONE.version
    others = (Overlay({"en": ("refund", "reset")}), Overlay(asked=OTHER.most_helpful), Overlay(ONE.most_helpful))
    assert len({Overlay().version, ONE.version, OTHER.version, *(one.version for one in others)}) == 6


def test_facts_can_not_be_changed_behind_their_version() -> None:
    facts = {"en": ("reset",)}
    overlay = Overlay(facts)
    facts["en"] = ("poison",)
    assert overlay.most_helpful == {"en": ("reset",)}
    for known in (overlay.most_helpful, overlay.asked):
        with pytest.raises(TypeError):
            known["en"] = ()  # type: ignore[index]


def test_the_same_facts_are_not_written_again(path: Path) -> None:
    file = OverlayFile(path)
    assert file.write(ONE)
    before = path.stat()
    assert not OverlayFile(path).write(Overlay(ONE.most_helpful, ONE.asked))
    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_an_unchanged_file_is_not_opened_again(path: Path) -> None:
    file = OverlayFile(path)
    file.write(ONE)
    assert file.current() is file.current()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _garble(path: Path) -> None:
    path.write_bytes(b"\xff\x00" * 40)


def _change_an_id(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"refund", b"redund"))


def _date_the_format_forward(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"format": %d' % FORMAT, b'"format": %d' % (FORMAT + 1)))


def _be_of_the_format_before(path: Path) -> None:
    path.write_text('{"format": 1, "most_helpful": {"en": ["reset"]}, "version": "e5b2b4d5c1a0f3e7"}')


def _nest(path: Path) -> None:
    path.write_bytes(b"[" * 100_000)


def _list(path: Path) -> None:
    path.write_text("[1]")


def _mistype(path: Path) -> None:
    path.write_text(f'{{"format": {FORMAT}, "most_helpful": {{"en": [1]}}}}')


def _mistype_what_was_asked(path: Path) -> None:
    path.write_text(f'{{"format": {FORMAT}, "most_helpful": {{}}, "asked": ["reset"]}}')


def _lose_the_facts(path: Path) -> None:
    path.write_text(f'{{"format": {FORMAT}}}')


def _lose(path: Path) -> None:
    path.unlink()


def _make_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _lose_the_folder(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()


DAMAGES = (
    *(_cut, _empty, _garble, _change_an_id, _date_the_format_forward, _nest),
    *(_list, _mistype, _mistype_what_was_asked, _lose_the_facts, _lose, _lose_the_folder, _be_of_the_format_before),
)


@pytest.mark.parametrize("damage", [*DAMAGES, _make_a_folder])
def test_a_damaged_file_leaves_the_last_good_overlay_or_an_empty_one(
    path: Path, damage: Callable[[Path], None]
) -> None:
    reader = OverlayFile(path)
    reader.write(ONE)
    assert reader.current() == ONE
    damage(path)
    assert [reader.current(), reader.current()] == [ONE, ONE]
    assert OverlayFile(path).current() == Overlay()


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_next_writing_mends_a_damaged_file(path: Path, damage: Callable[[Path], None]) -> None:
    file = OverlayFile(path)
    file.write(ONE)
    assert file.current() == ONE
    damage(path)
    assert file.write(ONE)
    assert OverlayFile(path).current() == ONE


def test_damage_is_complained_of_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = OverlayFile(path)
    file.write(ONE)
    _garble(path)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            file.current()
    assert len(caplog.records) == 1


def test_what_a_killed_writer_left_beside_is_written_over(path: Path) -> None:
    OverlayFile(path).write(ONE)
    path.with_suffix(".new").write_bytes(b'{"format": 1, "most_')
    assert OverlayFile(path).current() == ONE
    OverlayFile(path).write(OTHER)
    assert OverlayFile(path).current() == OTHER
    assert sorted(file.name for file in path.parent.iterdir()) == ["overlay.json", "overlay.lock"]


def test_where_the_folder_can_not_be_made_writing_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    file = OverlayFile(tmp_path / "file" / "overlay.json")
    with pytest.raises(Unavailable, match="make its folder writable"):
        file.write(ONE)
    assert file.current() == Overlay()


def _write_for_ever(path: Path) -> None:
    while True:
        for overlay in (ONE, OTHER):
            OverlayFile(path).write(overlay)


def test_two_writers_killed_at_any_moment_leave_a_whole_file(path: Path) -> None:
    OverlayFile(path).write(ONE)
    context = multiprocessing.get_context("fork")
    versions = set()
    for number in range(KILLS):
        writers = [context.Process(target=_write_for_ever, args=(path,)) for _ in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(timeout=number / 1000)  # another moment each time
            os.kill(writer.pid or 0, 9)
            writer.join()
        versions.add(OverlayFile(path).current().version)
    assert versions <= {ONE.version, OTHER.version}
    assert OverlayFile(path).write(Overlay()), "a killed writer left its lock"


def test_readers_in_threads_see_one_whole_overlay_or_the_other_while_it_is_written(path: Path) -> None:
    file = OverlayFile(path)
    file.write(ONE)
    seen: set[str] = set()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            seen.add(file.current().version)

    readers = [threading.Thread(target=look) for _ in range(4)]
    for reader in readers:
        reader.start()
    for overlay in (OTHER, ONE) * 10:
        OverlayFile(path).write(overlay)
    over.set()
    for reader in readers:
        reader.join()
    assert {ONE.version} <= seen <= {ONE.version, OTHER.version}
    assert file.current() == ONE
