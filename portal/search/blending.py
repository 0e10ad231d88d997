"""Blending: what words and meaning say of each section, as one score; sections speak for their articles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.search.impacts import ImpactFile
from portal.search.ranking import Sheet

IN_QUESTIONS = 0.6
"""Share of meaning where a query has words such as `how`, `my`, `the`. Development halves of all judged sets: 0.5 to
0.7 is best on stackfaq, covidfaq and xquad."""
IN_KEYWORDS = 0.2
"""Share of meaning where it has none. bc-keywords: 0 to 0.2 is best, and from 0.4 on meaning does harm."""
IN_UNSPACED = 0.4
"""Share of meaning in languages that part no words, where every query has signs that say little; xquad-zh: 0.3 and
0.4 are best of 0 to 0.7."""
UNSPACED = frozenset({"ja", "km", "lo", "my", "th", "zh"})
MEANT = 0.45
"""Nearness from which a section without any of the words is a hit all the same; where nothing comes so near, what is
nearly as near as the nearest is (NEARLY of it), down to LEAST: whether that answers is for the confidence to say."""
NEARLY = 0.8
LEAST = 0.2
MOST_MEANT = 50
"""Sections that join by meaning alone."""
TITLE = 1.0
"""What is added where the query is the article's title, or another name of it, word for word: about all that words and
meaning can come to, so that no article that says the same words more often stands before it."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Blend:
    """Hits: sections ascending, with the articles that they speak for, ascending too."""

    sections: NDArray[np.int64]
    scores: Floats
    words: Floats
    """What the words alone came to, as a share of what they could have."""
    nearness: Floats | None
    """In meaning; None without vectors."""
    articles: NDArray[np.int32]
    article_scores: Floats
    starts: NDArray[np.int64]
    """Where in `sections` each article's begin."""
    share: float
    """Of meaning, 0 to 1."""

    def order(self, want: int) -> list[int]:
        """Return the places in `articles` of the best, best first; equal scores by number, so that it never wavers."""
        scores = self.article_scores
        want = min(want, len(scores))
        if not want:
            return []
        if want < len(scores):
            least = np.partition(scores, len(scores) - want)[len(scores) - want]
            above = np.flatnonzero(scores > least)
            best = np.concatenate([above, np.flatnonzero(scores == least)[: want - len(above)]])
        else:
            best = np.arange(want)
        ordered: list[int] = best[np.argsort(-scores[best], kind="stable")].tolist()
        return ordered

    def best_of(self, place: int) -> int:
        """Return the place in `sections` of the best one of an article; place: the article's, in `articles`."""
        start = int(self.starts[place])
        end = int(self.starts[place + 1]) if place + 1 < len(self.starts) else len(self.sections)
        return start + int(np.argmax(self.scores[start:end]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of articles for one query, whatever its words say."""

    allowed: NDArray[np.bool_] | None
    """Which articles count; None allows all."""
    titled: NDArray[np.int32]
    """Numbers of the articles whose title the query is."""


def blend(sheet: Sheet, nearness: Floats | None, share: float, file: ImpactFile, facts: Facts) -> Blend:
    """Blend the shares of what could be reached: words against the query's ideal, nearness as it is.

    Both are on one scale whatever the size of the collection. share: of meaning, where there is any.
    nearness: of every section.
    """
    sections, words = sheet.sections, sheet.scores * np.float32(1 / max(sheet.ideal, 1e-6))
    if nearness is not None:
        sections, words = _with_meant(sections, words, nearness)
    of = file.article_of[sections]
    if facts.allowed is not None:
        kept = facts.allowed[of]
        sections, words, of = sections[kept], words[kept], of[kept]
    near = None if nearness is None else nearness[sections]
    scores = words if near is None else np.float32(1 - share) * words + np.float32(share) * near
    if len(facts.titled):
        scores = scores + np.float32(TITLE) * np.isin(of, facts.titled)
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    best = np.maximum.reduceat(scores, starts) if len(starts) else scores
    return Blend(sections, scores, words, near, of[starts], best, starts, share if near is not None else 0.0)


def _with_meant(sections: NDArray[np.int64], words: Floats, nearness: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Let the sections join that are near enough in meaning alone."""
    is_hit = nearness >= max(min(MEANT, NEARLY * float(nearness.max(initial=0.0))), LEAST)
    if np.count_nonzero(is_hit) > MOST_MEANT:
        is_hit &= nearness >= np.partition(nearness, len(nearness) - MOST_MEANT)[len(nearness) - MOST_MEANT]
    is_hit[sections] = True
    joined = np.flatnonzero(is_hit)
    spread = np.zeros(len(joined), np.float32)
    spread[np.searchsorted(joined, sections)] = words
    return joined, spread
