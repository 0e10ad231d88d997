"""Explaining: every part of a hit's score, for those who ask why it stands where it does."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portal.search.impacts import Gains, ImpactFile
from portal.search.ranking import WEAK, worth_of
from portal.search.seen import Seen
from portal.search.slots import Slot
from portal.search.words.languages import words

MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """What one word adds to the score of the section that was found, or to its article's.

    Of several ways to say the same, only the one that adds most counts, and only where all of its words are there.
    """

    word: str
    kind: str
    """typed, weak, or why it was looked for: synonym, correction, compound, beginning."""
    worth: float
    """Share of what it adds that counts."""
    section: float
    article: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A hit's score, from its parts to the whole; `score` is what the ranking has."""

    parts: tuple[Part, ...]
    words: float
    """What the words came to, as a share of `ideal`."""
    ideal: float
    """The most that this query's words could have come to."""
    met: int
    """Strong words that were met, of `looked_for`; the share counts with a power of `ranking.COVERAGE`."""
    looked_for: int
    nearness: float | None
    """In meaning; None without vectors."""
    share_of_meaning: float
    title_bonus: float
    score: float


def explain(seen: Seen, place: int, file: ImpactFile) -> Explanation:
    """Take the score of an article apart. place: its place in `seen.blend.articles`."""
    blended, sheet = seen.blend, seen.sheet
    at = blended.best_of(place)
    section, article = int(blended.sections[at]), int(blended.articles[place])
    row = int(np.searchsorted(sheet.sections, section))
    is_met = row < len(sheet.sections) and int(sheet.sections[row]) == section
    words, nearness = float(blended.words[at]), blended.nearness
    near = None if nearness is None else float(nearness[at])
    score = float(blended.article_scores[place])
    plain = (1 - blended.share) * words + blended.share * (near or 0.0)
    return Explanation(
        parts=tuple(_parts(seen, section, article, file)),
        words=words,
        ideal=sheet.ideal,
        met=int(sheet.met[row]).bit_count() if is_met else 0,
        looked_for=len(sheet.rarities),
        nearness=near,
        share_of_meaning=blended.share,
        title_bonus=max(0.0, round(score - plain, 4)),
        score=score,
    )


def because(explanation: Explanation, text: str, lang: str) -> tuple[str, ...]:
    """Return the words of a text, as written there, that told most for an article; MOST_REASONS of them."""
    told = {part.word: part.section + part.article for part in explanation.parts if part.kind != "weak"}
    written: dict[str, str] = {}
    for word in words(text, lang):
        if told.get(word.text):
            written.setdefault(word.text, text[word.start : word.end])
    best = sorted(written, key=lambda word: -told[word])
    return tuple(dict.fromkeys(written[word] for word in best))[:MOST_REASONS]


def _parts(seen: Seen, section: int, article: int, file: ImpactFile) -> Iterator[Part]:
    for slot in seen.understood.slots:
        for word, kind, worth in _said(slot, file):
            yield _part(word, kind, worth, file.gains(word), section, article)
    for word in seen.understood.weak:
        yield _part(word, "weak", WEAK, file.gains(word), section, article)


def _said(slot: Slot, file: ImpactFile) -> Iterator[tuple[str, str, float]]:
    found = [file.gains(word) for word in slot.words]
    yield from ((word, "typed", 1.0) for word in slot.words)
    for way in slot.others:
        gains = [one for word in way.words if (one := file.gains(word))]
        yield from ((word, way.reason, worth_of(way, gains, found)) for word in way.words)


def _part(word: str, kind: str, worth: float, gains: Gains | None, section: int, article: int) -> Part:  # noqa: PLR0913, PLR0917 - one row
    if gains is None:
        return Part(word, kind, worth, 0.0, 0.0)
    return Part(
        word,
        kind,
        worth,
        worth * float(gains.section_gains[gains.sections == section].sum()),
        worth * float(gains.article_gains[gains.articles == article].sum()),
    )
