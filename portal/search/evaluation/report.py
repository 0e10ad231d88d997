"""Report: an outcome for programs and for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.search.evaluation.honesty import Honesty, Shown
from portal.search.evaluation.outcome import Figures, Outcome

PLACES = 6
"""Digits after the point of a figure in JSON."""
_COLUMNS = ("nDCG@10", "MRR@10", "Recall@10", "Success@1", "p50 ms", "p99 ms")
_NAME = 24


def as_json(outcome: Outcome, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return our figures at the top, all else below its own name. about: what was measured, and on what."""
    found: dict[str, Any] = _figures(outcome.figures) | dict(about)
    if outcome.bm25:
        found["bm25"] = _figures(outcome.bm25)
    if outcome.typos:
        kept = None if outcome.typos.kept is None else round(outcome.typos.kept, PLACES)
        found["typos"] = {"seed": outcome.typos.seed, "kept": kept} | _figures(outcome.typos.figures)
    if outcome.honesty:
        found["unanswerable"] = _honesty(outcome.honesty)
    return found


def as_lines(outcome: Outcome) -> Iterator[str]:
    """Give a table of the figures, then sentences on typos and honesty."""
    yield " " * _NAME + "".join(f"{name:>11}" for name in _COLUMNS)
    yield _row("this search", outcome.figures)
    if outcome.bm25:
        yield _row("plain BM25", outcome.bm25)
    if outcome.typos:
        yield _row(f"with typos (seed {outcome.typos.seed})", outcome.typos.figures)
        if outcome.typos.kept is not None:
            yield f"With one typo in each query, {outcome.typos.kept:.1%} of nDCG@10 is kept."
    if outcome.honesty:
        yield from _sentences(outcome.honesty)


def _row(name: str, figures: Figures) -> str:
    relevance = (figures.ndcg, figures.mrr, figures.recall, figures.success)
    latency = (figures.p50_ms, figures.p99_ms)
    return (
        f"{name:<{_NAME}}" + "".join(f"{one:>11.4f}" for one in relevance) + "".join(f"{one:>11.2f}" for one in latency)
    )


def _sentences(honesty: Honesty) -> Iterator[str]:
    yield f"Each of {honesty.n:,} queries asked again without its relevant articles:"
    sure = "not given by this search" if honesty.shown.auroc is None else f"{honesty.shown.auroc:.4f}"
    yield f"  AUROC of the confidence: {sure}; of the plain top score: {honesty.top_score_auroc:.4f}."
    for name, shown in (("at", honesty.shown), ("with labels shuffled, at", honesty.control)):
        answered, unanswered = shown.answered_empty, shown.unanswered_empty
        yield f"  Empty {name} the floor of {honesty.floor:g}: {answered:.1%} answered, {unanswered:.1%} unanswered."


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "ndcg@10": round(figures.ndcg, PLACES),
        "mrr@10": round(figures.mrr, PLACES),
        "recall@10": round(figures.recall, PLACES),
        "success@1": round(figures.success, PLACES),
        "p50_ms": round(figures.p50_ms, PLACES),
        "p99_ms": round(figures.p99_ms, PLACES),
        "n": figures.n,
    }


def _honesty(honesty: Honesty) -> dict[str, Any]:
    return {
        "n": honesty.n,
        "floor": honesty.floor,
        "top_score_auroc": round(honesty.top_score_auroc, PLACES),
        **_shown(honesty.shown),
        "control": _shown(honesty.control),
    }


def _shown(shown: Shown) -> dict[str, Any]:
    return {
        "auroc": None if shown.auroc is None else round(shown.auroc, PLACES),
        "answered_empty": round(shown.answered_empty, PLACES),
        "unanswered_empty": round(shown.unanswered_empty, PLACES),
    }
