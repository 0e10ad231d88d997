"""Unmet: one person's need that was not met, or only after other words, as a value."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from portal.content.loop import Outcomes
from portal.events.kinds import Searched
from portal.gaps.models import WORDING_LIMIT
from portal.text import cut, one_line
from portal.visits.episodes import Episode
from portal.visits.outcome import NEEDS, Ending, ending, weight

_OFFERED = 10


class Unmet(NamedTuple):
    """A row of `gap_needs`, read; by name alone, please. `wordings` failed, as `as_typed` writes them; never none.

    A tuple, because hundreds of thousands are made at a time.
    """

    uid: str
    visitor: str
    at: datetime
    lang: str
    outcome: str
    weight: float
    wordings: tuple[str, ...]
    """The first one first."""
    offered: tuple[str, ...] = ()
    """Ids of articles that were shown, best first."""
    clicked: tuple[tuple[str, int], ...] = ()
    """Article and position, from 1; 0 for the answer on top."""
    ended_on: str | None = None
    """The article that helped after other words."""
    ended_with: str | None = None
    """Those other words."""
    request: str | None = None
    gap: int | None = None


def unmet(episode: Episode, weights: Outcomes, reading_seconds: Mapping[str, float] | None = None) -> Unmet | None:
    """Return what an episode lacked; None where it ended well at once, or nobody can tell how it ended."""
    return lacked(episode, ending(episode, reading_seconds), weights)


def lacked(episode: Episode, end: Ending, weights: Outcomes) -> Unmet | None:
    """Do as `unmet`, for an episode whose ending is known."""
    if end.outcome not in NEEDS:
        return None
    written = (episode.request.text,) if episode.request else ()
    texts = [as_typed(text) for text in (*(end.failed or episode.wordings), *written)]
    texts = [text for text in dict.fromkeys(texts) if text]
    if not texts:
        return None
    return Unmet(
        uid=episode.uid,
        visitor=episode.visitor,
        at=episode.began,
        lang=episode.lang,
        outcome=end.outcome,
        weight=weight(end.outcome, weights),
        wordings=tuple(texts),
        offered=_offered(episode.searches),
        clicked=tuple(dict.fromkeys((click.article, click.position) for click in episode.clicks)),
        ended_on=end.article,
        ended_with=as_typed(end.wording) if end.wording else None,
        request=(episode.request.request or None) if episode.request else None,
    )


@lru_cache(maxsize=65_536)
def as_typed(text: str) -> str:
    """Return a text as needs keep it: one line, its case kept, cut at a word; empty where nothing is left."""
    return cut(one_line(text), WORDING_LIMIT)


@lru_cache(maxsize=65_536)
def wording(text: str) -> str:
    """Return the wording that a text is, whatever its case: what `gap_wordings` names and people are counted by."""
    return as_typed(as_typed(text).casefold())


def _offered(searches: Iterable[Searched]) -> tuple[str, ...]:
    """Return the articles shown in any of the searches, by the best place that each ever had."""
    lists = {search.offered: None for search in searches}
    if len(lists) == 1:
        return tuple(dict.fromkeys(next(iter(lists))))[:_OFFERED]
    best: dict[str, int] = {}
    for offered in lists:
        for place, article in enumerate(offered):
            best[article] = min(place, best.get(article, place))
    return tuple(sorted(best, key=best.__getitem__)[:_OFFERED])
