"""The machine a run happens on, and what its processes hold in memory. Reads /proc, so it needs Linux."""

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_KIBI = 1024
_BLOCK_BYTES = 512


@dataclass(frozen=True, slots=True)
class Memory:
    """What one process has in memory: pages of its own, and pages it shares with others (libraries too)."""

    private_bytes: int
    shared_bytes: int
    share_bytes: int
    """Its own pages and its share of the others: what several processes take together is the sum of these."""


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
    """Return what a process holds now: Private_*, Shared_* and Pss of smaps_rollup."""
    text = (_PROC / f"{pid}/smaps_rollup").read_text("ascii")
    found = {name: int(size) * _KIBI for name, size in re.findall(r"^(\w+): +(\d+) kB$", text, re.MULTILINE)}
    private, shared = (sum(found[f"{kind}_{state}"] for state in ("Clean", "Dirty")) for kind in ("Private", "Shared"))
    return Memory(private, shared, found["Pss"])


def size_on_disk(folder: Path) -> int:
    """Return the bytes that a folder takes on disk; a file with several names counts once."""
    found = {status.st_ino: status.st_blocks for path in folder.rglob("*") if (status := path.lstat())}
    return sum(found.values()) * _BLOCK_BYTES


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", (_PROC / "cpuinfo").read_text("utf-8"), re.MULTILINE)
    return found[1] if found else platform.machine()
