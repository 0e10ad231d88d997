"""The search on collections that others judged: a floor under what it reached, and plain BM25 in the same run.

Measured through the code of `portal evaluate`, on the test halves. Of bc-keywords, which takes a minute, a ninth of the
articles is searched, by words alone; all of it is for the command. A floor stands .015 below the figure of the day on
which it was written: high enough to notice a mistake, low enough not to notice a rounding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from portal.search.evaluation.beir import Collection, files_in, half_of, read_collection
from portal.search.evaluation.outcome import Outcome, Wanted, evaluate
from portal.search.parts import WHOLE, WORDS_ALONE, Parts
from tests.relevance.conftest import JUDGED

pytestmark = pytest.mark.collections


@dataclass(frozen=True)
class Judged:
    """A collection, how it is searched, and the least nDCG@10 that it may reach."""

    lang: str
    floor: float
    parts: Parts = WHOLE
    every: int = 1
    """Of so many documents one is searched."""


COLLECTIONS: Mapping[str, Judged] = {
    "stackfaq": Judged("en", 0.913),
    "covidfaq-en": Judged("en", 0.791),
    "covidfaq-de": Judged("de", 0.430),
    "xquad-en": Judged("en", 0.963),
    "xquad-de": Judged("de", 0.947),
    "xquad-zh": Judged("zh", 0.951),
    "bc-keywords": Judged("en", 0.767, WORDS_ALONE, every=9),
}


@pytest.fixture(scope="module", params=sorted(COLLECTIONS))
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Outcome]:
    name = request.param
    wanted = COLLECTIONS[name]
    collection = half_of(_thinned(_read(JUDGED / name), wanted.every), "test")
    measured = Wanted(lang=wanted.lang, parts=wanted.parts)
    return name, evaluate(collection, tmp_path_factory.mktemp(name), measured)


def test_relevance_stays_above_its_floor(judged: tuple[str, Outcome]) -> None:
    name, outcome = judged
    reached, floor = outcome.figures.ndcg, COLLECTIONS[name].floor
    assert reached >= floor


def test_relevance_is_above_that_of_plain_bm25(judged: tuple[str, Outcome]) -> None:
    _, outcome = judged
    assert outcome.bm25
    ours, plain = outcome.figures.ndcg, outcome.bm25.ndcg
    assert ours > plain


def _read(folder: Path) -> Collection:
    return read_collection(*files_in(folder))


def _thinned(collection: Collection, every: int) -> Collection:
    """Keep one of `every` documents, and the queries of which something relevant is left."""
    documents = dict(list(collection.documents.items())[::every])
    left = {
        query: {key: worth for key, worth in relevant.items() if key in documents}
        for query, relevant in collection.relevant.items()
    }
    relevant = {query: found for query, found in left.items() if found}
    queries = {query: collection.queries[query] for query in relevant}
    return replace(collection, documents=documents, queries=queries, relevant=relevant)
