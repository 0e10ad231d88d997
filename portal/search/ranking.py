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

NEARLY = 0.5
"""Share of the best section's score that another one must have to be worth a jump; chosen by looking at the hits of
some fifty queries in two collections."""
MOST_FURTHER = 6
"""Further sections that are named for an article: thrice what is shown, for not every heading says why it fits."""


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
class Weights:
    """What all words of a query come to: scores and, as bits, which strong words were met, by section and article."""

    sections: dict[int, float]
    articles: dict[int, float]
    met: dict[int, int]
    met_by_article: dict[int, int]
    share: list[float]
    """What a score is worth, by how many of the strong words were met."""


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


def add_up(words: Sequence[Sought]) -> Weights:
    """Add up what each word adds; a query of weak words alone should say they are not weak."""
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
    return Weights(sections, articles, met, met_by_article, share)


def rank(
    weights: Weights, article_of: Sequence[int], first_section: Sequence[int], allowed: Container[int] | None
) -> list[Found]:
    """Score every article that has a word, in no order.

    article_of: number of the article of each section. first_section: each article's first.
    allowed: numbers of the articles that count; None allows all.
    """
    articles, met, met_by_article, share = weights.articles, weights.met, weights.met_by_article, weights.share
    best: dict[int, float] = {}
    place: dict[int, int] = {}
    for section, score in weights.sections.items():
        article = article_of[section]
        if allowed is None or article in allowed:
            covered = share[(met[section] | met_by_article.get(article, 0)).bit_count()]
            total = (score + articles.get(article, 0.0)) * covered
            if article not in best or total > best[article]:
                best[article], place[article] = total, section
    for article, score in articles.items():
        if article not in best and (allowed is None or article in allowed):
            covered = share[met_by_article[article].bit_count()]
            best[article], place[article] = score * covered, first_section[article]
    return [Found(article, place[article], score) for article, score in best.items()]


def further(weights: Weights, found: Found, article_of: Sequence[int], first_section: Sequence[int]) -> tuple[int, ...]:
    """Return the article's other sections that fit nearly as well as the one found, best first, a few at most."""
    own = weights.sections.get(found.section, 0.0)
    scored: list[tuple[float, int]] = []
    section = first_section[found.article]
    while section < len(article_of) and article_of[section] == found.article:
        score = weights.sections.get(section, 0.0)
        if section != found.section and score and score >= NEARLY * own:
            known = weights.met[section] | weights.met_by_article.get(found.article, 0)
            scored.append((-score * weights.share[known.bit_count()], section))
        section += 1
    return tuple(section for _, section in nsmallest(MOST_FURTHER, scored))


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
