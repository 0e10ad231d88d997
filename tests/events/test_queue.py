"""The recorder: never in the way, nothing written before it is redacted, nothing lost that it acknowledged."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import Unavailable
from portal.events import lane, log, writer
from portal.events.kinds import Event, Requested, Searched
from portal.events.privacy import Redactor
from portal.events.queue import Recorder
from portal.settings import ROOT
from tests.events.builders import ADA, NOON, a_search, a_uid
from tests.events.planted import ITEMS, PATTERNS


class Fickle(Database):
    """A database that is away while it is told to be."""

    is_away = False

    def session(self) -> Session:
        if self.is_away:
            raise Unavailable("away")
        return super().session()

    def ping(self) -> bool:
        return not self.is_away and super().ping()


Make = Callable[..., Recorder]


@pytest.fixture
def fickle(migrated_file: Path, tmp_path: Path) -> Iterator[Fickle]:
    file = tmp_path / "portal.sqlite"
    file.write_bytes(migrated_file.read_bytes())
    database = Fickle(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def make(fickle: Fickle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes recorders, which look for the database again at once, and are closed at the end."""
    monkeypatch.setattr(writer, "AWAY_SECONDS", 0.0)
    made: list[Recorder] = []

    def make_one(redact: Callable[[str], str] = lambda text: text, database: Database = fickle) -> Recorder:
        made.append(Recorder(database, tmp_path / "spill", redact))
        return made[-1]

    yield make_one
    for recorder in made:
        recorder.close()


def _written(database: Database) -> list[Event]:
    with database.session() as session:
        return list(log.read(session, since=NOON))


def _spilled(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("spill/*.jsonl")))


def test_what_was_put_is_written(make: Make, fickle: Fickle) -> None:
    recorder, event = make(), a_search()
    recorder.put(event)
    assert recorder.flush()
    assert _written(fickle) == [event]


def test_what_was_put_is_written_to_either_database(make: Make, database: Database) -> None:
    recorder, event = make(database=database), a_search()
    recorder.put(event)
    assert recorder.flush()
    assert _written(database) == [event]


def test_nothing_starts_before_the_first_event(make: Make, tmp_path: Path) -> None:
    threads = threading.active_count()
    recorder = make()
    assert recorder.flush()
    assert threading.active_count() == threads
    assert not (tmp_path / "spill").exists()


def test_there_is_one_thread_however_many_put(make: Make, fickle: Fickle) -> None:
    recorder = make()
    putting = [threading.Thread(target=lambda: [recorder.put(a_search()) for _ in range(50)]) for _ in range(8)]
    for thread in putting:
        thread.start()
    for thread in putting:
        thread.join()
    assert sum(thread.name == "events" for thread in threading.enumerate()) == 1
    assert recorder.flush()
    assert len(_written(fickle)) == 400


def test_while_the_database_is_away_events_are_kept_in_a_file_and_read_in_once_when_it_is_back(
    make: Make, fickle: Fickle, tmp_path: Path
) -> None:
    recorder, events = make(), [a_search() for _ in range(3)]
    fickle.is_away = True
    for event in events[:2]:
        recorder.put(event)
        assert recorder.flush()
    assert _spilled(tmp_path).count(b"\n") == 2
    fickle.is_away = False
    recorder.put(events[2])
    assert recorder.flush()
    assert {event.uid for event in _written(fickle)} == {event.uid for event in events}
    assert _spilled(tmp_path) == b""


def test_a_busy_database_is_away(make: Make, fickle: Fickle, tmp_path: Path) -> None:
    recorder = make()
    with fickle.engine.connect() as holder:
        holder.exec_driver_sql("COMMIT")
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        recorder.put(a_search())
        assert recorder.flush()
        assert _spilled(tmp_path).count(b"\n") == 1
        holder.exec_driver_sql("COMMIT")


def test_what_another_process_left_is_read_in(make: Make, fickle: Fickle) -> None:
    left, recorder = make(), make()
    fickle.is_away = True
    left.put(a_search())
    left.close()
    fickle.is_away = False
    recorder.put(a_search())
    assert recorder.flush()
    assert len(_written(fickle)) == 2


def test_a_command_may_have_it_read_in_at_once(make: Make, fickle: Fickle) -> None:
    recorder = make()
    fickle.is_away = True
    recorder.put(a_search())
    recorder.close()
    with pytest.raises(Unavailable):
        recorder.read_in()
    fickle.is_away = False
    assert recorder.read_in() == 1
    assert len(_written(fickle)) == 1


def test_no_planted_item_reaches_database_spill_file_or_log(
    make: Make, fickle: Fickle, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "portal")
    recorder = make(Redactor(PATTERNS).redact)
    texts = [template.replace("{}", item) for template, item, _ in ITEMS]
    for is_away in (True, False):
        fickle.is_away = is_away
        for text in texts:
            recorder.put(a_search(text))
            request = Requested(uid=a_uid(), at=NOON, visitor=ADA, lang="en", text=text)
            recorder.put(request)
        assert recorder.flush()
        if is_away:
            spilled = _spilled(tmp_path).decode()
            assert spilled.count("\n") == 2 * len(texts)
    recorder.close()
    fickle.close()
    database = b"".join(path.read_bytes() for path in tmp_path.glob("portal.sqlite*")).decode("utf-8", "replace")
    assert "sign in as [e-mail]" in database
    left = [item for _, item, _ in ITEMS for kept in (spilled, database, caplog.text) if item in kept]
    assert left == []


def test_every_text_of_an_event_is_redacted(make: Make, fickle: Fickle) -> None:
    recorder = make(lambda text: text.upper())
    asked: dict[str, Any] = {"query": "q", "corrected": "c", "filters": {"topic": "t"}, "generation": "g"}
    recorder.put(Searched(uid=a_uid(), at=NOON, visitor=ADA, lang="en", **asked))
    recorder.flush()
    (event,) = _written(fickle)
    assert isinstance(event, Searched)
    assert (event.query, event.corrected, event.filters, event.generation) == ("Q", "C", {"topic": "T"}, "g")


def test_an_event_that_cannot_be_redacted_is_not_written_nor_named(
    make: Make, fickle: Fickle, caplog: pytest.LogCaptureFixture
) -> None:
    def redact(text: str) -> str:
        if "secret" in text:
            raise RuntimeError(text)
        return text

    recorder = make(redact)
    recorder.put(a_search("my secret"))
    recorder.put(a_search("harmless"))
    assert not recorder.flush()
    assert [event.query for event in _written(fickle) if isinstance(event, Searched)] == ["harmless"]
    assert "secret" not in caplog.text
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("broken", [None, 5, a_search(uid="u" * 40), a_search("\ud800")])
def test_what_cannot_be_written_costs_itself_and_not_the_others(make: Make, fickle: Fickle, broken: object) -> None:
    recorder = make()
    for event in (a_search(), broken, a_search()):
        recorder.put(event)  # type: ignore[arg-type]
    recorder.flush()
    assert len([event for event in _written(fickle) if event.visitor == ADA]) >= 2


def test_an_event_that_the_database_refuses_costs_itself_and_not_the_others(make: Make, database: Database) -> None:
    recorder, bad = make(database=database), a_search()
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            bad = a_search(uid="nul\x00")
    for event in (a_search(), bad, a_search()):
        recorder.put(event)
    recorder.flush()
    assert len(_written(database)) >= 2


def test_putting_waits_for_nobody_and_says_once_what_was_lost(
    make: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "CAPACITY", 50)
    go_on = threading.Event()

    def redact(text: str) -> str:
        go_on.wait(10)
        return text

    recorder = make(redact)
    began = time.perf_counter()
    for _ in range(1000):
        recorder.put(a_search())
    assert time.perf_counter() - began < 1
    go_on.set()
    assert not recorder.flush()
    assert recorder.flush(), "what is lost is told of once"
    assert caplog.text.count("were lost") == 1


def test_flushing_ends_when_its_time_is_over(make: Make) -> None:
    go_on = threading.Event()

    def redact(text: str) -> str:
        go_on.wait(10)
        return text

    recorder = make(redact)
    recorder.put(a_search())
    assert not recorder.flush(0.05)
    go_on.set()
    assert recorder.flush()


def test_after_closing_an_event_starts_anew(make: Make, fickle: Fickle) -> None:
    recorder = make()
    for _ in range(2):
        recorder.put(a_search())
        recorder.close()
    assert len(_written(fickle)) == 2


def test_a_forked_child_writes_its_own_events_and_not_its_parents(make: Make, fickle: Fickle) -> None:
    recorder, in_child = make(), a_search("child")
    recorder.put(a_search("parent"))
    pid = os.fork()
    if not pid:
        recorder.put(in_child)
        os._exit(0 if recorder.flush() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert recorder.flush()
    assert sorted(event.query for event in _written(fickle) if isinstance(event, Searched)) == ["child", "parent"]


ENDS_WELL = """
import sys
from pathlib import Path
from portal.db import Database
from portal.events.queue import Recorder
from tests.events.builders import a_search
recorder = Recorder(Database(sys.argv[1]), Path(sys.argv[2]), str)
for _ in range(int(sys.argv[3])):
    recorder.put(a_search())
"""


def test_a_process_that_ends_well_writes_what_waits(fickle: Fickle, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        ENDS_WELL,
        f"sqlite:///{tmp_path / 'portal.sqlite'}",
        str(tmp_path / "spill"),
        "500",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    assert len(_written(fickle)) == 500


def test_a_line_of_a_spill_file_is_json(make: Make, fickle: Fickle, tmp_path: Path) -> None:
    recorder = make()
    fickle.is_away = True
    recorder.put(a_search("hello"))
    recorder.flush()
    assert json.loads(json.loads(_spilled(tmp_path))["data"]) == {"query": "hello"}
