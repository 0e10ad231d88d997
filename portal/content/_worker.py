"""One forked child that renders, and the pipe to it. See `sandbox`, which watches over it."""

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from portal.content.problem import ArticleInvalid, Problem
from portal.content.render import render
from portal.content.rendered import Rendered

NO_MEMORY = "no memory"
"""What a child answers when its budget is used up."""
_FORK = multiprocessing.get_context("fork")
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RenderJob:
    """One body to render; `key` is the caller's own, the rest as for `render`."""

    key: str
    path: str
    text: str
    first_line: int
    lang: str = "en"


class Worker:
    """A child and the pipe to it. `job` is what it works on, until `deadline` on the monotonic clock."""

    def __init__(self, megabytes: int, siblings: list[Connection]) -> None:
        self.pipe, theirs = _FORK.Pipe()
        self.job: RenderJob | None = None
        self.deadline = 0.0
        arguments = (theirs, [*siblings, self.pipe], megabytes, os.getpid())
        self._process: BaseProcess = _FORK.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, job: RenderJob, deadline: float) -> None:
        self.job, self.deadline = job, deadline
        try:
            self.pipe.send(job)
        except OSError:
            return  # It is gone; reading its answer will say so.

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


def _serve(pipe: Connection, not_ours: list[Connection], megabytes: int, parent: int) -> None:
    """Run a child: answer jobs until the parent is gone."""
    for other in not_ours:
        other.close()
    _bind_to(parent)
    _limit(megabytes)
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_outcome(job))


def _outcome(job: RenderJob) -> Rendered | tuple[Problem, ...] | str:
    """Return the article, the problems that keep it back, or the name of what went wrong."""
    try:
        return render(job.path, job.text, job.first_line, job.lang)
    except ArticleInvalid as invalid:
        return invalid.problems
    except MemoryError:
        return NO_MEMORY
    except Exception as error:  # noqa: BLE001 - the outermost loop of this process; whatever it is, the others go on
        return type(error).__name__


def _bind_to(parent: int) -> None:
    """Die when the parent does, and leave Ctrl+C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _limit(megabytes: int) -> None:
    """Bound the address space to what is in use now and `megabytes` more; leave no core files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    used = int(statm.read_text("ascii").split()[0]) * resource.getpagesize() if statm.exists() else 0
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
