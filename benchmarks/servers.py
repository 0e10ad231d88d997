"""Servers under test: `portal serve`, and beside it the same gunicorn with an empty view. Always stopped again."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from benchmarks import machine
from benchmarks.material import ROOT, Repository
from benchmarks.publishing import environment

HOST = "127.0.0.1"
WORKERS = 2
_START_SECONDS = 120
_STOP_SECONDS = 15
_LOOK_SECONDS = 0.02
_LAST_WORDS = 2000
"""Characters of a server's log that are shown when it does not start."""


@dataclass(frozen=True, slots=True)
class Server:
    """A gunicorn that answers."""

    port: int
    master: int
    """The process id of gunicorn's master."""
    top: int
    """The process id of what was started: the master's supervisor, or the master itself."""
    start_seconds: float
    """From its start to the first answer with 200."""

    def workers(self) -> list[int]:
        """Return the process ids of its workers."""
        return machine.children(self.master)

    def processes(self) -> list[int]:
        """Return the process ids of all that belongs to it."""
        found = [self.top]
        for pid in found:
            found += machine.children(pid)
        return found


@contextmanager
def portal_serving(repository: Repository, data: Path) -> Iterator[Server]:
    """Run `portal serve` as anyone would, on a free port."""
    port = _free_port()
    command = [sys.executable, "-m", "portal", "serve"]
    own = f"{HOST}:{port}"
    bind = {"PORTAL_BIND": own, "PORTAL_BASE_URL": f"http://{own}", "PORTAL_WORKERS": str(WORKERS)}
    with _running(command, environment(repository, data) | bind, data.with_name("portal.log")) as process:
        took = _wait_until(lambda: get(port, "/readyz") is not None, process)
        yield Server(port, _gunicorn_below(process.pid), process.pid, took)


@contextmanager
def empty_view_serving(like: Server, folder: Path) -> Iterator[Server]:
    """Run the empty view with the very command that runs the portal, but for the app and the port."""
    port = _free_port()
    other = {"wsgi:app": "benchmarks.empty:app", f"{HOST}:{like.port}": f"{HOST}:{port}"}
    command = [other.get(word, word) for word in machine.command(like.master)]
    with _running(command, os.environ, folder / "empty.log") as process:
        took = _wait_until(lambda: get(port, "/") is not None, process)
        yield Server(port, process.pid, process.pid, took)


def wait_until_printed(data: Path) -> None:
    """Wait until the pages of what is live are printed, as they are soon after each publishing."""
    until = monotonic() + _START_SECONDS
    while monotonic() < until:
        live = (data / "generations" / "current").readlink()
        if any((data / "printed").glob(f"{live}.*.sqlite")):
            return
        sleep(_LOOK_SECONDS)
    message = "the pages were not printed in time"
    raise TimeoutError(message)


def get(port: int, path: str) -> bytes | None:
    """Ask once, on a connection of its own; None where nobody answers, or not with 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return body if answer.status == http.HTTPStatus.OK else None


@contextmanager
def _running(command: Sequence[str], environ: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a process group of its own, so that Ctrl-C reaches it through us, once and in order."""
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=said, stderr=said, start_new_session=True)
        try:
            yield process
        except (OSError, _DidNotStartError) as error:
            raise SystemExit(f"{' '.join(command[1:])}: {error}\n{log.read_text('utf-8')[-_LAST_WORDS:]}") from error
        finally:
            _stop(process)


class _DidNotStartError(Exception):
    """A server ended, or did not answer in time."""


def _wait_until(is_ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> float:
    """Wait until a process that was started just now answers; return the seconds. Raises _DidNotStartError."""
    began = monotonic()
    deadline = began + _START_SECONDS
    while not is_ready():
        if process.poll() is not None or monotonic() > deadline:
            raise _DidNotStartError("it does not answer.")
        sleep(_LOOK_SECONDS)
    return monotonic() - began


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a server to stop; kill its whole group where it does not in time."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _gunicorn_below(supervisor: int) -> int:
    return next(pid for pid in machine.children(supervisor) if "gunicorn" in machine.command(pid))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
