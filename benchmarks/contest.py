"""The contest: the same queries for ours and for its peers, in turns, by one thread, with nothing asked twice."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import perf_counter

from benchmarks.asking import Asked
from benchmarks.figures import Figure, milliseconds, percentile

QUERIES = 200
WARM_UP = 20
TURN = 20
"""Queries that one asks in a row before the next one has its turn."""
MEASURE = "Tantivy"
"""The peer that everybody else is a multiple of."""


@dataclass(slots=True)
class Contender:
    """One that answers, with what its answers took."""

    name: str
    ask: Callable[[Asked], int]
    """Returns how many hits it handed back."""
    asks_others: bool = False
    """Whether it gets other queries of the same kind, since another of our contenders would answer from its memory."""
    took: list[float] = field(default_factory=list)
    empty: int = 0
    """Queries that it found nothing for."""

    def answer(self, queries: Sequence[Asked]) -> None:
        """Answer and keep the time of each."""
        for query in queries:
            began = perf_counter()
            hits = self.ask(query)
            self.took.append(perf_counter() - began)
            self.empty += not hits


def compete(contenders: Sequence[Contender], kinds: Mapping[str, Iterator[Asked]]) -> list[Figure]:
    """Ask QUERIES of each kind. kinds: endless and without a query that comes twice."""
    return [figure for kind, stream in kinds.items() for figure in _one_kind(kind, contenders, stream)]


def _one_kind(kind: str, contenders: Sequence[Contender], stream: Iterator[Asked]) -> list[Figure]:
    for one in contenders:
        one.answer(list(islice(stream, WARM_UP)))
        one.took, one.empty = [], 0
    same, others = list(islice(stream, QUERIES)), list(islice(stream, QUERIES))
    gc.collect()
    for number, first in enumerate(range(0, QUERIES, TURN)):
        for one in _in_turn(contenders, number):
            one.answer((others if one.asks_others else same)[first : first + TURN])
    return _figures(kind, contenders)


def _in_turn(contenders: Sequence[Contender], number: int) -> list[Contender]:
    """Let another one begin in each round, and run the other way round in every second."""
    start = number % len(contenders)
    turned = [*contenders[start:], *contenders[:start]]
    return turned if number % 2 == 0 else turned[::-1]


def _figures(kind: str, contenders: Sequence[Contender]) -> list[Figure]:
    measures = {one.name: one for one in contenders}
    return [Figure(f"{kind}: {one.name}", _say(one, measures.get(MEASURE))) for one in contenders]


def _say(one: Contender, peer: Contender | None) -> str:
    said = milliseconds(one.took, 0.5, 0.99)
    if peer and peer is not one:
        shares = (percentile(one.took, share) / percentile(peer.took, share) for share in (0.5, 0.99))
        said += " = " + " / ".join(f"{share:.2f}" for share in shares)
    return f"{said}; {one.empty} empty" if one.empty else said
