"""From impacts to ranked articles: an article's own fields and its best section, weighed by how much was met."""

from array import array
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import log

BOOSTS = {"title": 1.2, "aka": 1.2, "tags": 1.0, "summary": 1.0, "headings": 1.0, "body": 1.0}
"""What a word counts in each field. Title and headings tuned on the development halves of stackfaq, covidfaq-en
and bc-keywords; the sets have no `aka`, `tags` or `summary`, so these three stand beside the nearest of the others."""
K1 = 1.2
"""BM25: how soon repeating a word stops helping."""
B = 0.75
"""BM25: how much longer texts are held back."""
COVERAGE = 0.15
"""Power of the share of words that were met; tuned as above (0 to 1 tried, 0.1 to 0.2 best)."""
WEAK = 0.5
"""What a stop word counts beside others; tuned as above (0 loses 0.06 on covidfaq-en, 1 loses 0.02 on stackfaq)."""


@dataclass(frozen=True, slots=True)
class Impacts:
    """What one word adds to the score of each section and each article that holds it, pairwise."""

    sections: "array[int]"
    section_scores: "array[float]"
    articles: "array[int]"
    article_scores: "array[float]"


@dataclass(frozen=True, slots=True)
class Sought:
    """One word of a query with its impacts; a weak one only moves what the others have found."""

    impacts: Impacts
    is_weak: bool


@dataclass(frozen=True, slots=True)
class Found:
    """An article by number, its best section and their score."""

    article: int
    section: int
    score: float


def impact(count: float, length: float, mean: float, idf: float) -> float:
    """Return BM25 for one field: `count` of a word, field `length` in words, its `mean` over the index."""
    return idf * count * (K1 + 1) / (count + K1 * (1 - B + B * length / mean))


def rarity(holders: int, of: int) -> float:
    """Return the idf of a word that `holders` out of `of` texts have, in Lucene's form: never below zero."""
    return log(1 + (of - holders + 0.5) / (holders + 0.5))


def rank(
    words: Sequence[Sought], article_of: Sequence[int], first_section: Sequence[int], allowed: Container[int] | None
) -> list[Found]:
    """Score every article that has a word, in no order; a query of weak words alone should say they are not weak.

    article_of: number of the article of each section. first_section: each article's first.
    allowed: numbers of the articles that count; None allows all.
    """
    sections: dict[int, float] = {}
    articles: dict[int, float] = {}
    met: dict[int, int] = {}
    met_by_article: dict[int, int] = {}
    strong = [word.impacts for word in words if not word.is_weak]
    for bit, impacts in enumerate(strong):
        _add(sections, met, 1 << bit, zip(impacts.sections, impacts.section_scores, strict=True))
        _add(articles, met_by_article, 1 << bit, zip(impacts.articles, impacts.article_scores, strict=True))
    for word in words:
        if word.is_weak:
            _lift(sections, zip(word.impacts.sections, word.impacts.section_scores, strict=True))
            _lift(articles, zip(word.impacts.articles, word.impacts.article_scores, strict=True))
    share = [(matched / len(strong)) ** COVERAGE for matched in range(len(strong) + 1)] if strong else []
    best: dict[int, Found] = {}
    for section, score in sections.items():
        article = article_of[section]
        covered = share[(met[section] | met_by_article.get(article, 0)).bit_count()]
        total = (score + articles.get(article, 0.0)) * covered
        if (allowed is None or article in allowed) and (article not in best or total > best[article].score):
            best[article] = Found(article, section, total)
    for article, score in articles.items():
        if article not in best and (allowed is None or article in allowed):
            covered = share[met_by_article[article].bit_count()]
            best[article] = Found(article, first_section[article], score * covered)
    return list(best.values())


def top(found: Iterable[Found], want: int) -> list[Found]:
    """Return the `want` best, best first; equal scores by section, so that the order never wavers."""
    return nsmallest(want, found, key=lambda one: (-one.score, one.section))


def _add(scores: dict[int, float], met: dict[int, int], bit: int, gains: Iterable[tuple[int, float]]) -> None:
    for number, gain in gains:
        scores[number] = scores.get(number, 0.0) + gain
        met[number] = met.get(number, 0) | bit


def _lift(scores: dict[int, float], gains: Iterable[tuple[int, float]]) -> None:
    for number, gain in gains:
        if number in scores:
            scores[number] += WEAK * gain
