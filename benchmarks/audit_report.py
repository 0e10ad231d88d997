"""The audit's table, its goals, and what missed them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.audit_kinds import Kind
from benchmarks.audit_tools import CATEGORIES, Lights

GOALS = dict(zip(CATEGORIES, (95, 100, 100, 100), strict=True))
"""The least score of each category."""
_HEADINGS = ("collection", "page", "html-validate", "Lighthouse p / a / b / s", "LCP", "CLS", "bytes")
_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One page, and what the tools said of it."""

    collection: str
    kind: Kind
    wrong: str
    """What is wrong with the answer itself; then Lighthouse was not asked."""
    markup: tuple[str, ...]
    """What html-validate found."""
    lights: Lights | None

    @property
    def misses(self) -> tuple[str, ...]:
        """Return each goal that was missed, and why."""
        return tuple(self._misses())

    def _misses(self) -> Iterator[str]:
        if self.wrong:
            yield self.wrong
        if self.markup:
            yield f"{len(self.markup)} errors of markup"
        if self.lights:
            scored = zip(CATEGORIES, self.lights.scores, strict=True)
            yield from (f"{name} {score}, not {GOALS[name]}" for name, score in scored if score < GOALS[name])


def table(rows: Sequence[Row]) -> str:
    """Return a Markdown table, with a line for each page."""
    lines = [_HEADINGS, ("---",) * len(_HEADINGS), *map(_cells, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def missed(rows: Sequence[Row]) -> list[str]:
    """Return what must be mended, in lines; the last one says how many pages there are, and how many miss a goal."""
    bad = [row for row in rows if row.misses]
    lines = [line for row in bad for line in _why(row)]
    return [*lines, f"{len(rows) - len(bad)} passed, {len(bad)} failed"]


def _cells(row: Row) -> tuple[str, ...]:
    start = (row.collection, row.kind.name, str(len(row.markup)))
    if row.lights is None:
        return (*start, row.wrong, "-", "-", "-")
    lights = row.lights
    scores = " / ".join(map(str, lights.scores))
    return (*start, scores, f"{lights.lcp_seconds:.2f} s", f"{lights.cls:.3f}", f"{lights.total_bytes:,}")


def _why(row: Row) -> list[str]:
    lights = row.lights.faults if row.lights else ()
    found = [*row.markup[:_MOST_LINES], *lights]
    return [
        f"{row.collection}, {row.kind.name} ({row.kind.path}): {', '.join(row.misses)}",
        *(f"    {one}" for one in found),
    ]
