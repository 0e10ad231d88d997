"""LevelReader: all that one reading level may see of one generation: its shelf, its indexes, its completions.

A level's folder holds the shelf and, for each language, a folder with its index and its completions. Words of
articles that the level may not see are in none of them.
"""

import threading
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from portal.content.page import Card, Page
from portal.content.shelf import Shelf
from portal.search.answering import answer
from portal.search.complete import Completions
from portal.search.completions_file import write_completions
from portal.search.document import IndexDocument
from portal.search.explaining import Explanation, because
from portal.search.highlight import has_any, mark, snippet
from portal.search.hits import Answer, Completion, Hit, Jump, Match, Query, ResultPage
from portal.search.index_files import Beside, write_index
from portal.search.meaning.encoder import encoder_for
from portal.search.parts import WHOLE, Parts
from portal.search.query import read
from portal.search.rankings import Ranked, Ranking
from portal.search.recent import Recent
from portal.search.text_index import TextIndex
from portal.search.word_places import LONGEST_TYPED
from portal.text import one_line

SHELF = "shelf.sqlite"
COMPLETIONS = "completions.sqlite"
FEW = 3
"""Fewer hits than this in the page's language, and other languages are looked through as well."""
MOST_ELSEWHERE = 3
MOST_JUMPS = 2
MOST_NEAREST = 5
MOST_RELATED = 4
"""One row on a wide page, two on a narrow one."""
MOST_LINKED = 2
LONGEST_MESSAGE = 6000
"""Characters of a message that are read; what it is about stands before."""
VERBATIM = Parts(correction=False)
KEPT = 256
"""Pages of results, and lists of completions, that are kept in memory; 8 MB for pages of ten hits."""
_LONGEST_KEPT = 200
"""Characters of a question whose answer is kept; few people ask the same at greater length."""
_MOST_HITS_KEPT = 20
"""Hits of a page that is kept; only programs ask for more."""


def write_level_index(
    folder: Path,
    lang: str,
    documents: Iterable[IndexDocument],
    completions: Iterable[Completion],
    beside: Beside | None = None,
) -> int:
    """Write one language of a level below the level's folder; return the number of sections."""
    count = write_index(folder / lang, lang, documents, beside)
    write_completions(folder / lang / COMPLETIONS, completions)
    return count


class LevelReader:
    """Reads one level of one generation; safe for threads, and opens each file when it is first needed."""

    def __init__(self, folder: Path, *, encoder: str = "none", floor: float = 0.0) -> None:
        """folder: the level's, complete and never changed again.

        encoder: the setting PORTAL_ENCODER. floor: confidence under which nothing is called a hit.
        """
        self._folder = folder
        self._encoder = encoder
        self._floor = floor
        self._lock = threading.Lock()
        self._indexes: dict[str, TextIndex] = {}
        self._completions: dict[str, Completions] = {}
        self._pages: Recent[tuple[Query, int, int], ResultPage] = Recent(KEPT)
        self._offered: Recent[tuple[str, str, int, tuple[str, ...]], tuple[Completion, ...]] = Recent(KEPT)

    @cached_property
    def shelf(self) -> Shelf:
        """The level's pages."""
        return Shelf(self._folder / SHELF)

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        return tuple(sorted(found.name for found in self._folder.iterdir() if found.is_dir()))

    def search(self, query: Query, *, offset: int, limit: int) -> ResultPage:
        """Return one page of hits in the query's language; the first page of few also has hits in others.

        What was asked lately is not worked out again: nothing of a generation ever changes.
        """
        offset, limit = max(offset, 0), max(limit, 0)
        if len(query.text) > _LONGEST_KEPT or limit > _MOST_HITS_KEPT:
            return self._search(query, offset, limit)
        return self._pages.answer((query, offset, limit), lambda: self._search(query, offset, limit))

    def rank(self, query: Query, limit: int) -> Ranking:
        """Return the best articles for a query, without all that a page shows of them."""
        return self._rank(replace(query, text=read(query.text)), query.lang, limit, skip=limit)

    def complete(self, text: str, lang: str, limit: int, asked: tuple[str, ...] = ()) -> tuple[Completion, ...]:
        """Return what goes on from what was typed. asked: `Overlay.asked` of the language."""
        if lang not in self._languages:
            return ()
        key = (text[:LONGEST_TYPED], lang, limit, asked)
        return self._offered.answer(key, lambda: self._complete(*key))

    def match(self, text: str, lang: str, limit: int) -> tuple[Match, ...]:
        """Return the articles that a whole message may be about, best first; nobody is told that they answer it."""
        if lang not in self._languages:
            return ()
        message = one_line(text)[:LONGEST_MESSAGE]
        index = self._index(lang)
        seen = index.look(message, WHOLE, {})
        ranking = index.rank(seen, limit)
        reasons = {article: because(why, message, lang) for article, why in index.explain(seen, limit)}
        return tuple(Match(hit, reasons[hit.card.id]) for hit in self._hits(ranking, ranking.ranked, lang))

    def explain(self, query: Query, limit: int) -> list[tuple[str, Explanation]]:
        """Return the ids of the best articles for a query, each with every part of its score."""
        if query.lang not in self._languages:
            return []
        index = self._index(query.lang)
        seen = index.look(read(query.text), VERBATIM if query.is_verbatim else WHOLE, query.filters())
        return index.explain(seen, limit)

    def related(self, page: Page) -> tuple[Card, ...]:
        """Return the articles to read after one: two that its writer linked or tagged, then the nearest in meaning."""
        near = self._index(page.card.lang).near(page.card.id, MOST_RELATED + MOST_LINKED)
        cards = self.shelf.cards([article for article, _ in near])
        linked = page.related[: MOST_LINKED if near else MOST_RELATED]
        known = {page.card.id, *(card.id for card in linked)}
        nearest = [cards[article] for article, _ in near if article in cards and article not in known]
        return (*linked, *(card for card in nearest if card.kind == page.card.kind))[:MOST_RELATED]

    def close(self) -> None:
        """Close all files; whatever is asked later opens them again."""
        with self._lock:
            for index in self._indexes.values():
                index.close()
            for completions in self._completions.values():
                completions.close()
            self.shelf.close()
        self._pages.forget()
        self._offered.forget()

    def _search(self, query: Query, offset: int, limit: int) -> ResultPage:
        asked = replace(query, text=read(query.text))
        ranking = self._rank(asked, asked.lang, offset + limit, skip=offset)
        is_honest = self._answers(ranking)
        shown = ranking.ranked[offset:] if is_honest else ()
        total = ranking.total if is_honest else 0
        hits = self._hits(ranking, shown, asked.lang)
        return ResultPage(
            query=query,
            hits=hits,
            total=total,
            offset=offset,
            limit=limit,
            elsewhere=self._elsewhere(asked) if offset == 0 and total < FEW else (),
            nearest=() if is_honest else self._hits(ranking, ranking.ranked[:MOST_NEAREST], asked.lang),
            confidence=ranking.confidence,
            corrected=ranking.corrected,
            answer=self._answer(asked, ranking, hits[0]) if hits and offset == 0 else None,
        )

    def _answers(self, ranking: Ranking) -> bool:
        """Whether a ranking may be called an answer. Who says exactly what is a hit gets all of them."""
        return ranking.is_exact or ranking.confidence is None or ranking.confidence >= self._floor

    def _answer(self, query: Query, ranking: Ranking, hit: Hit) -> Answer | None:
        first = ranking.ranked[0]
        if not ranking.is_question or first.article != hit.card.id:
            return None
        text = self._index(query.lang).section(first.section).text
        return answer(hit, text, first.passage, ranking, query.lang)

    def _complete(self, text: str, lang: str, limit: int, asked: tuple[str, ...]) -> tuple[Completion, ...]:
        with self._lock:
            if lang not in self._completions:
                self._completions[lang] = Completions(self._folder / lang / COMPLETIONS, lang)
        return self._completions[lang].starting_with(text, limit, asked)

    def _elsewhere(self, query: Query) -> tuple[Hit, ...]:
        """Return the best hits of the other languages, each language's best before any second best."""
        found: list[tuple[int, Hit]] = []
        for lang in self._languages:
            if lang != query.lang:
                ranking = self._rank(query, lang, MOST_ELSEWHERE)
                if self._answers(ranking):
                    found += enumerate(self._hits(ranking, ranking.ranked, lang))
        found.sort(key=lambda pair: pair[0])
        return tuple(hit for _, hit in found[:MOST_ELSEWHERE])

    def _rank(self, query: Query, lang: str, want: int, *, skip: int = 0) -> Ranking:
        if lang not in self._languages:
            return Ranking()
        parts = VERBATIM if query.is_verbatim else WHOLE
        return self._index(lang).search(query.text, want=want, skip=skip, parts=parts, **query.filters())

    def _index(self, lang: str) -> TextIndex:
        with self._lock:
            if lang not in self._indexes:
                self._indexes[lang] = TextIndex(self._folder / lang, lang, encoder_for(lang, self._encoder))
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
            jumps=self._jumps(ranked, section.heading, card, words, lang),
        )

    def _jumps(self, ranked: Ranked, own: str, card: Card, words: frozenset[str], lang: str) -> tuple[Jump, ...]:
        """Name further sections whose headings say by themselves, and each for the first time, why they fit."""
        seen = {own.casefold(), card.title.casefold(), ""}
        jumps: list[Jump] = []
        for number in ranked.further:
            anchor, heading = self._index(lang).place(number)
            if anchor and heading.casefold() not in seen and has_any(heading, words, lang):
                seen.add(heading.casefold())
                jumps.append(Jump(heading, f"{card.url}#{anchor}"))
            if len(jumps) == MOST_JUMPS:
                break
        return tuple(jumps)
