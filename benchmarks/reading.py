"""Searching, completing and reading in this very process: what the rooms cost without a server around them."""

from collections.abc import Callable, Iterable
from itertools import islice
from time import perf_counter

from benchmarks.figures import Figure, milliseconds
from benchmarks.questions import QUERIES, Questions
from portal.search.hits import Query
from portal.search.level import LevelReader

HITS = 10
COMPLETIONS = 8
_SHARES = (0.5, 0.95, 0.99)


def measure(reader: LevelReader, questions: Questions) -> list[Figure]:
    """Ask QUERIES new queries, the same again, QUERIES beginnings of titles, and read QUERIES articles."""
    new, *queries = islice(questions.queries(seed=5), 1 + QUERIES)

    def search(text: str) -> object:
        return reader.search(Query(text=text, lang=questions.lang), offset=0, limit=HITS)

    def complete(text: str) -> object:
        return reader.complete(text, questions.lang, COMPLETIONS)

    search(new)  # opens the files
    complete(new)
    n = f"n={len(queries)}"
    return [
        Figure(f"search in process, new queries: p50 / p95 / p99, {n}", milliseconds(_time(search, queries), *_SHARES)),
        Figure(f"— the same queries again: p50 / p95 / p99, {n}", milliseconds(_time(search, queries), *_SHARES)),
        Figure("complete in process: p50 / p99", milliseconds(_time(complete, questions.beginnings()), 0.5, 0.99)),
        Figure(
            "read a page from the shelf: p50 / p99",
            milliseconds(_time(reader.shelf.page, [card.id for card in questions.articles]), 0.5, 0.99),
        ),
    ]


def _time(work: Callable[[str], object], given: Iterable[str]) -> list[float]:
    """Return the seconds that `work` took for each."""
    taken = []
    for one in given:
        began = perf_counter()
        work(one)
        taken.append(perf_counter() - began)
    return taken
