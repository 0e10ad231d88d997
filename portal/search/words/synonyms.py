"""Synonyms: what else the words of a query may be said as, by the rules that writers keep in `synonyms.txt`.

Phrases are compared as analysed: `Notebooks` meets the rule for `notebook`, in any case, with or without accents.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from portal.content.synonyms_file import SynonymRule
from portal.search.words.languages import words as analyse

MOST_OTHERS = 50
"""Of one phrase; a file alone can't say more, but inflected forms of one word may bring several rules together."""
FORMAT = 1
Phrase: TypeAlias = tuple[str, ...]
"""Main forms of one or more words, in order."""
Sides: TypeAlias = tuple[tuple[Phrase, ...], tuple[Phrase, ...]]
"""What is said, and what is meant by it; equal in a rule that holds both ways."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """The words from `start` to `end`, end excluded, may also be said as each of `others`."""

    start: int
    end: int
    others: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The rules of one language, ready to be asked. Safe to be shared between threads."""

    rules: tuple[Sides, ...] = ()
    _means: dict[Phrase, list[int]] = field(init=False, repr=False, compare=False)
    """Which rules a phrase is said in."""
    _lengths: dict[str, list[int]] = field(init=False, repr=False, compare=False)
    """How many words the phrases have that begin with a word, longest first."""

    def __post_init__(self) -> None:
        """Look up tables over the rules."""
        means: dict[Phrase, list[int]] = {}
        for number, (said, _) in enumerate(self.rules):
            for phrase in said:
                means.setdefault(phrase, []).append(number)
        lengths: dict[str, set[int]] = {}
        for phrase in means:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        object.__setattr__(self, "_means", means)
        object.__setattr__(self, "_lengths", {word: sorted(some, reverse=True) for word, some in lengths.items()})

    def expand(self, words: Sequence[str]) -> tuple[Expansion, ...]:
        """Return what else is meant by a query's main forms, in order; expansions do not overlap.

        At each word the longest phrase that begins there counts, and the search goes on behind it.
        """
        return tuple(self._expansions(tuple(words)))

    def to_json(self) -> str:
        """Write the rules down for `from_json`."""
        rules = [[said] if said == meant else [said, meant] for said, meant in self.rules]
        return json.dumps({"format": FORMAT, "rules": rules}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, written: str | bytes) -> "Synonyms":
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        try:
            found = json.loads(written)
            if found["format"] != FORMAT:
                raise ValueError("the synonyms are written in another format")
            return cls(tuple(_sides(rule) for rule in found["rules"]))
        except (TypeError, KeyError, RecursionError) as error:
            raise ValueError("the synonyms are damaged") from error

    def _expansions(self, words: Phrase) -> Iterator[Expansion]:
        start = 0
        while start < len(words):
            end = self._end(words, start)
            if end > start:
                yield Expansion(start, end, self._others(words[start:end]))
            start = max(end, start + 1)

    def _end(self, words: Phrase, start: int) -> int:
        """Return where the longest phrase that begins at `start` ends; `start` where there is none."""
        ends = (start + length for length in self._lengths.get(words[start], ()))
        return next((end for end in ends if end <= len(words) and words[start:end] in self._means), start)

    def _others(self, phrase: Phrase) -> tuple[Phrase, ...]:
        found = dict.fromkeys(other for number in self._means[phrase] for other in self.rules[number][1])
        found.pop(phrase, None)
        return tuple(found)[:MOST_OTHERS]


def compile_synonyms(rules: Iterable[SynonymRule], lang: str) -> Synonyms:
    """Analyse rules as texts of `lang` are; what says nothing new is left out, such as two forms of one word."""
    found: dict[Sides, None] = {}
    for rule in rules:
        said, meant = _phrases(rule.said, lang), _phrases(rule.meant, lang)
        useful = tuple(phrase for phrase in said if any(other != phrase for other in meant))
        if useful:
            found[useful, meant] = None
    return Synonyms(tuple(found))


def _phrases(texts: Iterable[str], lang: str) -> tuple[Phrase, ...]:
    """Analyse each text; empty ones and those that come to the same are left out."""
    analysed = (tuple(word.text for word in analyse(text, lang) if word.is_main) for text in texts)
    return tuple(dict.fromkeys(phrase for phrase in analysed if phrase))


def _sides(rule: object) -> Sides:
    """Read one rule as written. Raises ValueError or TypeError for another shape."""
    if not isinstance(rule, list) or len(rule) not in (1, 2):
        raise ValueError("a rule of the synonyms is damaged")
    sides = tuple(_written_phrases(side) for side in rule)
    return sides[0], sides[-1]


def _written_phrases(side: object) -> tuple[Phrase, ...]:
    if not isinstance(side, list) or not side:
        raise ValueError("one side of a rule of the synonyms is damaged")
    for phrase in side:
        if not isinstance(phrase, list) or not phrase or not all(isinstance(word, str) for word in phrase):
            raise ValueError("a phrase of the synonyms is damaged")
    return tuple(tuple(phrase) for phrase in side)
