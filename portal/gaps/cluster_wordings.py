"""What a cluster's wordings have in common, and which of them speaks for all."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portal.search.query import words_that_say_little
from portal.search.words.languages import words
from portal.search.words.stop_words import stop_words

MOST_SHARED = 4
SHARE = 0.5
"""Of a cluster's people, who must have a word for it to be shared."""
Floats = NDArray[np.float32]


class Said(Protocol):
    """A wording and how many have it."""

    @property
    def text(self) -> str:
        """As it was typed."""

    @property
    def lang(self) -> str:
        """BCP 47 tag."""

    @property
    def people(self) -> int:
        """How many have it."""


def shared_words(said: Sequence[Said]) -> tuple[str, ...]:
    """Return words, as most people write them, that at least SHARE of the people have, the most frequent first.

    Words that say little are left out; so may be all.
    """
    people: Counter[str] = Counter()
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for one in said:
        little = words_that_say_little(one.lang) | stop_words(one.lang)
        seen: set[str] = set()
        for word in words(one.text, one.lang):
            form = one.text[word.start : word.end].casefold()
            if word.is_main and word.text not in little and form not in little:
                written[word.text][form] += one.people
                if word.text not in seen:
                    seen.add(word.text)
                    people[word.text] += one.people
    least = SHARE * sum(one.people for one in said)
    common = sorted((-count, stem) for stem, count in people.items() if count >= least)
    chosen = (min(written[stem].items(), key=lambda item: (-item[1], item[0]))[0] for _, stem in common)
    return tuple(dict.fromkeys(chosen))[:MOST_SHARED]


def exemplar(group: Sequence[int], people: Sequence[int], positions: Mapping[int, Floats]) -> int:
    """Return the member nearest to all, weighed by people; of equals the one of most people, then the first."""
    standing = [(i, count) for i, count in zip(group, people, strict=True) if i in positions]
    if not standing:
        return group[0]
    rows = np.stack([positions[i] for i, _ in standing])
    counts = np.array([count for _, count in standing], np.float32)
    likeness = np.round(rows @ (counts @ rows) / max(float(counts.sum()), 1.0), 4)
    best = max(range(len(standing)), key=lambda at: (likeness[at], counts[at], -at))
    return standing[best][0]
