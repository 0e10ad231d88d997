"""Findings: what `portal doctor` says of one thing that it looked at."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    """The portal runs, with less than it could have."""
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    verdict: Verdict
    said: str
    mend: str = ""

    def __str__(self) -> str:
        """Put it in one line."""
        return f"{self.verdict:<5}{self.what}: {self.said} {self.mend}".rstrip()


def age(at: datetime, before: datetime) -> str:
    """Return how long ago something was, such as 3 min, 5 h, 12 d."""
    minutes = max(0, int((at - before).total_seconds() // 60))
    for size, unit in ((60 * 24, "d"), (60, "h")):
        if minutes >= size:
            return f"{minutes // size} {unit}"
    return f"{minutes} min"
