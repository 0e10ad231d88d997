"""Found: what one look at all needs came to, as values; `store.write` keeps them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from portal.gaps.models import Cause
from portal.gaps.suggest import Evidence, Proposal

_AT_ONCE = 100
"""Gaps that are written in one transaction: a few hundredths of a second, so that no vote waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One gap as it is now: a new one, or what has changed of one that is known.

    `wordings` and `needs` are only those that are not there yet.
    """

    gap: int | None
    """Its number; None for a new one."""
    lang: str
    people: int
    people_a_week: float
    weight: float
    trend: tuple[int, ...]
    last_at: datetime
    title: str = ""
    cause: Cause = Cause.MISSING
    topic: str | None = None
    article: str | None = None
    evidence: Evidence = field(default_factory=Evidence)
    proposal: Proposal = field(default_factory=Proposal)
    is_fresh: bool = True
    """False: only the figures change."""
    is_back: bool = False
    """A dismissed gap that has doubled."""
    wordings: tuple[tuple[str, str], ...] = ()
    """Language and text."""
    needs: tuple[str, ...] = ()
    """uids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that changes. Empty where nothing does."""

    found: tuple[Found, ...] = ()
    absorbed: tuple[tuple[int, int], ...] = ()
    """(gap, into): suggested gaps all of whose wordings belong to another by now."""
    faded: tuple[int, ...] = ()
    """Suggested gaps that nobody has had within the window."""
    loose_wordings: tuple[int, ...] = ()
    """Ids of wordings that belong to no gap any more."""
    loose_needs: tuple[str, ...] = ()
    """uids of needs that belong to no gap any more."""

    @property
    def new(self) -> int:
        """How many gaps are new."""
        return sum(one.gap is None for one in self.found)

    def parts(self) -> "Iterator[Findings]":
        """Give all of it in pieces, each small enough for one transaction; written in order they come to the same."""
        for start in range(0, len(self.found), _AT_ONCE):
            yield Findings(found=self.found[start : start + _AT_ONCE])
        yield Findings(
            absorbed=self.absorbed,
            faded=self.faded,
            loose_wordings=self.loose_wordings,
            loose_needs=self.loose_needs,
        )
