"""From impacts to scores of sections: an article's own fields and the section's, weighed by how much was met."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from portal.search.impacts import Gains, ImpactFile
from portal.search.parts import Parts
from portal.search.slots import Slot, Way

COVERAGE = 0.15
"""Power of the share of words that were met; tuned on the development halves of stackfaq, covidfaq-en and bc-keywords
(0 to 1 tried, 0.1 to 0.2 best)."""
WEAK = 0.5
"""What a stop word counts beside others; tuned as above (0 loses 0.06 on covidfaq-en, 1 loses 0.02 on stackfaq)."""
NEARLY = 0.5
"""Share of the best section's score that another one must have to be worth a jump; chosen by looking at the hits of
some fifty queries in two collections."""
MOST_FURTHER = 6
"""Further sections that are named for an article: thrice what is shown, for not every heading says why it fits."""
MOST_BITS = 64
"""Words whose being met is told apart: bits of a number."""
UNKNOWN_PEAK = 2.0
"""What a word that stands nowhere could have added, in units of the rarest word's idf."""
Floats = NDArray[np.float32]
Ways = Sequence[tuple[float, list[Gains]]]
"""Other ways to say a slot: (what it is worth, what its words add)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a query's words come to in each section that has one of the strong ones, itself or its article.

    Of an article that has them alone, the first section is here for all.
    """

    sections: NDArray[np.int64]
    """Ascending."""
    scores: Floats
    met: NDArray[np.uint64]
    """Which strong words a section or its article has, as bits."""
    rarities: tuple[float, ...]
    """How telling each strong word is, by its bit."""
    ideal: float
    """What a section would score that had every strong word at its best."""


def add_up(file: ImpactFile, slots: Sequence[Slot], weak: Sequence[str], parts: Parts) -> Sheet:
    """Add up what each word adds. weak: words that only move what the others have found."""
    sums = _Sums(file)
    rarities: list[float] = []
    ideal = 0.0
    for slot in slots:
        if len(rarities) + len(slot.words) > MOST_BITS:
            break
        found = [file.gains(word) for word in slot.words]
        bits = [np.uint64(1 << (len(rarities) + i)) for i in range(len(found))]
        rarities += [one.rarity if one else sums.rarest for one in found]
        others = [(way, [file.gains(word) for word in way.words]) for way in slot.others]
        whole = [(way, [one for one in gains if one]) for way, gains in others if all(gains)]
        ways = [(worth_of(way, gains, found), gains) for way, gains in whole]
        ideal += _peak(found, ways, sums.rarest)
        sums.add(found, bits)
        if ways:
            sums.add_ways(found, ways, bits)
    for word in weak:
        sums.lift(file.gains(word))
    return sums.sheet(tuple(rarities), ideal, parts)


def further(sheet: Sheet, section: int, sections: range) -> tuple[int, ...]:
    """Return the other sections of an article that fit nearly as well as the one found, best first, a few at most."""
    start, end = np.searchsorted(sheet.sections, [sections.start, sections.stop])
    there, scores = sheet.sections[start:end].tolist(), sheet.scores[start:end].tolist()
    own = dict(zip(there, scores, strict=True)).get(section, 0.0)
    near = [(-score, one) for one, score in zip(there, scores, strict=True) if one != section and score >= NEARLY * own]
    return tuple(one for _, one in sorted(near)[:MOST_FURTHER])


def worth_of(way: Way, gains: Sequence[Gains], found: Sequence[Gains | None]) -> float:
    """Return what a way counts: a synonym of more words, each with its own score, stays below what was typed.

    gains: of the way's words. found: of the words as typed, None for one that stands nowhere.
    """
    typed, meant = sum(one.peak for one in found if one), sum(one.peak for one in gains)
    is_outdone = way.reason == "synonym" and 0 < typed < meant
    return way.worth * typed / meant if is_outdone else way.worth


def _peak(found: Sequence[Gains | None], ways: Ways, rarest: float) -> float:
    """Return the most that a slot can add."""
    own = sum(one.peak if one else 0.0 for one in found)
    others = [worth * sum(one.peak for one in gains) for worth, gains in ways]
    unknown = UNKNOWN_PEAK * rarest * sum(one is None for one in found)
    return max(own, *others) if others else own + unknown


class _Sums:
    """Scores while words come in."""

    def __init__(self, file: ImpactFile) -> None:
        self._file = file
        sections, articles = len(file.article_of), len(file.articles)
        self._sections, self._met = np.zeros(sections, np.float32), np.zeros(sections, np.uint64)
        self._articles, self._met_articles = np.zeros(articles, np.float32), np.zeros(articles, np.uint64)
        self._is_hit = np.zeros(sections, bool)
        self._count = 0
        self.rarest = log(1 + (max(sections, 1) - 0.5) / 1.5)

    def add(self, found: Sequence[Gains | None], bits: Sequence[np.uint64]) -> None:
        for one, bit in zip(found, bits, strict=True):
            self._count += 1
            if one:
                self._sections[one.sections] += one.section_gains
                self._articles[one.articles] += one.article_gains
                self._met[one.sections] |= bit
                self._met_articles[one.articles] |= bit
                self._is_hit[one.sections] = True
                self._is_hit[self._file.first_section[one.articles]] = True

    def add_ways(self, found: Sequence[Gains | None], ways: Ways, bits: Sequence[np.uint64]) -> None:
        """Where another way says more than what was typed, let it count in its place."""
        typed = sum((self._spread(one) for one in found if one), np.zeros(len(self._sections), np.float32))
        best = np.zeros(len(self._sections), np.float32)
        for worth, gains in ways:
            each = [self._spread(one) for one in gains]
            is_whole = np.logical_and.reduce([one > 0 for one in each])
            np.maximum(best, np.where(is_whole, np.float32(worth) * sum(each), 0), out=best)
        self._sections += np.maximum(best - typed, 0)
        is_better = best > 0
        self._met[is_better] |= np.bitwise_or.reduce(np.array(bits, np.uint64))
        self._is_hit |= is_better

    def lift(self, one: Gains | None) -> None:
        if one:
            self._sections[one.sections] += np.float32(WEAK) * one.section_gains
            self._articles[one.articles] += np.float32(WEAK) * one.article_gains

    def sheet(self, rarities: tuple[float, ...], ideal: float, parts: Parts) -> Sheet:
        sections = np.flatnonzero(self._is_hit)
        of = self._file.article_of[sections]
        met = self._met[sections] | self._met_articles[of]
        scores = self._sections[sections] + self._articles[of]
        if parts.coverage and self._count > 1:
            share = ((np.arange(self._count + 1) / self._count) ** COVERAGE).astype(np.float32)
            scores *= share[np.bitwise_count(met)]
        return Sheet(sections, scores, met, rarities, ideal)

    def _spread(self, one: Gains) -> Floats:
        """Return what a word adds to each section, its article's part included."""
        articles = np.zeros(len(self._articles), np.float32)
        articles[one.articles] = one.article_gains
        spread = articles[self._file.article_of]
        spread[one.sections] += one.section_gains
        return spread
