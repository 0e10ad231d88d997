"""Robots that don't say so: visits that no person could have made."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.events.kinds import Searched
from portal.visits.keystrokes import collapse
from portal.visits.sessionise import Visit

MOST_A_MINUTE = 20
"""Different searches that a person may make within a minute. One each three seconds, without looking at an answer, is
about what a fast typist (52 words a minute are usual: Dhakal et al., CHI 2018) could type of two words a query."""
MOST_A_VISIT = 100
"""Different searches that a person may make in one visit: the cut-off by which studies of search logs have told people
from programs (Jansen and Spink, 2006; discussed by Duskin and Feitelson, 2009)."""
_MINUTE = timedelta(minutes=1)


def is_robot(visit: Visit) -> bool:
    """Whether a program searched. What was being typed, and what was asked again, is one search. Staff are people."""
    if len(visit.events) <= MOST_A_MINUTE or visit.is_staff:
        return False
    kept, _ = collapse([event for event in visit.events if isinstance(event, Searched)])
    return len(kept) > MOST_A_VISIT or _are_too_many_at_once([search.at for search in kept])


def _are_too_many_at_once(moments: Sequence[datetime]) -> bool:
    """Whether any minute, wherever it begins, has more than MOST_A_MINUTE."""
    return any(later - earlier < _MINUTE for earlier, later in zip(moments, moments[MOST_A_MINUTE:], strict=False))
