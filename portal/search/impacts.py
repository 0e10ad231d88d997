"""A second reading of a Whoosh index: each word's postings once, as what they add to scores.

Whoosh's matchers score in Python, a call for each posting and field. An index here never changes once it is
open, so a word's impacts are worked out when it is first asked for, and kept.
"""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from whoosh.index import FileIndex
from whoosh.query import Query

from portal.search.ranking import BOOSTS, Impacts, impact, rarity
from portal.search.schema import ARTICLE_FIELDS, SECTION_FIELDS

KEPT_POSTINGS = 1_000_000
"""Postings whose impacts are kept in memory, 8 bytes each; what was used least recently goes first."""
MOST_BEGUN = 64
"""Words that one `begin*` stands for in one field."""
GONE = -1
"""Stands for the article of a deleted section."""


@dataclass(frozen=True, slots=True)
class _Field:
    """Lengths in words by section number, as Whoosh keeps them (rounded), and their mean where there are any."""

    lengths: "array[int]"
    mean: float


class ImpactReader:
    """One open Whoosh reader behind a lock: shared without one, Whoosh's gives wrong hits.

    What it hands out never changes, so scoring runs outside the lock. It keeps its files open,
    and goes on reading after they were deleted.
    """

    def __init__(self, index: FileIndex) -> None:
        """index: opened for reading."""
        self._searcher = index.searcher()
        self._reader = self._searcher.reader()
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Impacts] = OrderedDict()
        self._size = 0
        self._places = self._reader.column_reader("place") if self._reader.has_column("place") else None
        self.articles: list[str] = []
        self.first_section: list[int] = []
        self.article_of = self._number_articles()
        self._sections = sum(1 for article in self.article_of if article != GONE)
        self._fields = {name: self._measure(name) for name in ARTICLE_FIELDS + SECTION_FIELDS}

    def impacts(self, word: str) -> Impacts:
        """Return what a word adds to which sections and articles; nothing where it stands nowhere.

        `begin*` is one word that stands wherever one stands that begins so.
        """
        with self._lock:
            found = self._kept.get(word)
            if found is None:
                found = self._kept[word] = self._work_out(word)
                self._size += _size(found)
                self._forget()
            self._kept.move_to_end(word)
            return found

    def cost(self, word: str) -> int:
        """Return about how many postings `impacts` would go through."""
        with self._lock:
            return sum(int(self._searcher.doc_frequency(name, word)) for name in BOOSTS)

    def sections_with(self, field: str, word: str) -> list[int]:
        """Return the numbers of the sections that hold a word in one field."""
        with self._lock:
            return list(self._counts(field, word))

    def sections_for(self, query: Query) -> list[int]:
        """Return the numbers of the sections that a Whoosh query matches."""
        with self._lock:
            return list(query.docs(self._searcher))

    def words_from(self, field: str, prefix: str) -> list[str]:
        """Return the words of a field that begin with `prefix`, by alphabet, at most MOST_BEGUN of them."""
        with self._lock:
            return self._begun(field, prefix)

    def stored(self, section: int) -> dict[str, str]:
        """Return a section's stored fields."""
        with self._lock:
            return dict(self._reader.stored_fields(section))

    def place(self, section: int) -> tuple[str, str]:
        """Return a section's anchor and heading, some twenty times faster than `stored`; empty in an older index."""
        with self._lock:
            anchor, _, heading = self._places[section].decode().partition("\n") if self._places else ("", "", "")
        return anchor, heading

    def kept_postings(self) -> int:
        """Return how many postings' impacts are in memory, about."""
        return self._size

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            self._searcher.close()

    def _number_articles(self) -> "array[int]":
        numbers: dict[str, int] = {}
        article_of = array("i", [GONE]) * int(self._reader.doc_count_all())
        if not article_of:
            return article_of
        column = self._reader.column_reader("article")
        for section in self._reader.all_doc_ids():
            article = column[section]
            number = numbers.setdefault(article, len(numbers))
            if number == len(self.articles):
                self.articles.append(article)
                self.first_section.append(section)
            article_of[section] = number
        return article_of

    def _measure(self, name: str) -> _Field:
        length = self._reader.doc_field_length
        lengths = array("i", [0]) * len(self.article_of)
        for section in self.first_section if name in ARTICLE_FIELDS else self._reader.all_doc_ids():
            lengths[section] = length(section, name, 0) or 0
        present = [count for count in lengths if count]
        return _Field(lengths, sum(present) / len(present) if present else 1.0)

    def _work_out(self, word: str) -> Impacts:
        sections = self._scores(word, SECTION_FIELDS, self._sections, lambda section: section)
        articles = self._scores(word, ARTICLE_FIELDS, len(self.articles), self.article_of.__getitem__)
        return Impacts(
            array("i", sections), array("f", sections.values()), array("i", articles), array("f", articles.values())
        )

    def _scores(self, word: str, names: Sequence[str], of: int, number: Callable[[int], int]) -> dict[int, float]:
        scores: dict[int, float] = {}
        for name in names:
            field, found = self._fields[name], self._counts(name, word)
            idf = BOOSTS[name] * rarity(len(found), of)
            for section, count in found.items():
                gain = impact(count, field.lengths[section], field.mean, idf)
                scores[number(section)] = scores.get(number(section), 0.0) + gain
        return scores

    def _counts(self, field: str, word: str) -> dict[int, float]:
        counts: dict[int, float] = {}
        for one in self._begun(field, word[:-1]) if word.endswith("*") else (word,):
            if (field, one) in self._reader:
                matcher = self._searcher.postings(field, one, weighting=None)
                while matcher.is_active():
                    counts[matcher.id()] = counts.get(matcher.id(), 0.0) + matcher.weight()
                    matcher.next()
        return counts

    def _begun(self, field: str, prefix: str) -> list[str]:
        return [word.decode() for word in islice(self._reader.expand_prefix(field, prefix), MOST_BEGUN)]

    def _forget(self) -> None:
        while self._size > KEPT_POSTINGS and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._size -= _size(gone)


def _size(impacts: Impacts) -> int:
    return len(impacts.sections) + len(impacts.articles) + 1


def rarest(reader: ImpactReader, words: Collection[str], budget: int, sure: int) -> list[str]:
    """Return the words that stand anywhere, rarest first, until `budget` postings are spent; `sure` at any cost."""
    costs = sorted((reader.cost(word), word) for word in words)
    kept: list[str] = []
    spent = 0
    for cost, word in costs:
        spent += cost
        if cost and (len(kept) < sure or spent <= budget):
            kept.append(word)
    return kept
