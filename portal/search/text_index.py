"""One language of one reading level, searched: what was typed -> understood -> scored -> blended -> ranked articles."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from whoosh.query import Query

from portal.search.blending import IN_KEYWORDS, IN_QUESTIONS, IN_UNSPACED, UNSPACED, Facts, blend
from portal.search.confidence import AMONG, confidence, signs
from portal.search.counts import filter_word, title_key
from portal.search.explaining import Explanation, explain
from portal.search.impacts import ImpactFile
from portal.search.index_files import IMPACTS, SPELLING, SYNONYMS
from portal.search.meaning.asking import Meaning, open_meaning
from portal.search.meaning.encoder import Encoder
from portal.search.parts import WHOLE, Parts
from portal.search.query import Asked, articles_meeting, parse
from portal.search.ranking import Sheet, add_up, further
from portal.search.rankings import Ranked, Ranking, StoredSection
from portal.search.schema import schema_for
from portal.search.seen import Seen
from portal.search.understanding import MOST_TELLING, WordBook, telling, understand
from portal.search.whoosh_index import WhooshReader
from portal.search.words.spelling import Speller
from portal.search.words.synonyms import Synonyms

BUDGET_SECONDS = 0.25
"""What understanding and adding up words may take; where it took more, meaning is left out of this one answer."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Files:
    """All that is open of an index."""

    book: WordBook
    whoosh: WhooshReader
    meaning: Meaning | None


class TextIndex:
    """Searches one index; safe for threads. Files are opened with the first search."""

    def __init__(self, folder: Path, lang: str, encoder: Encoder | None = None) -> None:
        """folder: written by `index_files.write_index` for the same language. encoder: today's for this language."""
        self._folder = folder
        self._lang = lang
        self._encoder = encoder
        self._schema = schema_for(lang)
        self._opening = threading.Lock()
        self._opened: _Files | None = None

    def search(self, text: str, *, want: int, skip: int = 0, parts: Parts = WHOLE, **filters: str) -> Ranking:
        """Return the `want` best articles for a text that `query.read` made safe.

        filters: topic, tag, product and stage, as in `hits.Query`; they come before the cut.
        skip: articles of the `want` whose `further` nobody needs, from the first.
        parts: what takes part; all of it, unless it is to be measured.
        """
        return self.rank(self.look(text, parts, filters), want, skip)

    def rank(self, seen: Seen, want: int, skip: int = 0) -> Ranking:
        """Return what `search` does, for a query that was looked at."""
        best = seen.blend.order(max(want, AMONG))
        if not best:
            return Ranking(corrected=seen.understood.corrected, confidence=0.0 if seen.understood.slots else None)
        shown = [self._ranked(place, seen, is_shown=skip <= number) for number, place in enumerate(best[:want])]
        return Ranking(
            total=len(seen.blend.articles),
            ranked=tuple(shown),
            words=self._to_mark(seen),
            confidence=confidence(signs(seen.sheet, seen.blend, best), has_meaning=seen.blend.nearness is not None),
            corrected=seen.understood.corrected,
            is_question=bool(seen.asked.weak),
            is_exact=seen.asked.is_exact,
        )

    def look(self, text: str, parts: Parts, filters: Mapping[str, str]) -> Seen:
        """Understand and score a query, as far as that is the same for every page of its results."""
        began = monotonic()
        book = self._files.book
        asked = telling(parse(text, self._schema, self._lang), book.file)
        understood = understand(text, asked, book, parts)
        sheet = add_up(book.file, understood.slots, understood.weak, parts)
        if not understood.slots:
            sheet = _without_words(sheet, book.file, has_condition=asked.condition is not None)
        is_in_time = monotonic() - began < BUDGET_SECONDS
        nearness = self._nearness(understood.meant, asked, parts) if is_in_time else None
        titled = self._titled(asked, book.file) if parts.titles else np.zeros(0, np.int32)
        facts = Facts(allowed=self._allowed(asked, filters, parts), titled=titled)
        share = _share_of_meaning(asked, self._lang)
        blended = blend(sheet, nearness[1] if nearness else None, share, book.file, facts)
        return Seen(asked, understood, sheet, blended, nearness[0] if nearness else None)

    def explain(self, seen: Seen, want: int) -> list[tuple[str, Explanation]]:
        """Return the ids of the best articles, as `rank` has them, each with every part of its score."""
        file = self._files.book.file
        best = seen.blend.order(want)
        return [(file.articles[seen.blend.articles[place]], explain(seen, place, file)) for place in best]

    def near(self, article: str, most: int) -> list[tuple[str, float]]:
        """Return the articles nearest in meaning to one, with their nearness, best first; none without vectors."""
        file, meaning = self._files.book.file, self._files.meaning
        if meaning is None or article not in self._article_numbers:
            return []
        return [(file.articles[number], near) for number, near in meaning.near(self._article_numbers[article], most)]

    def section(self, section: int) -> StoredSection:
        """Return a section that a Ranking of this index named."""
        stored = self._files.whoosh.stored(int(self._files.book.file.documents[section]))
        return StoredSection(stored["anchor"], stored["heading"], stored["text"])

    def place(self, section: int) -> tuple[str, str]:
        """Return the anchor and the heading of a section that a Ranking of this index named."""
        return self._files.whoosh.place(int(self._files.book.file.documents[section]))

    def close(self) -> None:
        """Close the files; a later search opens them again."""
        with self._opening:
            if self._opened is not None:
                self._opened.book.speller.close()
                self._opened.whoosh.close()
                self._opened = None

    @property
    def _files(self) -> "_Files":
        """All files, opened at once, so that they can be read on when their folder is gone."""
        opened = self._opened
        if opened is None:
            with self._opening:
                opened = self._opened = self._opened or self._open()
        return opened

    def _open(self) -> "_Files":
        speller = Speller(self._folder / SPELLING)
        speller.open()
        book = WordBook(
            lang=self._lang,
            file=ImpactFile(self._folder / IMPACTS),
            speller=speller,
            synonyms=Synonyms.from_json((self._folder / SYNONYMS).read_bytes()),
        )
        meaning = open_meaning(self._folder, book.file.article_of, self._encoder)
        return _Files(book, WhooshReader(self._folder, self._lang), meaning)

    def _nearness(self, text: str, asked: Asked, parts: Parts) -> tuple[Floats, Floats] | None:
        meaning = self._files.meaning
        if not parts.meaning or asked.condition is not None or not text or meaning is None:
            return None
        return meaning.nearness(text)

    @staticmethod
    def _titled(asked: Asked, file: ImpactFile) -> NDArray[np.int32]:
        mains = [word.text for word in asked.said if word.is_main]
        return file.articles_with(filter_word("title", title_key(mains)))

    def _allowed(self, asked: Asked, filters: Mapping[str, str], parts: Parts) -> NDArray[np.bool_] | None:
        """Return which articles meet all filters and the condition; None where there is neither."""
        file = self._files.book.file
        if not filters and asked.condition is None and not parts.without:
            return None
        allowed = np.array([one not in parts.without for one in file.articles], bool)
        for name, value in filters.items():
            is_meant = np.zeros(len(allowed), bool)
            is_meant[file.articles_with(filter_word(name, value))] = True
            allowed &= is_meant
        if asked.condition is not None:
            is_met = np.zeros(len(allowed), bool)
            is_met[list(articles_meeting(asked.condition, self._articles_having))] = True
            allowed &= is_met
        return allowed

    def _articles_having(self, leaf: Query) -> frozenset[int]:
        documents = self._files.whoosh.documents_for(leaf)
        return frozenset(self._article_of_document[documents].tolist())

    @cached_property
    def _article_numbers(self) -> dict[str, int]:
        return {article: number for number, article in enumerate(self._files.book.file.articles)}

    @cached_property
    def _article_of_document(self) -> NDArray[np.int32]:
        file = self._files.book.file
        numbers = np.zeros(int(file.documents.max(initial=-1)) + 1, np.int32)
        numbers[file.documents] = file.article_of
        return numbers

    def _ranked(self, place: int, seen: Seen, *, is_shown: bool) -> Ranked:
        """Return an article of the blend with its best section; is_shown: with all that a page tells of it."""
        file, blended = self._files.book.file, seen.blend
        article = int(blended.articles[place])
        section = int(blended.sections[blended.best_of(place)])
        plain = Ranked(file.articles[article], section, float(blended.article_scores[place]))
        if not is_shown:
            return plain
        passage = None
        if seen.by_passage is not None and (meaning := self._files.meaning):
            passage = meaning.best_passage(section, seen.by_passage)
        return replace(plain, further=further(seen.sheet, section, file.sections_of(article)), passage=passage)

    def _to_mark(self, seen: Seen) -> frozenset[str]:
        slots = seen.understood.slots
        said = [word for slot in slots for word in (*slot.words, *(one for way in slot.others for one in way.words))]
        begun = [one for word in said if word.endswith("*") for one in self._files.book.file.begun(word[:-1])]
        return frozenset([*(word for word in said if not word.endswith("*")), *begun])


def _share_of_meaning(asked: Asked, lang: str) -> float:
    if lang.partition("-")[0].lower() in UNSPACED:
        return IN_UNSPACED
    return IN_QUESTIONS if asked.weak or len(asked.words) >= MOST_TELLING else IN_KEYWORDS


def _without_words(sheet: Sheet, file: ImpactFile, *, has_condition: bool) -> Sheet:
    """Where only a condition says what is a hit, every section is one; without anything none is."""
    sections = np.arange(len(file.article_of) if has_condition else 0)
    return Sheet(sections, np.zeros(len(sections), np.float32), np.zeros(len(sections), np.uint64), (), sheet.ideal)
