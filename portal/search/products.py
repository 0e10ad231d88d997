"""Products: hits of what somebody uses come a little higher, after all ranking, on the page of hits they are on anyway.

Nothing is hidden and nothing comes from another page; a hit that is clearly better stays above. What an index holds,
and what it keeps of its answers, knows nothing of it.
"""

from collections.abc import Collection, Sequence

from portal.content.page import Card
from portal.search.hits import Hit

LIFT = 0.02
"""How much more a hit's score counts when it is of the visitor's product, as a share of itself: what is better by more
than this is clearly better. Development halves of all judged sets, three products dealt out by chance: it costs those
whose product has nothing to do with their question at most 0.0009 of nDCG@10 (0.03: 0.0016, 0.05: 0.0025), and wins the
others 0.0006 to 0.012 (`benchmarks/personal.py`)."""


def reorder(hits: Sequence[Hit], products: Collection[str]) -> tuple[Hit, ...]:
    """Return the same hits, those of one of these products a little higher. products: names in any case."""
    wanted = {one.casefold() for one in products}
    mine = [is_of(hit.card, wanted) for hit in hits]
    return tuple(hits[place] for place in order([hit.score for hit in hits], mine))


def is_of(card: Card, wanted: Collection[str]) -> bool:
    """Whether an article is of one of these products. wanted: names, case folded."""
    return any(one.casefold() in wanted for one in card.products)


def order(scores: Sequence[float], mine: Sequence[bool], lift: float = LIFT) -> list[int]:
    """Return places of hits, the best first. scores: as they were ranked; one that grows counts as the one before it.

    mine: which of them are of the visitor's products. Among hits that are alike in this, the order stays.
    """
    counted: list[float] = []
    least = max(scores, default=0.0)
    for score, is_mine in zip(scores, mine, strict=True):
        least = min(least, score)
        counted.append(least + abs(least) * lift if is_mine else least)
    return sorted(range(len(scores)), key=lambda place: -counted[place])
