"""Completion while typing: titles, other names, headings and past queries that go on from what was typed.

Where hardly anything does, a word that is misspelt is taken for the nearest ones.
"""

import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from portal.search.completions_file import COLUMNS, HEADING, OTHER_NAME, arrays
from portal.search.hits import Completion
from portal.search.near_words import near
from portal.search.past_queries import PastQueries
from portal.search.word_places import Places, unpack, words_typed
from portal.text import fold

QUERY = "query"
MOST_OF_AN_ARTICLE = 3
"""Suggestions that one article may have at a time."""
MOST_QUERIES = 3
FEW = 3
"""Fewer suggestions than this, and misspelt words are corrected; beside what fits exactly, so many come in at most."""
_AT_ONCE = 16
"""Entries that are read from the file in one go."""
_FAR = 10_000
"""Costs more than all words of a question being misspelt."""


class Completions:
    """Reads one file; safe for threads, which share one connection behind a lock."""

    def __init__(self, path: Path, lang: str) -> None:
        """path: written by `completions_file`; opened with the first question. lang: the language of its pages."""
        self._path, self._lang = path, lang
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._places: Places | None = None
        self._past = PastQueries(())

    def starting_with(self, text: str, limit: int, asked: tuple[str, ...] = ()) -> tuple[Completion, ...]:
        """Return titles, other names, past queries, then headings, short ones first, that have all words typed.

        The last word typed may be a beginning. Those of one topic stand together, the topic of the best first; past
        queries are a topic of their own. Then, where there are few, come those that misspelt words may be meant for,
        nearest first, and say so.
        asked: `Overlay.asked` of the language.
        """
        typed = words_typed(text)
        if not typed or limit < 1:
            return ()
        places = self._all_places()
        exact = _few_of_each(self._read(places.keys[_having(places, typed)]), limit)
        found = self._with_queries(exact, typed, limit, asked, places)
        if len(found) >= min(FEW, limit):
            return _by_topic(found)
        seen = {one.url for one in found}
        near_ones = (one for one in self._read(places.keys[_nearly(places, typed)]) if one.url not in seen)
        corrected = _few_of_each(near_ones, min(FEW, limit - len(found)) if found else limit)
        return _by_topic(found) + _by_topic([replace(one, is_corrected=True) for one in corrected])

    def close(self) -> None:
        """Close the file; a later question opens it again."""
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db = self._places = None

    def _connection(self) -> sqlite3.Connection:
        """Open the file if need be; for whoever holds the lock."""
        if self._db is None:
            uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            weakref.finalize(self, self._db.close)  # by itself it would wait for the garbage collector
        return self._db

    def _all_places(self) -> Places:
        with self._lock:
            if self._places is None:
                self._places = unpack(arrays(self._connection()))
            return self._places

    def _read(self, keys: NDArray[np.int32]) -> Iterator[Completion]:
        """Yield entries in the order of their keys; whoever has enough reads no further."""
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE].tolist()
            query = f"SELECT entry, {', '.join(COLUMNS)} FROM entries WHERE entry IN ({', '.join('?' * len(some))})"
            with self._lock:
                found = {key: columns for key, *columns in self._connection().execute(query, some)}
            for key in some:
                yield Completion(**dict(zip(COLUMNS, found[key], strict=True)))

    def _with_queries(
        self, exact: list[Completion], typed: list[str], limit: int, asked: tuple[str, ...], places: Places
    ) -> list[Completion]:
        """Put past queries behind titles and other names, and before headings."""
        past = self._past if self._past.wordings == asked else PastQueries(asked)
        self._past = past
        named = {fold(one.text) for one in exact}
        texts = (text for text in past.going_on_from(typed, places.knows) if fold(text) not in named)
        queries = [self._query(text) for text in islice(texts, min(MOST_QUERIES, limit))]
        names = [one for one in exact if one.kind != HEADING][: limit - len(queries)]
        return [*names, *queries, *(one for one in exact if one.kind == HEADING)][:limit]

    def _query(self, text: str) -> Completion:
        url = f"/{self._lang}/search?q={quote(text, safe='')}"
        return Completion(text=text, url=url, kind=QUERY, article="", title="", topic=None)


def _having(places: Places, typed: list[str]) -> NDArray[np.int64]:
    """Return the entries that have all words, in their order."""
    ways = [[(found, 0)] for found in _exactly(places, typed)]
    return np.flatnonzero(_costs(places, ways) == 0)


def _nearly(places: Places, typed: list[str]) -> NDArray[np.int64]:
    """Return the entries that have all words or near ones, the nearest first, without those that need no correction."""
    ways = []
    for number, (word, exactly) in enumerate(zip(typed, _exactly(places, typed), strict=True), 1):
        spots = near(places, word, is_beginning=number == len(typed))
        ways.append([(exactly, 0), *((range(spot, spot + 1), cost) for spot, cost in spots if spot not in exactly)])
        if not exactly and not spots:
            return np.zeros(0, np.int64)
    costs = _costs(places, ways)
    found = np.flatnonzero((costs > 0) & (costs < _FAR))
    return found[np.argsort(costs[found], kind="stable")]


def _exactly(places: Places, typed: list[str]) -> list[range]:
    return [*map(places.word, typed[:-1]), places.beginning(typed[-1])]


def _costs(places: Places, ways: list[list[tuple[range, int]]]) -> NDArray[np.int32]:
    """Return for each entry the sum of what each word's cheapest way costs; a word that is not there costs `_FAR`."""
    total = np.zeros(len(places.keys), np.int32)
    for of_a_word in ways:
        costs = np.full(len(total), _FAR, np.int32)
        for where, cost in reversed(of_a_word):
            costs[places.having(where)] = cost
        total += costs
    return total


def _few_of_each(found: Iterable[Completion], limit: int) -> list[Completion]:
    """Choose: few of one article, and no second name that leads where a first one does."""
    of_article: Counter[str] = Counter()
    leads_to: set[str] = set()
    chosen: list[Completion] = []
    for one in found:
        if of_article[one.article] < MOST_OF_AN_ARTICLE and not (one.kind == OTHER_NAME and one.url in leads_to):
            of_article[one.article] += 1
            leads_to.add(one.url)
            chosen.append(one)
            if len(chosen) == limit:
                break
    return chosen


def _by_topic(found: Iterable[Completion]) -> tuple[Completion, ...]:
    """Bring those of one topic together, the topic of the best first; past queries are a topic of their own."""
    groups: dict[tuple[str | None, bool], list[Completion]] = {}
    for one in found:
        groups.setdefault((one.topic, one.kind == QUERY), []).append(one)
    return tuple(one for group in groups.values() for one in group)
