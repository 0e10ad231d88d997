"""Outcome: all that an evaluation found out, our search and plain BM25 on the same queries in the same run."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from portal.search.evaluation import measures
from portal.search.evaluation.beir import Collection
from portal.search.evaluation.honesty import Honesty, judge_honesty
from portal.search.evaluation.sections import cut_at_headings, keep_whole
from portal.search.evaluation.trial import Method, Searched, Trial
from portal.search.evaluation.typos import with_typo
from portal.search.meaning.kept import KeptVectors
from portal.search.parts import PLAIN, WHOLE, Parts

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be measured, beside our search itself."""

    lang: str = "en"
    parts: Parts = WHOLE
    """What takes part in our search."""
    encoder: str = "auto"
    """The setting PORTAL_ENCODER: whose vectors meaning uses."""
    vectors: Path | None = None
    """File that keeps vectors for the next run; None: they are kept no longer than the index."""
    has_baseline: bool = True
    typo_seed: int | None = None
    floor: float | None = None
    """Confidence below which a page is empty; None: queries are not asked without their answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Means over `n` queries; latency is that of the search call alone, over the different texts among them."""

    ndcg: float
    mrr: float
    recall: float
    success: float
    p50_ms: float
    p99_ms: float
    n: int


@dataclass(frozen=True, slots=True)
class Typos:
    """Our search on queries with one typo each."""

    seed: int
    figures: Figures
    kept: float | None
    """Share of nDCG@10 that is left; None where there was nothing to keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was measured; None for what was not wanted."""

    sections: int
    encoder: str | None
    """Name of what gave the sections vectors; None where words were alone."""
    figures: Figures
    bm25: Figures | None
    typos: Typos | None
    honesty: Honesty | None


def evaluate(collection: Collection, folder: Path, wanted: Wanted, progress: Progress = lambda *_: None) -> Outcome:
    """Index a collection below an empty folder and ask it all its queries."""
    progress("Indexing", 0, len(collection.documents))
    file = wanted.vectors or folder / "vectors.sqlite"
    with KeptVectors(file, wanted.encoder, at_once=sys.maxsize) as kept:
        ours = Method(cut_at_headings, wanted.parts, kept if wanted.parts.meaning else None)
        trial = Trial(folder / "ours", wanted.lang, collection.documents, ours)
    with closing(trial):
        answers = _ask("Searching", trial, collection.queries, progress)
        figures = _figures(answers, collection.queries, collection)
        typos = _typos(trial, collection, wanted, figures.ndcg, progress)
        honesty = _honesty(trial, collection, wanted, answers, progress)
    return Outcome(
        sections=trial.sections,
        encoder=trial.encoder,
        figures=figures,
        bm25=_baseline(collection, folder / "bm25", wanted, progress) if wanted.has_baseline else None,
        typos=typos,
        honesty=honesty,
    )


def _typos(trial: Trial, collection: Collection, wanted: Wanted, without: float, progress: Progress) -> Typos | None:
    """without: nDCG@10 of the queries as they are."""
    seed = wanted.typo_seed
    if seed is None:
        return None
    queries = {key: with_typo(text, seed=seed, query=key) for key, text in collection.queries.items()}
    figures = _figures(_ask("Searching with typos", trial, queries, progress), queries, collection)
    return Typos(seed, figures, figures.ndcg / without if without else None)


def _honesty(
    trial: Trial, collection: Collection, wanted: Wanted, answers: Mapping[str, Searched], progress: Progress
) -> Honesty | None:
    if wanted.floor is None:
        return None
    unanswered = [
        trial.ask(text, without=collection.relevant[key])
        for key, text in _counted("Searching without the answers", collection.queries, progress)
    ]
    return judge_honesty(list(answers.values()), unanswered, floor=wanted.floor)


def _baseline(collection: Collection, folder: Path, wanted: Wanted, progress: Progress) -> Figures:
    """Ask plain BM25 (k1 1.2, b 0.75) over whole documents, title and text in one field."""
    progress("Indexing for BM25", 0, len(collection.documents))
    with closing(Trial(folder, wanted.lang, collection.documents, Method(keep_whole, PLAIN))) as trial:
        answers = _ask("Searching with BM25", trial, collection.queries, progress)
    return _figures(answers, collection.queries, collection)


def _ask(what: str, trial: Trial, queries: Mapping[str, str], progress: Progress) -> dict[str, Searched]:
    return {key: trial.ask(text) for key, text in _counted(what, queries, progress)}


def _counted(what: str, queries: Mapping[str, str], progress: Progress) -> Iterator[tuple[str, str]]:
    for done, (key, text) in enumerate(queries.items()):
        progress(what, done, len(queries))
        yield key, text


def _figures(answers: Mapping[str, Searched], queries: Mapping[str, str], collection: Collection) -> Figures:
    """Judge all answers. queries: their texts as they were asked; where one comes again, memory helped to answer it."""
    pairs = [(one.found, collection.relevant[key]) for key, one in answers.items()]
    first: dict[str, float] = {}
    for key, one in answers.items():
        first.setdefault(queries[key], one.milliseconds)
    latencies = list(first.values())
    return Figures(
        ndcg=measures.mean([measures.ndcg(*pair) for pair in pairs]),
        mrr=measures.mean([measures.reciprocal_rank(*pair) for pair in pairs]),
        recall=measures.mean([measures.recall(*pair) for pair in pairs]),
        success=measures.mean([measures.success(*pair) for pair in pairs]),
        p50_ms=measures.percentile(latencies, 50),
        p99_ms=measures.percentile(latencies, 99),
        n=len(pairs),
    )
