"""`portal publish` and `portal serve` as processes of their own, as on a real machine."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from portal.settings import ROOT, Settings

ANNOUNCED = "from portal.cli.main import main; print('begins', flush=True); main()"


@contextmanager
def publisher(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Start `portal publish` in a group of its own, and give it when all its code is loaded."""
    with subprocess.Popen(
        [sys.executable, "-c", ANNOUNCED, "publish"],
        cwd=ROOT,
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begins\n"
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a publisher and all that it started, if they are still there."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def environment(settings: Settings, **others: str) -> dict[str, str]:
    """Return this process's environment with a portal's settings in it, and no others of the kind."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    ours = {"PORTAL_CONTENT": settings.content, "PORTAL_DATA": str(settings.data), "PORTAL_ENCODER": "none"}
    return kept | ours | {"PORTAL_GIT_PROTOCOLS": settings.git_protocols} | others
