"""What readers ask for: articles, queries and beginnings of titles, drawn with a fixed seed from what was published."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.asking import words_of
from portal.audience import Level
from portal.bootstrap import bootstrap
from portal.content.page import Card
from portal.search.level import LevelReader
from portal.settings import Settings

QUERIES = 200
REPEATED = 50
"""Queries that many people ask: few enough for each worker to have met them all in its warm-up."""
_LONGEST_BEGINNING = 12
_EVERYTHING = 100_000
_WORD = re.compile(r"\w[\w'-]*")


@dataclass(frozen=True, slots=True)
class Questions:
    """All that is asked of one collection, in its first language."""

    lang: str
    articles: tuple[Card, ...]
    """QUERIES articles, or all where there are fewer."""
    titles: tuple[str, ...]

    def queries(self, seed: int) -> Iterator[str]:
        """Yield words of titles without end, none of them twice."""
        return words_of(self.titles, seed)

    def beginnings(self) -> list[str]:
        """Return QUERIES beginnings of titles, as they stand in the box while somebody types."""
        chance = random.Random(4)
        return [chance.choice(self.titles)[: chance.randint(1, _LONGEST_BEGINNING)] for _ in range(QUERIES)]

    def page_of(self, query: str) -> str:
        """Return the address of the search page for a query."""
        return f"/{self.lang}/search?q={quote(query)}"

    def answer_to(self, query: str) -> str:
        """Return the address of the same search for programs."""
        return f"/api/v1/search?lang={self.lang}&q={quote(query)}"

    def completion_of(self, text: str) -> str:
        """Return the address of the completions of a beginning."""
        return f"/api/v1/complete?lang={self.lang}&q={quote(text)}"


def reader(data: Path) -> LevelReader:
    """Open what the public may see of the live generation."""
    return bootstrap(Settings(data=data)).library.current().level(Level.PUBLIC)


def draw(opened: LevelReader) -> Questions:
    """Draw from what the public may see."""
    lang = opened.shelf.languages()[0]
    cards = opened.shelf.listing(after="", limit=_EVERYTHING, lang=lang)
    chosen = random.Random(3).sample(cards, min(QUERIES, len(cards)))
    return Questions(lang, tuple(chosen), tuple(card.title for card in cards if _WORD.search(card.title)))
