"""Slots: what is looked for, word by word as it was typed, each with the other ways in which it may be said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to say a slot: all of its words must be there."""

    words: tuple[str, ...]
    worth: float
    """Share of its score that counts, 0 to 1."""
    reason: str = ""
    """synonym, correction or compound."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One or more words that were typed side by side, each looked for by itself, or all of them said in another way.

    A word that ends with `*` stands for all that begin so.
    """

    words: tuple[str, ...]
    others: tuple[Way, ...] = ()
