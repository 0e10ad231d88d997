"""Faults on purpose: processes that die, or whose disk refuses, at a chosen step of a publishing."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

STEPS = ("fsync", "rename", "replace", "symlink", "link")
"""What brings something to disk or gives it a name; `pathlib` and `shutil` go through these as well."""
FAILED = 3
"""Exit code of a child whose work raised."""

Before = Callable[[int, str], None]


def before_each_step(act: Before) -> None:
    """Have `act(number, name)` called before every step that this process, and no child of it, takes from now on."""
    owner, taken = os.getpid(), [0]

    def watched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
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


def fail_fsync_at(number: int, error: int) -> Before:
    """Have the `number`-th step, if it brings something to disk, refused with an errno."""

    def act(taken: int, name: str) -> None:
        if taken == number and name == "fsync":
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
