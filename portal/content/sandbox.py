"""Rendering in processes that are killed at a time and memory budget, so that no article can hold up the others.

Workers are forked: the publisher is single-threaded and has the renderer imported already, so that a fork costs a
few milliseconds where a fresh interpreter would cost some three hundred. Calling this from a process with other
threads is not supported.
"""

import time
from collections.abc import Iterable, Iterator
from multiprocessing.connection import wait
from types import TracebackType
from typing import Self

from portal.content._worker import NO_MEMORY, RenderJob, Worker
from portal.content.problem import ArticleInvalid, Problem
from portal.content.rendered import Rendered

__all__ = ["RenderJob", "RenderPool"]


class RenderPool:
    """Renders in at most `processes` children, which start when they are needed and end with the pool."""

    def __init__(self, *, seconds: float, megabytes: int, processes: int) -> None:
        """Set the budget of one article: wall time, and address space beyond what the process begins with."""
        self._seconds = seconds
        self._megabytes = megabytes
        self._processes = processes
        self._workers: list[Worker] = []

    def __enter__(self) -> Self:
        """Return the pool; no process is started yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every process at once, in the middle of an article too."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def map(self, jobs: Iterable[RenderJob]) -> Iterator[tuple[RenderJob, Rendered | ArticleInvalid]]:
        """Render each job; yield it with its result, in the order in which they finish.

        One that takes too long, needs too much or breaks the renderer gives ArticleInvalid, and its process
        is replaced. `jobs` is drawn from only as fast as there are processes free.
        """
        waiting = iter(jobs)
        try:
            while busy := self._begin(waiting):
                yield from self._finished(busy)
        finally:
            for worker in [worker for worker in self._workers if worker.job]:
                self._drop(worker)

    def _begin(self, waiting: Iterator[RenderJob]) -> list[Worker]:
        """Give every process that may run a job while there are any; return the busy ones."""
        while len(busy := [worker for worker in self._workers if worker.job]) < self._processes:
            job = next(waiting, None)
            if job is None:
                break
            self._idle().begin(job, time.monotonic() + self._seconds)
        return busy

    def _idle(self) -> Worker:
        """Return a worker without a job, a new one where all are busy."""
        idle = next((worker for worker in self._workers if not worker.job), None)
        if idle is None:
            idle = Worker(self._megabytes, [worker.pipe for worker in self._workers])
            self._workers.append(idle)
        return idle

    def _finished(self, busy: list[Worker]) -> Iterator[tuple[RenderJob, Rendered | ArticleInvalid]]:
        """Wait for the next answer or deadline; yield what is known then."""
        nearest = min(worker.deadline for worker in busy)
        ready = wait([worker.pipe for worker in busy], max(0.0, nearest - time.monotonic()))
        now = time.monotonic()
        for worker in busy:
            job = worker.job
            if job is None:
                continue
            if worker.pipe in ready:
                result = self._answer(worker, job)
            elif now >= worker.deadline:
                result = _invalid(job, *_too_slow(self._seconds))
                self._drop(worker)
            else:
                continue
            worker.job = None
            yield job, result

    def _answer(self, worker: Worker, job: RenderJob) -> Rendered | ArticleInvalid:
        try:
            answer: object = worker.pipe.recv()
        except (EOFError, OSError):
            self._drop(worker)
            return _invalid(job, *_broken(self._megabytes))
        if isinstance(answer, Rendered):
            return answer
        if isinstance(answer, tuple):
            return ArticleInvalid(answer)
        self._drop(worker)
        if answer == NO_MEMORY:
            return _invalid(job, *_too_large(self._megabytes))
        return _invalid(job, f"rendering failed with {answer}", "Please report this; the text around it may be odd.")

    def _drop(self, worker: Worker) -> None:
        worker.kill()
        self._workers.remove(worker)


def _invalid(job: RenderJob, what: str, mend: str) -> ArticleInvalid:
    return ArticleInvalid([Problem(job.path, job.first_line, what, mend)])


def _too_slow(seconds: float) -> tuple[str, str]:
    what = f"it takes longer than {seconds:g} seconds to render"
    return what, "Look for very long runs of brackets or deep nesting; split a very long article."


def _too_large(megabytes: int) -> tuple[str, str]:
    return f"it needs more than {megabytes} MB to render", "Split the article, or shorten its tables and code."


def _broken(megabytes: int) -> tuple[str, str]:
    what = f"its renderer broke down; most likely it needs more than {megabytes} MB"
    return what, "Split the article, or nest its blocks less deeply."
