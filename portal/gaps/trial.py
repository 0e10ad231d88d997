"""Trial: how well *missing* was told, where it is known which needs have an answer. Values in, figures out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.gaps.models import Cause


@dataclass(frozen=True, slots=True)
class Claimed:
    """A gap of a trial: the cause it was given, and the labels of the people in it."""

    number: int
    cause: Cause
    labels: Mapping[str, int]

    @property
    def label(self) -> str:
        """The label that most of its people have; the first by name where two have as many."""
        return min(self.labels, key=lambda label: (-self.labels[label], label))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a trial came to."""

    people: int
    unresolved: int
    """People whose need ended badly."""
    gaps: int
    missing: int
    """Gaps that were said to be missing."""
    right: int
    """Of these, those whose people mostly wanted what has no article."""
    found: int
    """Needs without an article that some gap was said to be missing for."""
    wanted: int
    """Needs without an article that enough people had."""
    split: int
    """Gaps beyond the first for the same need."""
    causes: Mapping[str, int]

    @property
    def precision(self) -> float | None:
        """Share of *missing* that is; None where nothing was said to be."""
        return self.right / self.missing if self.missing else None

    @property
    def recall(self) -> float | None:
        """Share of the needs without an article that were found; None where there are none."""
        return self.found / self.wanted if self.wanted else None


def judge(
    claims: Sequence[Claimed], *, without: Collection[str], wanted: Collection[str], people: int, unresolved: int
) -> Trial:
    """Hold what was claimed against what is known.

    without: labels that have no article. wanted: those of them that enough people asked for to make a gap.
    """
    filled = [claim for claim in claims if claim.labels]
    missing = [claim for claim in filled if claim.cause is Cause.MISSING]
    right = [claim for claim in missing if claim.label in without]
    return Trial(
        people=people,
        unresolved=unresolved,
        gaps=len(filled),
        missing=len(missing),
        right=len(right),
        found=len({claim.label for claim in right} & set(wanted)),
        wanted=len(wanted),
        split=len(filled) - len({claim.label for claim in filled}),
        causes=dict(Counter(claim.cause.value for claim in filled)),
    )
