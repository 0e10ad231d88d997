"""Ranking: what one index answers with, before it is dressed up as hits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article with its best section; `section` is its number in this index, for `TextIndex.section`."""

    article: str
    section: int
    score: float
    further: tuple[int, ...] = ()
    """Numbers of other sections of it that fit, the best first."""
    passage: tuple[int, int] | None = None
    """Where in the section's text the passage stands that is nearest in meaning."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """`total` counts articles; `ranked` are the best of them, best first; `words` are what to mark in texts."""

    total: int = 0
    ranked: tuple[Ranked, ...] = ()
    words: frozenset[str] = frozenset()
    confidence: float | None = None
    """How likely it is that one of them answers, from 0 to 1; None where nothing was asked."""
    corrected: str | None = None
    """The text with other words in the place of some, where it was searched for so."""
    is_question: bool = False
    is_exact: bool = False
    """Whether advanced syntax, or nothing but filters, says what is a hit: then every one of them is meant."""


@dataclass(frozen=True, slots=True)
class StoredSection:
    """A section as it was indexed."""

    anchor: str
    heading: str
    text: str
