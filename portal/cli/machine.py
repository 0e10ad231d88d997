"""The machine that a measurement ran on, as figures have to name it."""

import os
import platform
from contextlib import suppress
from pathlib import Path


def describe() -> str:
    """Say cores, processor, Python and load, but nothing that names the machine."""
    load = " ".join(f"{one:.2f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores ({_processor()}), Python {platform.python_version()}, load {load}"


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.machine()
