"""LevelReader: all that one reading level may see of one generation: its shelf, its indexes, its completions.

A level's folder holds the shelf and, for each language, a folder with its index and its completions. Words of
articles that the level may not see are in none of them.
"""

import threading
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from portal.content.page import Card
from portal.content.shelf import Shelf
from portal.search.complete import Completions, write_completions
from portal.search.document import IndexDocument
from portal.search.highlight import mark, snippet
from portal.search.hits import Completion, Hit, Query, ResultPage
from portal.search.query import read
from portal.search.text_index import Ranked, Ranking, TextIndex, write_index

SHELF = "shelf.sqlite"
COMPLETIONS = "completions.sqlite"
FEW = 3
"""Fewer hits than this in the page's language, and other languages are looked through as well."""
MOST_ELSEWHERE = 3


def write_level_index(
    folder: Path, lang: str, documents: Iterable[IndexDocument], completions: Iterable[Completion]
) -> int:
    """Write one language of a level below the level's folder; return the number of sections."""
    count = write_index(folder / lang, lang, documents)
    write_completions(folder / lang / COMPLETIONS, completions)
    return count


class LevelReader:
    """Reads one level of one generation; safe for threads, and opens each file when it is first needed."""

    def __init__(self, folder: Path) -> None:
        """folder: the level's, complete and never changed again."""
        self._folder = folder
        self._lock = threading.Lock()
        self._indexes: dict[str, TextIndex] = {}
        self._completions: dict[str, Completions] = {}

    @cached_property
    def shelf(self) -> Shelf:
        """The level's pages."""
        return Shelf(self._folder / SHELF)

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        return tuple(sorted(found.name for found in self._folder.iterdir() if found.is_dir()))

    def search(self, query: Query, *, offset: int, limit: int) -> ResultPage:
        """Return one page of hits in the query's language; the first page of few also has hits in others."""
        asked = replace(query, text=read(query.text))
        offset, limit = max(offset, 0), max(limit, 0)
        ranking = self._rank(asked, asked.lang, offset + limit)
        elsewhere = self._elsewhere(asked) if offset == 0 and ranking.total < FEW else ()
        return ResultPage(
            query=query,
            hits=self._hits(ranking, ranking.ranked[offset:], asked.lang),
            total=ranking.total,
            offset=offset,
            limit=limit,
            elsewhere=elsewhere,
        )

    def complete(self, text: str, lang: str, limit: int) -> tuple[Completion, ...]:
        """Return titles and headings of one language that go on from what was typed."""
        if lang not in self._languages:
            return ()
        with self._lock:
            if lang not in self._completions:
                self._completions[lang] = Completions(self._folder / lang / COMPLETIONS)
        return self._completions[lang].starting_with(text, limit)

    def close(self) -> None:
        """Close all files; whatever is asked later opens them again."""
        with self._lock:
            for index in self._indexes.values():
                index.close()
            for completions in self._completions.values():
                completions.close()
            self.shelf.close()

    def _elsewhere(self, query: Query) -> tuple[Hit, ...]:
        """Return the best hits of the other languages, each language's best before any second best."""
        found: list[tuple[int, Hit]] = []
        for lang in self._languages:
            if lang != query.lang:
                ranking = self._rank(query, lang, MOST_ELSEWHERE)
                found += enumerate(self._hits(ranking, ranking.ranked, lang))
        found.sort(key=lambda pair: pair[0])
        return tuple(hit for _, hit in found[:MOST_ELSEWHERE])

    def _rank(self, query: Query, lang: str, want: int) -> Ranking:
        if lang not in self._languages:
            return Ranking()
        return self._index(lang).search(query.text, topic=query.topic, tag=query.tag, want=want)

    def _index(self, lang: str) -> TextIndex:
        with self._lock:
            if lang not in self._indexes:
                self._indexes[lang] = TextIndex(self._folder / lang, lang)
            return self._indexes[lang]

    def _hits(self, ranking: Ranking, ranked: tuple[Ranked, ...], lang: str) -> tuple[Hit, ...]:
        cards = self.shelf.cards([one.article for one in ranked]) if ranked else {}
        return tuple(self._hit(one, cards[one.article], ranking.words, lang) for one in ranked if one.article in cards)

    def _hit(self, ranked: Ranked, card: Card, words: frozenset[str], lang: str) -> Hit:
        section = self._index(lang).section(ranked.section)
        return Hit(
            card=card,
            anchor=section.anchor,
            heading=section.heading,
            snippet=snippet(section.text, words, lang, otherwise=card.summary),
            title=mark(card.title, words, lang),
            score=ranked.score,
        )
