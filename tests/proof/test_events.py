"""kill -9 of processes that record, spill and read in: what `flush` acknowledged is there, once."""

import random
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from portal.db import Database
from portal.events import log
from portal.events.queue import Recorder
from portal.events.spill import Spill
from portal.settings import ROOT
from tests.events.builders import a_search
from tests.proof.conftest import Say

KILLS = 60
ROUNDS = 20
SPILLED = 12_000
SINCE = datetime(2000, 1, 1, tzinfo=UTC)

WRITER = """
import secrets, sys
from pathlib import Path
from portal.db import Database
from portal.errors import Unavailable
from portal.events import writer
from portal.events.queue import Recorder
from tests.events.builders import a_search
writer.AWAY_SECONDS = writer.LOOK_SECONDS = 0.02
file, spill, away = map(Path, sys.argv[1:])
class Fickle(Database):
    def session(self):
        if away.exists():
            raise Unavailable("away")
        return super().session()
    def ping(self):
        return not away.exists() and super().ping()
recorder = Recorder(Fickle(f"sqlite:///{file}"), spill, str)
print("ready", flush=True)
while True:
    uids = [secrets.token_hex(16) for _ in range(20)]
    for uid in uids:
        recorder.put(a_search(uid=uid))
    if recorder.flush():
        print(*uids, flush=True)
"""
READER = """
import sys
from pathlib import Path
from portal.db import Database
from portal.events.queue import Recorder
recorder = Recorder(Database(f"sqlite:///{sys.argv[1]}"), Path(sys.argv[2]), str)
print("ready", flush=True)
sys.stdin.read(1)
while any(Path(sys.argv[2]).glob("*.jsonl")):
    recorder.read_in()
"""
APP = """
import json, sys
from pathlib import Path
from portal.db import Database
from portal.events.queue import Recorder
from tests.events.builders import a_search
recorder = Recorder(Database("sqlite:///{file}"), Path("{spill}"), str)
def app(environ, start_response):
    uid = environ["PATH_INFO"][1:]
    recorder.put(a_search(uid=uid))
    start_response("200 OK", [("Content-Length", "0")])
    return []
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "portal.sqlite"
    Database(f"sqlite:///{file}").upgrade()
    return file


def _start(code: str, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, *map(str, arguments)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def _kill(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGKILL)
    return process.communicate()[0]


def _uids(file: Path) -> list[str]:
    database = Database(f"sqlite:///{file}")
    with database.session() as session:
        uids = [event.uid for event in log.read(session, since=SINCE)]
    database.close()
    return uids


def _count(file: Path) -> int:
    with closing(sqlite3.connect(file, timeout=10)) as database:
        return int(database.execute("SELECT COUNT(*) FROM events").fetchone()[0])


def _wait_for_more_than(count: int, file: Path) -> None:
    until = monotonic() + 30
    while _count(file) <= count and monotonic() < until:
        sleep(0.005)


def test_what_was_acknowledged_is_there_once(file: Path, tmp_path: Path, say: Say) -> None:
    spill, away, chance = tmp_path / "spill", tmp_path / "away", random.Random(1)
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        process = _start(WRITER, file, spill, away)
        until = monotonic() + chance.uniform(0, 0.4)
        while monotonic() < until:
            away.unlink() if away.exists() else away.touch()
            sleep(chance.uniform(0, 0.05))
        whole = [line for line in _kill(process).splitlines(keepends=True) if line.endswith("\n")]
        acknowledged.update(uid for line in whole for uid in line.split())
    left = len(list(spill.glob("*.jsonl")))
    Recorder(Database(f"sqlite:///{file}"), spill, str).read_in()
    uids = _uids(file)
    assert acknowledged <= set(uids)
    assert len(uids) == len(set(uids))
    assert [path.name for path in spill.iterdir() if path.suffix != ".new"] == ["lock"]
    say(f"{KILLS} kills, {left} files left behind; {len(acknowledged):,} events acknowledged, 0 lost")


def test_what_was_spilled_is_read_in_once_though_readers_are_killed(file: Path, tmp_path: Path, say: Say) -> None:
    spill, chance = tmp_path / "spill", random.Random(2)
    expected: set[str] = set()
    halfway = 0
    for _ in range(ROUNDS):
        writer = Spill(spill)
        events = [a_search() for _ in range(SPILLED)]
        for start in range(0, SPILLED, 1000):
            writer.write(events[start : start + 1000])
        writer.close()
        before = len(expected)
        expected |= {event.uid for event in events}
        readers = [_start(READER, file, spill) for _ in range(2)]
        for reader in readers:
            assert reader.stdin
            reader.stdin.write("!")
            reader.stdin.flush()
        _wait_for_more_than(before, file)
        sleep(chance.uniform(0, 0.05))
        chance.shuffle(readers)
        _kill(readers[0])
        halfway += before < _count(file) < len(expected)
        _, problems = readers[1].communicate(timeout=60)
        assert readers[1].returncode == 0, problems
        uids = _uids(file)
        assert len(uids) == len(set(uids))
        assert set(uids) == expected
        assert list(spill.glob("*.jsonl")) == []
    say(f"{ROUNDS} readers killed beside another, {halfway} while events came in; {len(expected):,} events once each")


def test_a_worker_that_is_told_to_end_writes_what_it_has(file: Path, tmp_path: Path, say: Say) -> None:
    (tmp_path / "tiny.py").write_text(APP.replace("{file}", str(file)).replace("{spill}", str(tmp_path / "spill")))
    expected: set[str] = set()
    for _ in range(5):
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        command = [sys.executable, "-m", "gunicorn", "tiny:app", "--bind", address, "--workers", "2", "--preload"]
        command += ["--worker-class", "portal.cli.patient_worker.PatientWorker", "--pythonpath", f"{tmp_path},{ROOT}"]
        server = subprocess.Popen(
            [*command, "--threads", "4", "--no-control-socket"], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        _wait_for(address)
        for _ in range(40):
            uid = a_search().uid
            urllib.request.urlopen(f"http://{address}/{uid}").close()
            expected.add(uid)
        server.terminate()
        assert server.wait(30) == 0
    assert expected <= set(_uids(file))
    say(f"5 servers stopped right after 40 requests each; {len(expected)} events, 0 lost")


def _wait_for(address: str) -> None:
    host, port = address.split(":")
    for _ in range(200):
        with suppress(OSError), socket.create_connection((host, int(port)), 0.1):
            return
        sleep(0.05)
    pytest.fail("the server did not start")
