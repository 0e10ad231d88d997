"""Honesty: does the search know when it has no answer? Each query is asked again without what is relevant to it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from portal.search.evaluation.measures import auroc, mean
from portal.search.evaluation.trial import Searched

CONTROL_SEED = 1
"""Of the shuffling; any other would do."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How well a number tells queries with an answer from those without, and what the floor does to each."""

    auroc: float | None
    """Of the confidence: 1 is perfect, .5 is chance. None where the search gave no confidence."""
    answered_empty: float
    """Share of the queries with an answer whose page is empty; the lower, the better."""
    unanswered_empty: float
    """Share of those without one whose page is empty; the higher, the better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Honesty:
    """`control` is the same with the labels shuffled: what chance alone would give."""

    shown: Shown
    top_score_auroc: float
    """Of the first hit's score, which costs nothing; confidence must beat it."""
    control: Shown
    floor: float
    n: int
    """Queries; each was asked twice."""


def judge_honesty(answered: Sequence[Searched], unanswered: Sequence[Searched], *, floor: float) -> Honesty:
    """Compare the answers to the same queries, at least one, with and without their relevant articles.

    A page is empty where nothing was found, or the confidence is below the floor.
    """
    shuffled = [*answered, *unanswered]
    random.Random(CONTROL_SEED).shuffle(shuffled)  # noqa: S311 - chance that can be repeated, not a secret
    return Honesty(
        shown=_shown(answered, unanswered, floor),
        top_score_auroc=auroc([one.score for one in answered], [one.score for one in unanswered]),
        control=_shown(shuffled[: len(answered)], shuffled[len(answered) :], floor),
        floor=floor,
        n=len(answered),
    )


def _shown(answered: Sequence[Searched], unanswered: Sequence[Searched], floor: float) -> Shown:
    is_given = any(one.confidence is not None for one in (*answered, *unanswered))
    return Shown(
        auroc=auroc([_sure(one) for one in answered], [_sure(one) for one in unanswered]) if is_given else None,
        answered_empty=mean([_is_empty(one, floor) for one in answered]),
        unanswered_empty=mean([_is_empty(one, floor) for one in unanswered]),
    )


def _is_empty(one: Searched, floor: float) -> bool:
    return not one.found or (one.confidence is not None and one.confidence < floor)


def _sure(one: Searched) -> float:
    """Return the confidence; where nothing was asked, because no word was left, there is none."""
    return one.confidence or 0.0
