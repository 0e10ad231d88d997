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


def votes(
    lang: str, texts: Sequence[str], unhelped: Collection[str], known: Iterable[Helped], encode: Encode
) -> dict[str, Vote]:
    """Return for each of some wordings of one language what its neighbours say.

    texts, unhelped: wordings as `unmet.wording` writes them; `unhelped` are all whose askers were not helped.
    """
    here = [one for one in known if one.lang == lang]
    voters = [(text, "") for text in sorted(set(unhelped))] + [(one.text, one.article) for one in here]
    same: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in here:
        same[one.text][one.article] += one.people
    near = _nearest(lang, texts, [text for text, _ in voters], encode)
    return {
        text: Vote(Counter(voters[at][1] for at in places if voters[at][1]), len(places), same.get(text, Counter()))
        for text, places in zip(texts, near, strict=True)
    }


def _nearest(lang: str, texts: Sequence[str], others: Sequence[str], encode: Encode) -> list[list[int]]:
    """Return for each text the places of its NEAREST neighbours among others, its like left out, the nearest first."""
    own: defaultdict[str, list[int]] = defaultdict(list)
    for place, other in enumerate(others):
        own[other].append(place)
    rows = encode(lang, others) if texts and others else None
    asked = encode(lang, texts) if rows is not None else None
    if rows is None or asked is None:
        return _nearest_by_words(lang, texts, others)
    found: list[list[int]] = []
    for start in range(0, len(texts), _AT_ONCE):
        likeness = asked[start : start + _AT_ONCE] @ rows.T
        for line, text in zip(likeness, texts[start : start + _AT_ONCE], strict=True):
            line[own[text]] = -1
            best = np.argpartition(-line, min(NEAREST, len(line) - 1))[:NEAREST]
            found.append([int(at) for at in sorted(best, key=lambda at: (-line[at], at)) if line[at] >= ALIKE])
    return found


def _nearest_by_words(lang: str, texts: Sequence[str], others: Sequence[str]) -> list[list[int]]:
    said = [_stems(lang, other) for other in others]
    having: defaultdict[str, list[int]] = defaultdict(list)
    for place, stems in enumerate(said):
        for stem in stems:
            having[stem].append(place)
    found = []
    for text in texts:
        mine = _stems(lang, text)
        shared = Counter(place for stem in mine for place in having[stem] if others[place] != text)
        likeness = {at: count / (len(mine) * len(said[at])) ** 0.5 for at, count in shared.items()}
        best = sorted(likeness, key=lambda at: (-likeness[at], at))[:NEAREST]
        found.append([at for at in best if likeness[at] >= ALIKE_WORDS])
    return found


def _stems(lang: str, text: str) -> frozenset[str]:
    return frozenset(word.text for word in words(text, lang))
