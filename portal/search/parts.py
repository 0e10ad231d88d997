"""Parts: what takes part in a search. All of it, unless something is left out to see what it is worth."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Each part of ranking as a switch."""

    meaning: bool = True
    """Vectors of passages beside words."""
    correction: bool = True
    """Words that no article has give way to the nearest that one has."""
    synonyms: bool = True
    compounds: bool = True
    """Long words are also looked for by their parts, and parts that were written apart as one."""
    titles: bool = True
    """A query that is an article's title, or another name of it, finds that article first."""
    coverage: bool = True
    """Who has more of the query's words counts more."""
    weak: bool = True
    """Stop words count less than others."""
    without: frozenset[str] = frozenset()
    """Ids of articles that are passed over, as if they were not there."""


WHOLE = Parts()
WORDS_ALONE = Parts(meaning=False)
PLAIN = Parts(
    meaning=False, correction=False, synonyms=False, compounds=False, titles=False, coverage=False, weak=False
)
"""BM25 for each field and no more: what the ranking used is held against."""
