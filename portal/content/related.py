"""Related: which articles are nearest to one another, by what their writers said of them. Pure; no search engine.

A link counts in either direction, a shared tag or product counts more the fewer share it. The topic only settles ties.
"""

import hashlib
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from math import fsum, log

MOST = 4
"""As many stand below an article: one row on a wide page, two on a narrow one."""
LINK = 2.0
"""How much a link outweighs a shared tag of the same rarity: its writer meant that very article."""
ENOUGH = 50
"""With so many candidates by an article's links and rarest words, common words bring in no others: they tell little,
and the work would grow with the square of the collection. Of a very common word's bearers, so many are looked at.
"""
Mark = tuple[str, str]
"""What several articles may share: ("tag", "router")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """As much of an article as its nearness to others depends on."""

    id: str
    lang: str
    topic: str | None
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Ids of the articles it links to; those that are not here, or in another language, count for nothing."""


def related(articles: Iterable[Kin]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the nearest articles of the same language by id, at most `MOST`, the nearest first.

    Articles without any are left out. The same articles in another order give the same.
    """
    by_language: dict[str, dict[str, Kin]] = defaultdict(dict)
    for kin in articles:
        by_language[kin.lang][kin.id] = kin
    return {key: nearest for known in by_language.values() for key, nearest in _within(known).items()}


def fingerprint(articles: Iterable[Kin]) -> str:
    """Name all that `related` depends on."""
    return hashlib.sha256(repr(sorted(map(_plainly, articles))).encode("utf-8", "surrogateescape")).hexdigest()[:20]


def _plainly(kin: Kin) -> tuple[str, ...]:
    return kin.id, kin.lang, kin.topic or "", repr((kin.tags, kin.products, kin.links))


def _within(known: Mapping[str, Kin]) -> dict[str, tuple[str, ...]]:
    """Relate the articles of one language."""
    bonds = _bonds(known)
    marks = {key: _marks(kin) for key, kin in known.items()}
    bearers = _bearers(known, marks)
    weights = {mark: log(len(known) / len(some)) for mark, some in bearers.items()}
    found = {}
    for key, kin in known.items():
        telling = {mark for mark in marks[key] if weights[mark] > 0}  # what all share says nothing
        candidates = set(bonds[key])
        for mark in sorted(telling, key=lambda mark: (-weights[mark], mark)):
            if len(candidates) < ENOUGH:
                candidates.update(_near(bearers[mark], kin))
        candidates.discard(key)
        if candidates:
            shared = {other: fsum(weights[mark] for mark in telling & marks[other]) for other in candidates}
            found[key] = _best({other: bonds[key][other] + own for other, own in shared.items()}, kin, known)
    return found


def _bonds(known: Mapping[str, Kin]) -> dict[str, dict[str, float]]:
    """Return what links alone say: a link to what everybody links to says little."""
    targets = {key: {link for link in kin.links if link in known and link != key} for key, kin in known.items()}
    linked = Counter(link for links in targets.values() for link in links)
    bonds: dict[str, dict[str, float]] = {key: defaultdict(float) for key in known}
    for key, links in targets.items():
        for link in links:
            weight = LINK * log(1 + len(known) / linked[link])
            bonds[key][link] += weight
            bonds[link][key] += weight
    return bonds


def _marks(kin: Kin) -> set[Mark]:
    tags = {("tag", tag.casefold()) for tag in kin.tags}
    return tags | {("product", product.casefold()) for product in kin.products}


def _bearers(known: Mapping[str, Kin], marks: Mapping[str, set[Mark]]) -> dict[Mark, list[tuple[str, str]]]:
    """Return who bears each mark, as (topic, id), sorted."""
    bearers: dict[Mark, list[tuple[str, str]]] = defaultdict(list)
    for place in sorted((kin.topic or "", key) for key, kin in known.items()):
        for mark in marks[place[1]]:
            bearers[mark].append(place)
    return bearers


def _near(bearers: list[tuple[str, str]], kin: Kin) -> Iterator[str]:
    """Give a mark's bearers; of very many those about the article's own place, which are of its topic if any are."""
    own = bisect(bearers, (kin.topic or "", kin.id))
    start = max(0, min(own - ENOUGH // 2, len(bearers) - ENOUGH))
    return (key for _, key in bearers[start : start + ENOUGH])


def _best(scores: Mapping[str, float], kin: Kin, known: Mapping[str, Kin]) -> tuple[str, ...]:
    def rank(other: str) -> tuple[float, bool, str]:
        is_elsewhere = kin.topic is None or known[other].topic != kin.topic
        return -round(scores[other], 6), is_elsewhere, other

    return tuple(nsmallest(MOST, scores, key=rank))
