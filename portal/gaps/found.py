"""Found: what one look at all needs came to, as values; `store.write` keeps them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from portal.gaps.models import Cause
from portal.gaps.suggest import Evidence, Proposal

_GAPS_AT_ONCE = 50
_NEEDS_AT_ONCE = 2000
"""What is written in one transaction: a few hundredths of a second, so that no vote waits."""


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
    moves: tuple[tuple[str, int | tuple[str, str]], ...] = ()
    """uid of a need, and its gap: by number, or by one of its wordings. Made by `parts`."""
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
        """Give all of it in pieces, each small enough for one transaction; written in order they come to the same.

        Needs come after all gaps: those of a new one find it by the first of its wordings.
        """
        for start in range(0, len(self.found), _GAPS_AT_ONCE):
            some = self.found[start : start + _GAPS_AT_ONCE]
            yield Findings(found=tuple(replace(one, needs=()) for one in some))
        moves = [(uid, one.gap or one.wordings[0]) for one in self.found for uid in one.needs]
        for start in range(0, len(moves), _NEEDS_AT_ONCE):
            yield Findings(moves=tuple(moves[start : start + _NEEDS_AT_ONCE]))
        yield replace(self, found=())
