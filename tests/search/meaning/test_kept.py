import logging
import multiprocessing
import os
import resource
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from portal.search.meaning import kept as kept_module
from portal.search.meaning.kept import AT_ONCE, BATCH, KeptVectors
from tests.search.meaning.bag import BagOfWords, KeptByBag

TEXTS = [f"The text number {number} of many" for number in range(3 * BATCH)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "vectors.sqlite"


def _all_kept(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM vectors").fetchone()[0])


def _on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_what_was_encoded_once_is_not_encoded_again_and_equals_it_bit_by_bit(path: Path) -> None:
    bag = BagOfWords()
    with KeptByBag(path, bag) as kept:
        fresh, there = kept.vectors("en", TEXTS[:9])
    assert there.all()
    assert fresh == pytest.approx(bag.encode(TEXTS[:9]), abs=1e-3)
    bag.seen.clear()
    with KeptByBag(path, bag) as kept:
        again, there = kept.vectors("en", TEXTS[:10])
    assert there.all()
    assert again[:9].tobytes() == fresh.tobytes()
    assert bag.seen == [TEXTS[9]]


def test_the_same_text_twice_is_encoded_once(path: Path) -> None:
    bag = BagOfWords()
    with KeptByBag(path, bag) as kept:
        rows, _ = kept.vectors("en", ["one", "two", "one"])
    assert bag.seen == ["one", "two"]
    assert rows[0].tobytes() == rows[2].tobytes()


def test_encoders_of_different_names_share_nothing(path: Path) -> None:
    with KeptByBag(path, BagOfWords()) as kept:
        kept.vectors("en", TEXTS[:3])
    other = BagOfWords(dims=32, name="bag@2")
    with KeptByBag(path, other) as kept:
        rows, there = kept.vectors("en", TEXTS[:3])
    assert there.all()
    assert (rows.shape, other.seen) == ((3, 32), TEXTS[:3])


def test_many_new_texts_wait_and_the_known_ones_are_there(path: Path) -> None:
    bag = BagOfWords()
    with KeptByBag(path, bag, at_once=5) as kept:
        kept.vectors("en", TEXTS[:5])
        rows, there = kept.vectors("en", TEXTS[:7])
        assert there.tolist() == [True] * 5 + [False] * 2
        assert not rows[5:].any()
        assert (kept.waiting(), len(bag.seen)) == (2, 5)
        assert kept.encode_waiting() == 2
        assert kept.waiting() == 0
        assert kept.vectors("en", TEXTS[:7])[1].all()
    assert len(bag.seen) == 7


def test_no_publishing_encodes_more_than_a_second_takes_however_often_it_asks(path: Path) -> None:
    bag = BagOfWords()
    with KeptByBag(path, bag) as kept:
        for number in range(AT_ONCE + 50):
            kept.vectors("en", [f"text {number}"])
        assert (len(bag.seen), kept.waiting()) == (AT_ONCE, 50)


def test_progress_is_told_how_many_are_left(path: Path) -> None:
    left: list[int] = []
    with KeptByBag(path, BagOfWords(), at_once=0) as kept:
        kept.vectors("en", TEXTS)
        kept.encode_waiting(left.append)
    assert left == [2 * BATCH, BATCH, 0]


def test_a_text_that_waits_no_more_is_gone_from_the_disk(path: Path) -> None:
    secret = "the quokka plan for staff alone"
    with KeptByBag(path, BagOfWords(), at_once=0) as kept:
        for number in range(200):
            kept.vectors("en", [f"{secret}, step {number}"])
    assert secret.encode() in _on_disk(path)
    with KeptByBag(path, BagOfWords()) as kept:
        kept.encode_waiting()
    assert secret.encode() not in _on_disk(path)
    with KeptByBag(path, BagOfWords(), at_once=0) as kept:
        kept.vectors("en", [f"{secret}, the end"])
        kept.forget_waiting()
    assert secret.encode() not in _on_disk(path)


def test_a_language_without_encoder_is_refused_and_what_waits_in_one_is_let_go(path: Path) -> None:
    with KeptByBag(path, BagOfWords(), at_once=0) as kept:
        with pytest.raises(ValueError, match="no encoder knows sv"):
            kept.vectors("sv", ["Hej"])
        kept.vectors("en", TEXTS[:3])
    with KeptVectors(path, "none") as kept:  # as if the package had been taken away meanwhile
        assert kept.waiting() == 3
        kept.encode_waiting()
        assert kept.waiting() == 0


@pytest.mark.parametrize("text", ["", " ", "\ud800 half", "a\0b", "😀", "مرحبا", "x" * 100_000])
def test_any_text_may_wait(text: str, path: Path) -> None:
    with KeptByBag(path, BagOfWords(), at_once=0) as kept:
        kept.vectors("en", [text])
        assert kept.encode_waiting() == 1
        assert kept.vectors("en", [text])[1].all()


def test_a_text_that_has_no_meaning_is_kept_as_zeros_and_asked_for_once(path: Path) -> None:
    bag = BagOfWords()
    with KeptByBag(path, bag) as kept:
        for _ in range(2):
            rows, there = kept.vectors("en", ["?!"])
            assert there.all()
            assert not rows.any()
    assert bag.seen == ["?!"]


def test_the_oldest_go_where_there_are_too_many(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_module, "MOST_KEPT", 4)
    bag = BagOfWords()
    with KeptByBag(path, bag) as kept:
        kept.prune()
        kept.vectors("en", TEXTS[:6])
        kept.prune()
        bag.seen.clear()
        kept.vectors("en", TEXTS[:6])
    assert bag.seen == TEXTS[:2]


def test_killed_while_it_encodes_what_was_encoded_is_kept(path: Path) -> None:
    with KeptByBag(path, BagOfWords(), at_once=0) as kept:
        kept.vectors("en", TEXTS)

    class Deadly(BagOfWords):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if len(self.seen) >= 2 * BATCH:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().encode(texts)

    def work() -> None:
        with KeptByBag(path, Deadly()) as kept:
            kept.encode_waiting()

    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(20)
    assert child.exitcode == -signal.SIGKILL
    assert _all_kept(path) == 2 * BATCH
    bag = BagOfWords()
    with KeptByBag(path, bag) as kept:
        assert kept.encode_waiting() == BATCH
        assert kept.vectors("en", TEXTS)[1].all()
    assert len(bag.seen) == BATCH


def test_processes_that_open_and_encode_at_once_do_one_another_no_harm(path: Path) -> None:
    def work() -> None:
        with KeptByBag(path, BagOfWords(), at_once=0) as kept:
            kept.vectors("en", TEXTS)
            kept.encode_waiting()
            if kept.trouble:
                os._exit(1)

    children = [multiprocessing.get_context("fork").Process(target=work) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join(30)
    assert [child.exitcode for child in children] == [0] * 4
    bag = BagOfWords()
    with KeptByBag(path, bag) as kept:
        assert kept.waiting() == 0
        assert kept.vectors("en", TEXTS)[1].all()
    assert (bag.seen, _all_kept(path)) == ([], len(TEXTS))


def _cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _overwritten(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _of_another_layout(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE vectors (name TEXT)")


@pytest.mark.parametrize("damage", [_cut_short, _overwritten, _emptied, _of_another_layout])
def test_a_damaged_file_is_made_anew(damage: object, path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with KeptByBag(path, BagOfWords()) as kept:
        kept.vectors("en", TEXTS[:AT_ONCE])
    assert callable(damage)
    damage(path)
    for _ in range(2):
        with KeptByBag(path, BagOfWords()) as kept:
            assert kept.vectors("en", TEXTS[:AT_ONCE])[1].all()
            assert (kept.waiting(), kept.can_keep(), kept.trouble) == (0, True, "")
    assert _all_kept(path) == AT_ONCE
    assert sum("made anew" in record.message for record in caplog.records) == (damage is not _emptied)


def test_damage_that_shows_itself_late_costs_the_kept_ones_alone(path: Path) -> None:
    with KeptByBag(path, BagOfWords()) as kept:
        kept.vectors("en", TEXTS[:AT_ONCE])
    with KeptByBag(path, BagOfWords()) as kept:
        assert kept.waiting() == 0
        for page in range(4096, path.stat().st_size, 4096):
            with path.open("r+b") as file:
                file.seek(page)
                file.write(b"\xff" * 4096)
        assert kept.vectors("en", TEXTS[:AT_ONCE])[1].all()
    assert _all_kept(path) == AT_ONCE


@contextmanager
def _full_disk() -> Iterator[None]:
    """Let no file grow, as on a full disk."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_on_a_full_disk_a_few_texts_have_vectors_and_many_wait_for_nobody(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with KeptByBag(path, BagOfWords()) as kept:
        kept.vectors("en", TEXTS[:5])
    caplog.set_level(logging.CRITICAL)  # the log's own file may not grow either
    with _full_disk():
        with KeptByBag(path, BagOfWords(), at_once=3) as kept:
            few = kept.vectors("en", TEXTS[5:8])[1]
        with KeptByBag(path, BagOfWords(), at_once=3) as kept:
            many = kept.vectors("en", TEXTS[:20])[1]
            end = (kept.waiting(), kept.can_keep(), bool(kept.trouble), kept.encode_waiting())
    assert few.all()
    assert not many[5:].any()
    assert end == (0, False, True, 0)
    with KeptByBag(path, BagOfWords()) as kept:
        assert kept.can_keep()
        assert kept.vectors("en", TEXTS[:20])[1].all()


def test_encoding_on_a_full_disk_ends(path: Path) -> None:
    with KeptByBag(path, BagOfWords(), at_once=0) as kept:
        kept.vectors("en", TEXTS)
    bag = BagOfWords()
    with _full_disk(), KeptByBag(path, bag) as kept:
        assert kept.encode_waiting() == 0
    assert len(bag.seen) <= BATCH
    with KeptByBag(path, bag) as kept:
        assert kept.encode_waiting() == len(TEXTS)


@pytest.mark.parametrize("place", ["a folder in its place", "a file for a folder"])
def test_a_file_that_cant_be_opened_costs_keeping_and_is_told_once(
    place: str, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if place == "a folder in its place":
        path.mkdir(parents=True)
    else:
        path.parent.write_text("no folder")
    with KeptByBag(path, BagOfWords()) as kept:
        for _ in range(3):
            assert kept.vectors("en", TEXTS[:4])[1].all()
        kept.forget_waiting()
        kept.prune()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "vectors.sqlite can't be used" in caplog.text


def test_looking_whether_something_waits_is_never_told(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.mkdir(parents=True)
    with KeptByBag(path, BagOfWords()) as kept:
        assert (kept.waiting(), kept.can_keep()) == (0, False)
    assert caplog.records == []
