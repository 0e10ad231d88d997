"""A need while its events come in, and what ties a search to it."""

from functools import lru_cache

from portal.events.kinds import Clicked, Contacted, Event, Requested, Searched, Viewed, Voted
from portal.search.query import words_that_say_little
from portal.search.words.languages import words

FIRST_HITS = 3
"""Hits among which an article that was clicked before must stand to tie a search to it. Of ten in a small help centre,
some are always the same."""
_STEMS_KEPT = 50_000


class Forming:
    """A need while its events come in."""

    __slots__ = ("began_by", "clicks", "contacts", "ended", "is_over", "lang", "request", "searches", "views", "votes")

    def __init__(self, first: Event) -> None:
        self.began_by = first
        self.lang = first.lang
        self.ended = first.at
        self.searches: list[Searched] = []
        self.clicks: list[Clicked] = []
        self.views: list[Viewed] = []
        self.votes: list[Voted] = []
        self.contacts: list[Contacted] = []
        self.request: Requested | None = None
        self.is_over = False

    def shares(self, search: Searched) -> bool:
        """Whether a search has a word or a hit of this need."""
        mine = stems(search.lang, search.query)
        if any(not mine.isdisjoint(stems(one.lang, one.query)) for one in self.searches):
            return True
        if not search.hits or not search.offered:
            return False
        top, first = search.offered[0], search.offered[:FIRST_HITS]
        is_same_on_top = any(one.hits and one.offered[:1] == (top,) for one in self.searches)
        return is_same_on_top or any(click.article in first for click in self.clicks)

    def has(self, article: str) -> bool:
        """Whether an article was opened, or at least offered, for this need."""
        is_clicked = any(click.article == article for click in self.clicks)
        is_viewed = any(view.article == article for view in self.views)
        return is_clicked or is_viewed or any(article in search.offered for search in self.searches)


@lru_cache(maxsize=_STEMS_KEPT)
def stems(lang: str, text: str) -> frozenset[str]:
    """Return the words of a query that say something, as the index compares them; all, where none does.

    Forms of one character are none: scripts without blanks have pairs of characters beside them, which tell more.
    """
    found = frozenset(word.text for word in words(text, lang) if len(word.text) > 1)
    return found - words_that_say_little(lang) or found
