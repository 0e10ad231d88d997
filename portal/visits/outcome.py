"""Outcomes: what became of a need. Pure.

An outcome is the strongest of an episode's last signals (gaps.md): what went well after something bad counts, and the
other way. What people did shows what became of it; what they said counts for more. So:

1. Whoever wrote to a person, or what they were looking for, was not helped, unless a helpful vote came later.
2. A no to an article is outdone by a helpful vote, or by a later read of another article.
3. A helpful vote is outdone by 1 and 2 alone, if they come later.
4. Else the last search is judged: whether something was opened for it, and how long that was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.content.loop import Outcomes
from portal.events.kinds import Clicked, Searched, Step
from portal.visits.episodes import Episode

STRAIGHT_BACK_SECONDS = 10.0
"""Less, and they came straight back (gaps.md): most pages that are left at all are left within ten seconds, before they
are read (Liu, White and Dumais, SIGIR 2010)."""
READ_SECONDS = 30.0
"""As long as that is always a read: the dwell time from which clicks were found satisfying (Fox et al., TOIS 2005)."""
READ_SHARE = 0.25
"""Share of an article's reading time that is a read: people look for the one section that they need."""
READ_DEPTH = 0.5
"""Whoever came so far, and stayed STRAIGHT_BACK_SECONDS, has read. Alone it says nothing: a short page is all in
sight at once."""


class Outcome(StrEnum):
    """What became of a need, the worst first."""

    CONTACTED = "contacted"
    """They wrote to a person."""
    REQUESTED = "requested"
    """They wrote what they were looking for, or an agent asked for an article."""
    DOWNVOTED = "downvoted"
    """They read an answer, and said that it did not help."""
    GAVE_UP = "gave_up"
    """They tried other words, and left all the same."""
    NO_RESULTS = "no_results"
    """They were told that nothing fits, and left."""
    NO_CLICK = "no_click"
    """They opened nothing, and left."""
    CAME_BACK = "came_back"
    """All that they opened they left within ten seconds."""
    REFINED = "refined"
    """They were helped in the end, by other words than their first."""
    CONFIRMED = "confirmed"
    """They said that it helped."""
    ASSUMED = "assumed"
    """They read an article, and nothing bad followed."""
    UNKNOWN = "unknown"
    """Nobody can tell: no scripts, or a page of which no more was heard."""


UNRESOLVED = frozenset(list(Outcome)[: list(Outcome).index(Outcome.REFINED)])
"""They were not helped."""
RESOLVED = frozenset({Outcome.REFINED, Outcome.CONFIRMED, Outcome.ASSUMED})
"""They were helped, soon or late."""
NEEDS = UNRESOLVED | {Outcome.REFINED}
"""What is worth a writer's look: `gap_needs` has these."""


class Ending(NamedTuple):
    """How an episode ended; all but `outcome` only for those RESOLVED."""

    outcome: Outcome
    article: str | None = None
    """The one that helped."""
    wording: str | None = None
    """The query that led there, as typed."""
    failed: tuple[str, ...] = ()
    """Queries before it that led to nothing; there are some where the outcome is REFINED."""


def judge(episode: Episode, reading_seconds: Mapping[str, float] | None = None) -> Outcome:
    """Return what became of a need. Expects that the visit is over. See `ending`."""
    return ending(episode, reading_seconds).outcome


def weight(outcome: Outcome, weights: Outcomes) -> float:
    """Return how much an outcome weighs, from 0 to 1, as `portal.toml` says; 0 where nobody lacks anything."""
    return float(getattr(weights, outcome.value)) if outcome in NEEDS else 0.0


def ending(episode: Episode, reading_seconds: Mapping[str, float] | None = None) -> Ending:
    """Return what became of a need, and what helped.

    reading_seconds: article id -> how long reading all of it takes; where an article isn't named, every look of
    STRAIGHT_BACK_SECONDS is a read.
    """
    if episode.votes or episode.contacts or episode.request:
        written = _written(episode)
        if written:
            return _PLAIN[written]
    if not episode.searches:
        return _PLAIN[Outcome.UNKNOWN]
    looks = _looks(episode, reading_seconds or {}) if episode.views else {}
    good = _last_good(episode, looks)
    if episode.votes and any(not vote.is_helpful and (good is None or vote.at > good.at) for vote in episode.votes):
        return _PLAIN[Outcome.DOWNVOTED]
    if good is None or (not good.is_said and good.at < episode.searches[-1].at):
        return _PLAIN[_unhelped(episode, looks)]
    if not good.is_said and _is_back_since(episode, looks, good.at):
        return _PLAIN[Outcome.CAME_BACK]
    return _helped(episode, looks, good)


_PLAIN = {outcome: Ending(outcome) for outcome in Outcome}


@dataclass(slots=True)
class _Look:
    """All looks at one article."""

    search: str
    opened: datetime
    seconds: float
    depth: float
    is_read: bool = False
    is_back: bool = False


class _Good(NamedTuple):
    """Something that went well."""

    at: datetime
    article: str | None
    is_said: bool


def _written(episode: Episode) -> Outcome | None:
    """Return what they wrote, if no helpful vote came later."""
    yes = max((vote.at for vote in episode.votes if vote.is_helpful), default=None)
    if any(one.step is Step.SENT and (yes is None or one.at > yes) for one in episode.contacts):
        return Outcome.CONTACTED
    request = episode.request
    return Outcome.REQUESTED if request and (yes is None or request.at > yes) else None


def _looks(episode: Episode, reading_seconds: Mapping[str, float]) -> dict[str, _Look]:
    """Return how long each article that was opened was looked at; a browser tells it anew whenever a page is hidden."""
    looks: dict[str, _Look] = {}
    for view in episode.views:
        look = looks.get(view.article)
        if look is None:
            opened = _opened(episode, view.article, view.at, view.seconds)
            look = looks[view.article] = _Look(view.search, opened, 0.0, 0.0)
        look.seconds = max(look.seconds, view.seconds)
        look.depth = max(look.depth, view.depth)
    for article, look in looks.items():
        enough = min(READ_SECONDS, READ_SHARE * reading_seconds.get(article, 0.0)) if reading_seconds else 0.0
        look.is_back = look.seconds < STRAIGHT_BACK_SECONDS
        look.is_read = not look.is_back and (look.seconds >= enough or look.depth >= READ_DEPTH)
    return looks


def _opened(episode: Episode, article: str, told: datetime, seconds: float) -> datetime:
    """Return when an article was opened: its last click, else as long before it was told of as it was looked at.

    The moment at which it was told says little: a browser tells of a page as it leaves it, often after the next
    search has begun.
    """
    clicked = None
    for click in episode.clicks:
        if click.article == article and click.at <= told:
            clicked = click.at
    return clicked or max(episode.began, told - timedelta(seconds=seconds))


def _last_good(episode: Episode, looks: Mapping[str, _Look]) -> _Good | None:
    """Return the last thing that went well; what they said before what they did."""
    votes = [vote for vote in episode.votes if vote.is_helpful]
    if votes:
        return _Good(votes[-1].at, votes[-1].article, is_said=True)
    good, refused = None, {vote.article for vote in episode.votes}
    for article, look in looks.items():
        if look.is_read and article not in refused and (good is None or look.opened > good.at):
            good = _Good(look.opened, article, is_said=False)
    for one in episode.contacts:
        if one.step is Step.WITHDRAWN and (good is None or one.at > good.at):
            good = _Good(one.at, None, is_said=False)
    return good


def _unhelped(episode: Episode, looks: Mapping[str, _Look]) -> Outcome:
    """Judge the last search, after which nothing went well."""
    final = episode.searches[-1]
    has_refined = len(episode.wordings) > 1
    opened = {click.article for click in episode.clicks if click.at >= final.at}
    if looks:
        opened |= {article for article, look in looks.items() if look.opened >= final.at}
    if opened:
        if not all(_is_back(episode, article, looks) for article in opened):
            return Outcome.UNKNOWN
        return Outcome.GAVE_UP if has_refined else Outcome.CAME_BACK
    if final.hits and not episode.is_watched:
        return Outcome.UNKNOWN
    if has_refined:
        return Outcome.GAVE_UP
    return Outcome.NO_CLICK if final.hits else Outcome.NO_RESULTS


def _is_back(episode: Episode, article: str, looks: Mapping[str, _Look]) -> bool:
    """Whether an article was left within ten seconds, as its page told, or as the next click of this need shows."""
    look = looks.get(article)
    if look:
        return look.is_back
    last: Clicked = max((one for one in episode.clicks if one.article == article), key=lambda one: one.at)
    gaps = ((one.at - last.at).total_seconds() for one in (*episode.clicks, *episode.searches))
    return any(0 < gap < STRAIGHT_BACK_SECONDS for gap in gaps)


def _is_back_since(episode: Episode, looks: Mapping[str, _Look], good: datetime) -> bool:
    """Whether they opened more after the last read, and left all of that at once."""
    later = {click.article for click in episode.clicks if click.at > good}
    return bool(later) and all(_is_back(episode, article, looks) for article in later)


def _helped(episode: Episode, looks: Mapping[str, _Look], good: _Good) -> Ending:
    outcome = Outcome.CONFIRMED if good.is_said else Outcome.ASSUMED
    if len(episode.searches) == 1:
        return Ending(outcome, good.article, episode.wordings[0])
    place = _place(episode, good)
    led = {look.search for look in looks.values() if look.is_read}
    wording, *failed = (
        " ".join(search.query.split())
        for search in (episode.searches[place], *episode.searches[:place])
        if search is episode.searches[place] or search.uid not in led
    )
    return Ending(Outcome.REFINED if failed else outcome, good.article, wording, tuple(failed))


def _place(episode: Episode, good: _Good) -> int:
    """Return which search led to what helped: the one it was clicked for, else the last one before it."""
    searches: tuple[Searched, ...] = episode.searches
    told = [c.search for c in episode.clicks if c.article == good.article and c.at <= good.at]
    told += [view.search for view in episode.views if view.article == good.article]
    for place, search in enumerate(searches):
        if told and search.uid == told[-1]:
            return place
    return max((place for place, search in enumerate(searches) if search.at <= good.at), default=0)
