"""How much a run measures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How often each thing is measured, and for how long."""

    edits: int
    """Edits that are published one after the other: enough to meet what happens only now and then."""
    rounds: int
    """Turns that each kind of request has."""
    slice_seconds: float
    """How long each turn takes."""


WHOLE = Size(edits=20, rounds=5, slice_seconds=1.0)
QUICK = Size(edits=5, rounds=2, slice_seconds=0.5)
