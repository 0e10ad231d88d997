"""What readers ask for: articles, queries and beginnings of titles, drawn with a fixed seed from what was published."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.audience import Level
from portal.bootstrap import bootstrap
from portal.content.shelf import Card
from portal.search.level import LevelReader
from portal.settings import Settings

QUERIES = 200
REPEATED = 50
"""Queries that many people ask: few enough for each worker to have met them all in its warm-up."""
_MOST_WORDS = 4
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
        """Yield queries of 1 to 4 words of a title in their order, none of them twice; ends when it finds no more."""
        chance, seen, misses = random.Random(seed), set[str](), 0
        while misses < QUERIES:
            words = _WORD.findall(chance.choice(self.titles))
            places = sorted(chance.sample(range(len(words)), min(len(words), chance.randint(1, _MOST_WORDS))))
            query = " ".join(words[place] for place in places)
            misses = misses + 1 if query in seen else 0
            if query and query not in seen:
                seen.add(query)
                yield query

    def beginnings(self) -> list[str]:
        """Return QUERIES beginnings of titles, as they stand in the box while somebody types."""
        chance = random.Random(4)
        return [chance.choice(self.titles)[: chance.randint(1, _LONGEST_BEGINNING)] for _ in range(QUERIES)]

    def search_paths(self, queries: Sequence[str] | Iterator[str], *, page: bool = False) -> Iterator[str]:
        """Return the addresses of searches: of the API, or of the page."""
        where = f"/{self.lang}/search?q=" if page else f"/api/v1/search?lang={self.lang}&q="
        return (where + quote(query) for query in queries)

    def completion_paths(self) -> Iterator[str]:
        """Return the addresses of completions."""
        return (f"/api/v1/complete?lang={self.lang}&q={quote(text)}" for text in self.beginnings())


def reader(data: Path) -> LevelReader:
    """Open what the public may see of the live generation."""
    return bootstrap(Settings(data=data)).library.current().level(Level.PUBLIC)


def draw(opened: LevelReader) -> Questions:
    """Draw from what the public may see."""
    lang = opened.shelf.languages()[0]
    cards = opened.shelf.listing(after="", limit=_EVERYTHING, lang=lang)
    chosen = random.Random(3).sample(cards, min(QUERIES, len(cards)))
    return Questions(lang, tuple(chosen), tuple(card.title for card in cards if _WORD.search(card.title)))
