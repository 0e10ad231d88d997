"""The machine a run happens on, and what its processes hold in memory. Reads /proc, so it needs Linux."""

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_KIBI = 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """What one process has in memory: pages of its own, and pages it shares with others (libraries too)."""

    private_bytes: int
    shared_bytes: int


def describe() -> str:
    """Say cores, processor, Python and load, but nothing that names the machine."""
    return f"{os.cpu_count()} cores ({_processor()}), Python {platform.python_version()}, load {load()} at the start"


def load() -> str:
    """Return the load averages of the last 1, 5 and 15 minutes; other busy processes spoil every figure."""
    return " ".join((_PROC / "loadavg").read_text("ascii").split()[:3])


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    text = (_PROC / f"{pid}/task/{pid}/children").read_text("ascii")
    return [int(child) for child in text.split()]


def command(pid: int) -> list[str]:
    """Return the command line of a process; empty where it is gone."""
    try:
        return (_PROC / f"{pid}/cmdline").read_text("utf-8").rstrip("\0").split("\0")
    except OSError:
        return []


def memory(pid: int) -> Memory:
    """Return what a process holds now: Private_* and Shared_* of smaps_rollup."""
    found = dict(re.findall(r"^(\w+): +(\d+) kB$", (_PROC / f"{pid}/smaps_rollup").read_text("ascii"), re.MULTILINE))
    private, shared = (
        sum(int(found[f"{kind}_{state}"]) for state in ("Clean", "Dirty")) for kind in ("Private", "Shared")
    )
    return Memory(private * _KIBI, shared * _KIBI)


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", (_PROC / "cpuinfo").read_text("utf-8"), re.MULTILINE)
    return found[1] if found else platform.machine()
