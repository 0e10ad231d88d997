"""Figures and the table they are printed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

_MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table for one collection: what was measured, and what came out, with its unit."""

    what: str
    value: str


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least `share` (0-1) of all values do not exceed. Needs one value."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def seconds(values: Sequence[float]) -> str:
    """Say a few durations: the median, and the largest where there are more than one."""
    if len(values) == 1:
        return f"{values[0]:.2f} s"
    return f"{median(values):.2f} s (at most {max(values):.2f}, n={len(values)})"


def milliseconds(values: Sequence[float], *shares: float) -> str:
    """Say percentiles of durations that are given in seconds, such as `0.31 / 0.90 ms`."""
    return " / ".join(f"{percentile(values, share) * 1000:.2f}" for share in shares) + " ms"


def megabytes(size_bytes: float) -> str:
    """Say a size in units of 1024 * 1024 bytes."""
    return f"{size_bytes / _MEBI:.1f} MB"


def table(columns: Mapping[str, Sequence[Figure]]) -> str:
    """Return a Markdown table: a line for each thing measured, in order, and a column for each collection."""
    cells = {name: {figure.what: figure.value for figure in figures} for name, figures in columns.items()}
    whats = dict.fromkeys(figure.what for figures in columns.values() for figure in figures)
    lines = [["what", *columns], ["---"] * (1 + len(columns))]
    lines += [[what, *(cells[name].get(what, "-") for name in columns)] for what in whats]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
