"""Faults on purpose: processes that die, or whose disk refuses, at a chosen step of a publishing."""

import os
import signal
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

STEPS = ("fsync", "rename", "replace", "symlink", "link")
"""What brings something to disk or gives it a name; `pathlib` and `shutil` go through these as well."""
FAILED = 3
"""Exit code of a child whose work raised."""

Before = Callable[[int, str], None]
Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def before_each_step(act: Before) -> None:
    """Have `act(number, name)` called before every step that this process, and no child of it, takes from now on."""
    owner, taken = os.getpid(), [0]

    def watched(name: str, real: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
        def step(*arguments: Arguments.args, **named: Arguments.kwargs) -> Answer:
            if os.getpid() == owner:
                taken[0] += 1
                act(taken[0], name)
            return real(*arguments, **named)

        return step

    for name in STEPS:
        setattr(os, name, watched(name, getattr(os, name)))


def die_at(number: int) -> Before:
    """Kill this process and its children, as a power cut would, before its `number`-th step."""

    def act(taken: int, _name: str) -> None:
        if taken == number:
            os.killpg(0, signal.SIGKILL)

    return act


def die_after(*names: str) -> Before:
    """Kill this process and its children before the step with which its latest steps have these names."""
    latest: list[str] = []

    def act(_taken: int, name: str) -> None:
        latest.append(name)
        if latest[-len(names) :] == list(names):
            os.killpg(0, signal.SIGKILL)

    return act


def refuse_fsync(nth: int, error: int) -> Before:
    """Have the disk refuse, with an errno, the n-th time that something is to be brought to it."""
    asked = [0]

    def act(_taken: int, name: str) -> None:
        asked[0] += name == "fsync"
        if name == "fsync" and asked[0] == nth:
            raise OSError(error, os.strerror(error))

    return act


def in_child(work: Callable[[], object], before: Before | None = None) -> int:
    """Do some work in a forked process with a group of its own; return its exit code, negative for a signal."""
    child = start(work, before)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def start(work: Callable[[], object], before: Before | None = None) -> int:
    """Start some work in a forked process with a group of its own; return its id, to be waited for."""
    child = os.fork()
    if child:
        return child
    code = FAILED
    try:
        os.setsid()
        if before:
            before_each_step(before)
        work()
        code = 0
    except BaseException as error:  # noqa: BLE001 - a fork must never go on with its parent's tests
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201
    finally:
        os._exit(code)
