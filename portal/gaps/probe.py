"""Probe: the help centre, asked in other ways than visitors may."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.audience import Audience, Level, Status
from portal.gaps.suggest import Reference
from portal.search.generation import Generation
from portal.search.hits import Query
from portal.search.level import LevelReader
from portal.search.rankings import Ranking

MOST = 10
"""Articles of a page: what nobody finds there, few look for behind it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a search came to: ids, best first, the nearest ones where nothing answers."""

    articles: tuple[str, ...] = ()
    confidence: float = 0.0
    is_answered: bool = False
    """Whether the page calls them hits."""
    corrected: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an article, whoever may see it."""

    article: Reference
    topic: str | None = None
    audience: str = Audience.PUBLIC
    status: str = Status.PUBLISHED
    is_public: bool = True
    """Whether every visitor sees it today."""
    review_by: date | None = None
    translations: Mapping[str, str] | None = None
    """Language -> id."""


class Probe(Protocol):
    """Searches the live help centre. What it can't try it answers with None."""

    @property
    def generation(self) -> str:
        """Name of what is searched."""

    def typed(self, text: str, lang: str) -> Look:
        """Search as a visitor does."""

    def verbatim(self, text: str, lang: str) -> Look:
        """Search without correcting any word."""

    def hidden(self, text: str, lang: str) -> Look | None:
        """Search among all that staff see, drafts too; None where that is no more than visitors see."""

    def elsewhere(self, text: str, lang: str) -> Mapping[str, Look]:
        """Search each other language."""

    def known(self, articles: Collection[str]) -> Mapping[str, Known]:
        """Return what is known of these articles; those that are gone are left out."""

    def text(self, article: str) -> str:
        """Return an article's title and text; empty where it is gone."""


class LiveProbe:
    """Probes one generation."""

    def __init__(self, generation: Generation) -> None:
        """Probe a generation: the live one, or one that was built to be tried."""
        self._generation = generation
        self._floor = generation.site.search.floor
        self._public = generation.level(Level.PUBLIC)
        self._staff = generation.level(Level.STAFF)
        self._known: dict[str, Known | None] = {}

    @property
    def generation(self) -> str:
        """Name of what is searched."""
        return self._generation.name

    def typed(self, text: str, lang: str) -> Look:
        """Search as a visitor does."""
        return self._look(self._public, Query(text=text, lang=lang))

    def verbatim(self, text: str, lang: str) -> Look:
        """Search without correcting any word."""
        return self._look(self._public, Query(text=text, lang=lang, is_verbatim=True))

    def hidden(self, text: str, lang: str) -> Look | None:
        """Search among all that staff see, drafts too; None where that is no more than visitors see."""
        return None if self._staff is self._public else self._look(self._staff, Query(text=text, lang=lang))

    def elsewhere(self, text: str, lang: str) -> dict[str, Look]:
        """Search each other language, in full sight of staff: what is not translated may not be public either."""
        others = [other for other in self._public.shelf.languages() if other != lang]
        return {other: self._look(self._public, Query(text=text, lang=other)) for other in others}

    def known(self, articles: Collection[str]) -> dict[str, Known]:
        """Return what is known of these articles; those that are gone are left out."""
        for one in articles:
            if one not in self._known:  # nothing of a generation ever changes
                self._known[one] = self._know(one)
        return {one: known for one in articles if (known := self._known[one]) is not None}

    def _know(self, article: str) -> Known | None:
        page = self._staff.shelf.page(article)
        if page is None:
            return None
        return Known(
            article=Reference(
                id=page.card.id, title=page.card.title, path=page.path, url=page.card.url, lang=page.card.lang
            ),
            topic=page.card.topic,
            audience=page.card.audience,
            status=page.card.status,
            is_public=page.card.id in self._public.shelf.cards([article]),
            review_by=page.review_by,
            translations={one.lang: one.url for one in page.translations},
        )

    def text(self, article: str) -> str:
        """Return an article's title and text; empty where it is gone."""
        page = self._staff.shelf.page(article)
        return f"{page.card.title}\n{page.markdown}" if page else ""

    def _look(self, reader: LevelReader, query: Query) -> Look:
        ranking = reader.rank(query, MOST)
        return Look(
            articles=tuple(one.article for one in ranking.ranked),
            confidence=ranking.confidence or 0.0,
            is_answered=bool(ranking.ranked) and self._is_answered(ranking),
            corrected=ranking.corrected,
        )

    def _is_answered(self, ranking: Ranking) -> bool:
        return ranking.is_exact or ranking.confidence is None or ranking.confidence >= self._floor
