"""Asked: which wordings were asked, by how many people, and what helped them. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from portal.events.kinds import Where
from portal.visits.digest import Judged
from portal.visits.episodes import Episode
from portal.visits.keystrokes import said
from portal.visits.models import TEXT_LIMIT
from portal.visits.outcome import RESOLVED, ending


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
    """Who asked one wording on one day."""

    people: set[str] = field(default_factory=set)
    helped: set[str] = field(default_factory=set)
    articles: Counter[str] = field(default_factory=Counter)

    @property
    def article(self) -> str | None:
        """The article that helped most; the first by name where two did as much."""
        return min(self.articles, key=lambda name: (-self.articles[name], name), default=None)


class AskedTally:
    """Counts the wordings of judged visits, as they come. Holds every wording of every day that it was given."""

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
        for need, outcome in judged.needs:
            if not need.searches:
                continue
            for search in need.searches:
                if search.where is not Where.TYPING:
                    self._of(cells, need.lang, search.query).people.add(visit.visitor)
            if outcome in RESOLVED:
                self._helped(cells, need)

    def _helped(self, cells: dict[tuple[str, str], Askers], need: Episode) -> None:
        end = ending(need)
        askers = cells.get(_key(need.lang, end.wording)) if end.wording else None
        if askers is None:
            return
        askers.helped.add(need.visitor)
        if end.article:
            askers.articles[end.article] += 1

    def _of(self, cells: dict[tuple[str, str], Askers], lang: str, wording: str) -> Askers:
        key = _key(lang, wording)
        askers = cells.get(key)
        if askers is None:
            askers = cells[key] = Askers()
        return askers


def _key(lang: str, wording: str) -> tuple[str, str]:
    return lang, said(wording)[:TEXT_LIMIT].rstrip()
