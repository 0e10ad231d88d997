"""Asked: which wordings were asked, by how many people, and what helped them. Pure."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.events.kinds import Where
from portal.visits.digest import Judged
from portal.visits.keystrokes import said
from portal.visits.models import TEXT_LIMIT
from portal.visits.outcome import RESOLVED, Ending

_KEYS_KEPT = 65_536


@dataclass(frozen=True, slots=True)
class Asked:
    """A wording of some days."""

    lang: str
    text: str
    """As `said` writes it."""
    people: int
    """Different people who asked it."""
    resolved: int
    """Different people whom an article helped that they found by it."""
    article: str | None
    """The article that helped most of them."""


@dataclass(slots=True)
class Askers:
    """Who asked one wording on one day; each visitor once, since visits come by visitor."""

    people: list[str]
    helped: list[str] | None = None
    articles: dict[str, int] | None = None
    """Article -> how often it helped. Most wordings of a day help nobody, so there is nothing to hold."""

    def help(self, visitor: str, article: str | None) -> None:
        """Note that somebody was helped."""
        if self.helped is None:
            self.helped, self.articles = [], {}
        if self.helped[-1:] != [visitor]:
            self.helped.append(visitor)
        if article and self.articles is not None:
            self.articles[article] = self.articles.get(article, 0) + 1

    @property
    def article(self) -> str | None:
        """The article that helped most; the first by name where two did as much."""
        articles = self.articles or {}
        return min(articles, key=lambda name: (-articles[name], name), default=None)


class AskedTally:
    """Counts the wordings of judged visits, as they come, by visitor. Holds every wording of every day it was given."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.cells: dict[date, dict[tuple[str, str], Askers]] = {}
        """Day -> (language, text) -> who."""

    def add(self, judged: Judged) -> None:
        """Count one visit's needs. Staff ask nothing, and what was typed when a suggestion was chosen is no wording."""
        visit = judged.visit
        if visit.is_staff:
            return
        cells = self.cells.setdefault(visit.began.date(), {})
        for (need, outcome), end in zip(judged.needs, judged.endings, strict=True):
            for search in need.searches:
                if search.where is not Where.TYPING:
                    key = _key(need.lang, search.query)
                    askers = cells.get(key)
                    if askers is None:
                        cells[key] = Askers([visit.visitor])
                    elif askers.people[-1] != visit.visitor:
                        askers.people.append(visit.visitor)
            if outcome in RESOLVED and need.searches:
                _note_help(cells, need.lang, need.visitor, end)


def _note_help(cells: dict[tuple[str, str], Askers], lang: str, visitor: str, end: Ending) -> None:
    askers = cells.get(_key(lang, end.wording)) if end.wording else None
    if askers:
        askers.help(visitor, end.article)


@lru_cache(maxsize=_KEYS_KEPT)
def _key(lang: str, wording: str) -> tuple[str, str]:
    return lang, said(wording)[:TEXT_LIMIT].rstrip()
