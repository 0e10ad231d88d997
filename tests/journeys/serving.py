"""`portal serve` as an operator runs it: a program of its own, on a free port, with a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEP_SECONDS = 0.02
START_SECONDS = 60.0
STOP_SECONDS = 30.0


class TooLate(AssertionError):
    """What was waited for did not come."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    location: str
    text: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Served:
    """A running server and what it left on disk."""

    host: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def get(self, path: str, **headers: str) -> Answer:
        """Ask by a connection of its own, so that any of the server's processes may answer."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, body: str, **headers: str) -> Answer:
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def processes(self) -> set[int]:
        """Every living process that was started with this data folder, however it was started."""
        return {int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and self._owns(folder)}

    def said(self) -> str:
        """All that the server has logged."""
        return self.log.read_text("utf-8", "replace")

    def _owns(self, folder: Path) -> bool:
        with suppress(OSError):
            return f"PORTAL_DATA={self.data}".encode() in (folder / "environ").read_bytes().split(b"\0")
        return False

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        with closing(HTTPConnection(self.host, timeout=60)) as connection:
            connection.request(method, path, body, headers)
            return _answer(connection.getresponse())


@contextmanager
def serve(content: Path, folder: Path, *, command: tuple[str, ...] = (), **environment: str) -> Iterator[Served]:
    """Serve `content` from the folder's `data`, and leave no process behind.

    command: what to run in place of `portal serve`; it finds the address in PORTAL_BIND.
    """
    host, data, log = f"127.0.0.1:{free_port()}", folder / "data", folder / "server.log"
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "GIT_", "COV_"))}
    told = {"PORTAL_CONTENT": str(content), "PORTAL_DATA": str(data), "PORTAL_BIND": host, "PORTAL_ENCODER": "none"}
    env = kept | told | environment
    argv = [part.format(bind=host) for part in command] or [sys.executable, "-m", "portal", "serve"]
    with log.open("ab") as file:
        process = subprocess.Popen(argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    served = Served(host, data, log, process)
    try:
        until(lambda: _answers(served), START_SECONDS, f"a server\n{served.said()}")
        yield served
    finally:
        _stop(served)


def until(is_true: Callable[[], object], seconds: float, what: str) -> float:
    """Ask again and again. Returns the seconds it took; raises TooLate."""
    began = time.monotonic()
    while not is_true():
        if time.monotonic() - began > seconds:
            raise TooLate(f"Waited {seconds} s for {what}")
        time.sleep(STEP_SECONDS)
    return time.monotonic() - began


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(served: Served) -> bool:
    if served.process.poll() is not None:
        raise AssertionError(f"The server ended with {served.process.returncode}:\n{served.said()}")
    with suppress(OSError, HTTPException):
        return served.get("/healthz").status == 200
    return False


def _answer(response: HTTPResponse) -> Answer:
    location, cookie = response.getheader("Location", ""), response.getheader("Set-Cookie", "")
    return Answer(response.status, location, response.read().decode("utf-8", "replace"), cookie.partition(";")[0])


def _stop(served: Served) -> None:
    """Ask the server to end; what has not ended after a while is killed."""
    served.process.terminate()
    with suppress(subprocess.TimeoutExpired):
        served.process.wait(STOP_SECONDS)
    for pid in served.processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    served.process.wait(STOP_SECONDS)
