"""Alike: were those helped who asked nearly the same? The nearest neighbours of a wording vote.

What is missing has neighbours who were not helped either; what is there has neighbours who were, by one article. That
tells the two apart where confidence does not: a near miss is offered with as much confidence as an answer
(docs/gaps.md has the trial).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.search.words.languages import words

NEAREST = 5
"""Neighbours that vote. Trial on the development half of stackfaq: 3 or 5 do alike, 1 is misled by near misses."""
ALIKE = 0.55
"""Inner product of the vectors of two wordings from which they are neighbours at all; from 0.45 to 0.6 the trial came
out the same."""
ALIKE_WORDS = 0.6
"""The same for the cosine of their words, where there are no vectors."""
_ENOUGH = 500
"""Wordings that share a word, the rarest first, among which neighbours are looked for without vectors."""
_MOST = 200
"""Neighbours that are looked at in all."""
_AT_ONCE = 256
Floats = NDArray[np.float32]
Encode = Callable[[str, Sequence[str]], Floats | None]
"""(language, texts) -> a row of length one for each; None where there is no encoder for the language."""


@dataclass(frozen=True, slots=True)
class Helped:
    """How many people an article helped who had asked in these words."""

    lang: str
    text: str
    article: str
    people: int


@dataclass(frozen=True, slots=True)
class Vote:
    """What the neighbours of a wording say."""

    alike: Mapping[str, int]
    """Article -> how many of the nearest it helped; `of` of them voted."""
    of: int
    same: Mapping[str, int]
    """Article -> people whom it helped after these very words."""
    near: Mapping[str, int]
    """Article of `alike` -> people whom it helped after any words that are so near."""


def votes(
    lang: str, texts: Sequence[str], unhelped: Collection[str], known: Iterable[Helped], encode: Encode
) -> dict[str, Vote]:
    """Return for each of some wordings of one language what its neighbours say.

    texts, unhelped: wordings as `unmet.wording` writes them; `unhelped` are all whose askers were not helped.
    """
    here = [one for one in known if one.lang == lang]
    voters = [Helped(lang, text, "", 0) for text in sorted(set(unhelped))] + here
    same: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in here:
        same[one.text][one.article] += one.people
    found: dict[str, Vote] = {}
    for text, places in zip(texts, _near(lang, texts, [one.text for one in voters], encode), strict=True):
        first = [voters[at].article for at in places[:NEAREST]]
        alike = Counter(article for article in first if article)
        near: Counter[str] = Counter()
        for at in places:
            if voters[at].article in alike:
                near[voters[at].article] += voters[at].people
        found[text] = Vote(alike, len(first), same.get(text, Counter()), near)
    return found


def _near(lang: str, texts: Sequence[str], others: Sequence[str], encode: Encode) -> list[list[int]]:
    """Return for each text the places of its neighbours among others, its like left out, the nearest first."""
    own: defaultdict[str, list[int]] = defaultdict(list)
    for place, other in enumerate(others):
        own[other].append(place)
    rows = encode(lang, others) if texts and others else None
    asked = encode(lang, texts) if rows is not None else None
    if rows is None or asked is None:
        return _near_by_words(lang, texts, others)
    found: list[list[int]] = []
    for start in range(0, len(texts), _AT_ONCE):
        likeness = asked[start : start + _AT_ONCE] @ rows.T
        for line, text in zip(likeness, texts[start : start + _AT_ONCE], strict=True):
            line[own[text]] = -1
            places = np.flatnonzero(line >= ALIKE)
            found.append(places[np.argsort(-line[places], kind="stable")[:_MOST]].tolist())
    return found


def _near_by_words(lang: str, texts: Sequence[str], others: Sequence[str]) -> list[list[int]]:
    said = [_stems(lang, other) for other in others]
    having: defaultdict[str, list[int]] = defaultdict(list)
    for place, stems in enumerate(said):
        for stem in stems:
            having[stem].append(place)
    found = []
    for text in texts:
        mine = _stems(lang, text)
        near: dict[int, float] = {}
        for stem in sorted(mine, key=lambda one: (len(having[one]), one)):
            if len(near) >= _ENOUGH:
                break
            for at in having[stem][:_ENOUGH]:
                if at not in near and others[at] != text:
                    near[at] = len(mine & said[at]) / (len(mine) * len(said[at])) ** 0.5
        alike = (at for at, likeness in near.items() if likeness >= ALIKE_WORDS)
        found.append(sorted(alike, key=lambda at: (-near[at], at))[:_MOST])
    return found


def _stems(lang: str, text: str) -> frozenset[str]:
    return frozenset(word.text for word in words(text, lang))
