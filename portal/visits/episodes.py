"""Episodes: what belongs to one need within a visit. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from portal.events.kinds import Clicked, Contacted, Event, Requested, Searched, Viewed, Voted, Where
from portal.visits._forming import Forming
from portal.visits.keystrokes import collapse, said
from portal.visits.sessionise import Visit

SOON = timedelta(minutes=2)
"""Longest pause between two searches that mean alike and share neither a word nor a hit (gaps.md)."""
AT_ONCE = timedelta(seconds=45)
"""Longest pause between a search that found nothing and other words for the same: who is told that there is nothing
tries again before thinking of anything else. Without vectors nobody could tell otherwise that they mean alike."""
_SCRIPTED = frozenset({Where.TYPING, Where.WIDGET})
"""Where a script searches, so that one is there."""
_WATCHING = frozenset({Clicked, Viewed})
"""What only a script tells."""

Alike = Callable[[str, str, str], bool]
"""(language, one query, another): whether they mean alike."""


class Episode(NamedTuple):
    """One need of one visitor, from the first search for it to the last sign of it; by name alone, please."""

    uid: str
    """Of its first search; of what they wrote where they never searched."""
    visitor: str
    lang: str
    began: datetime
    ended: datetime
    searches: tuple[Searched, ...]
    """Each once, in order; empty where somebody only wrote what they need."""
    wordings: tuple[str, ...]
    """As typed, each once, in order."""
    clicks: tuple[Clicked, ...] = ()
    """`search` names one of `searches`, or one that is not known."""
    views: tuple[Viewed, ...] = ()
    """Of articles."""
    votes: tuple[Voted, ...] = ()
    contacts: tuple[Contacted, ...] = ()
    request: Requested | None = None
    """What they wrote last."""
    is_watched: bool = True
    """Whether the visitor's browser told of clicks; without scripts nobody knows what was opened."""


def never(_lang: str, _one: str, _other: str) -> bool:
    """Mean nothing alike: the judgement where there are no vectors."""
    return False


def episodes(visit: Visit, alike: Alike = never) -> list[Episode]:
    """Sort a visit's events into needs, in the order in which the needs came up.

    A search joins the latest need of the visit with which it shares a word that says something, or a hit; else the
    one before, if that was at most SOON ago and `alike` says so, or found nothing AT_ONCE before. A need that ended
    in a helpful vote is over. Events that belong to no search, such as an article read from the home page, are in
    no episode. What staff do is their work; only what they ask to be written is a need. Expects a visit that is no
    robot's.
    """
    plain = _plain(visit)
    return [plain] if plain else _sorted(visit, alike)


def _plain(visit: Visit) -> Episode | None:
    """Return the one need of the plainest visit, as most are: a search, and what was opened for it; else None.

    It says what `_sorted` would, in half the time.
    """
    first = visit.events[0]
    if not isinstance(first, Searched) or visit.is_staff or not first.query.strip():
        return None
    clicks, views, ended = [], [], first.at
    for event in visit.events[1:]:
        if isinstance(event, Clicked) and event.search == first.uid:
            clicks.append(event)
            ended = event.at
        elif isinstance(event, Viewed) and event.search == first.uid:
            if event.article:
                views.append(event)
                ended = event.at
        else:
            return None
    return Episode(
        uid=first.uid,
        visitor=first.visitor,
        lang=first.lang,
        began=first.at,
        ended=ended,
        searches=(first,),
        wordings=(_one_line(first.query),),
        clicks=tuple(clicks),
        views=tuple(views),
        is_watched=len(visit.events) > 1 or first.where in _SCRIPTED,
    )


def _sorted(visit: Visit, alike: Alike) -> list[Episode]:
    events = visit.events
    if visit.is_staff:
        events = tuple(event for event in events if isinstance(event, Requested))
    kept, stands_for = collapse([event for event in events if isinstance(event, Searched)])
    sorter = _Sorter({search.uid for search in kept}, stands_for, alike)
    for event in events:
        sorter.put(event)
    is_watched = not _WATCHING.isdisjoint(map(type, events)) or any(search.where in _SCRIPTED for search in kept)
    return [_episode(need, visit.visitor, is_watched=is_watched) for need in sorter.needs]


class _Sorter:
    """Gives each event of a visit to its need."""

    def __init__(self, kept: set[str], stands_for: dict[str, str], alike: Alike) -> None:
        self.needs: list[Forming] = []
        self._kept = kept
        self._stands_for = stands_for
        self._alike = alike
        self._of_search: dict[str, Forming] = {}

    def put(self, event: Event) -> None:
        """Give one event to its need, if it has one."""
        put = _PUT.get(type(event))
        need = put(self, event) if put else None
        if need:
            need.ended = event.at

    def _searched(self, event: Searched) -> Forming | None:
        if event.uid not in self._kept:
            return None
        need = self._find(event) if self.needs else None
        if need is None:
            need = Forming(event)
            self.needs.append(need)
        need.searches.append(event)
        self._of_search[event.uid] = need
        return need

    def _find(self, search: Searched) -> Forming | None:
        fit = [need for need in self.needs if need.searches and need.lang == search.lang and not need.is_over]
        for need in reversed(fit):
            if need.shares(search):
                return need
        last = fit[-1] if fit and fit[-1] is self.needs[-1] else None
        pause = search.at - last.searches[-1].at if last else SOON
        if last is None or pause > SOON:
            return None
        is_again = pause <= AT_ONCE and not last.searches[-1].hits and not last.clicks
        return last if is_again or self._alike(search.lang, last.searches[-1].query, search.query) else None

    def _clicked(self, event: Clicked) -> Forming | None:
        uid = self._stands_for.get(event.search, event.search)
        need = self._of_search.get(uid)
        if need:
            need.clicks.append(event if uid == event.search else replace(event, search=uid))
        return need

    def _viewed(self, event: Viewed) -> Forming | None:
        if not event.article:
            return None
        uid = self._stands_for.get(event.search, event.search)
        need = self._of_search.get(uid) or self._with(event.article)
        if need:
            need.views.append(event if uid == event.search else replace(event, search=uid))
        return need

    def _voted(self, event: Voted) -> Forming | None:
        need = self._with(event.article)
        if need:
            need.votes.append(event)
            need.is_over = event.is_helpful
        return need

    def _contacted(self, event: Contacted) -> Forming | None:
        uid = self._stands_for.get(event.search, event.search)
        need = self._of_search.get(uid) or (self.needs[-1] if self.needs else None)
        if need:
            need.contacts.append(event)
        return need

    def _requested(self, event: Requested) -> Forming | None:
        uid = self._stands_for.get(event.search, event.search)
        need = self._of_search.get(uid)
        if need is None and event.text.strip():
            need = Forming(event)
            self.needs.append(need)
        if need:
            need.request = event
        return need

    def _with(self, article: str) -> Forming | None:
        return next((need for need in reversed(self.needs) if need.has(article)), None)


_PUT: dict[type[Event], Callable[[_Sorter, Any], Forming | None]] = {
    Searched: _Sorter._searched,  # noqa: SLF001 - a table of this class's own methods
    Clicked: _Sorter._clicked,  # noqa: SLF001
    Viewed: _Sorter._viewed,  # noqa: SLF001
    Voted: _Sorter._voted,  # noqa: SLF001
    Contacted: _Sorter._contacted,  # noqa: SLF001
    Requested: _Sorter._requested,  # noqa: SLF001
}


def _episode(need: Forming, visitor: str, *, is_watched: bool) -> Episode:
    searches = tuple(need.searches)
    first = searches[0] if searches else need.began_by
    return Episode(
        uid=first.uid,
        visitor=visitor,
        lang=need.lang,
        began=first.at,
        ended=need.ended,
        searches=searches,
        wordings=_wordings(searches) or (_one_line(need.request.text if need.request else ""),),
        clicks=tuple(need.clicks),
        views=tuple(need.views),
        votes=tuple(need.votes),
        contacts=tuple(need.contacts),
        request=need.request,
        is_watched=is_watched,
    )


def _wordings(searches: Sequence[Searched]) -> tuple[str, ...]:
    if len(searches) == 1:
        return (_one_line(searches[0].query),)
    return tuple({said(search.query): _one_line(search.query) for search in searches}.values())


def _one_line(text: str) -> str:
    return " ".join(text.split())
