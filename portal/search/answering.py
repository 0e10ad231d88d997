"""Answering: the passage that answers a question, quoted from the section that was found."""

import re
from collections.abc import Iterator

from portal.search.highlight import mark
from portal.search.hits import Answer, Hit
from portal.search.rankings import Ranking

SURE = 0.7
"""Confidence from which a passage is set above the hits; development halves: the first article is then right in 87 %
(covidfaq-en) to 99 %."""
LONGEST = 420
"""Characters quoted: about what fits on a phone without scrolling."""
SHORTEST = 40
_SENTENCE_END = re.compile("(?<=[.!?\u2026])\\s+|(?<=[\u3002\uff01\uff1f])|\n+")


def answer(hit: Hit, text: str, passage: tuple[int, int] | None, ranking: Ranking, lang: str) -> Answer | None:
    """Return the passage of a hit's section that answers a question; None where none is likely to.

    text: the section's. passage: where the nearest in meaning stands, if that is known.
    """
    if (ranking.confidence or 0.0) < SURE or passage is None:
        return None
    quoted = _whole_sentences(text, *passage)
    if len(quoted) < SHORTEST:
        return None
    return Answer(card=hit.card, anchor=hit.anchor, heading=hit.heading, passage=mark(quoted, ranking.words, lang))


def _whole_sentences(text: str, start: int, end: int) -> str:
    """Return the first sentences that lie within a passage, as many as may be quoted; none is cut at either end."""
    begun = done = -1
    for first, behind in _sentences(text):
        if start <= first and behind <= end:
            begun = first if begun < 0 else begun
            if behind - begun > LONGEST:
                break
            done = behind
    return text[begun:done] if 0 <= begun < done else ""


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Give the first character of each sentence and the one behind its last, white space left out."""
    start = 0
    for between in (*_SENTENCE_END.finditer(text), None):
        said = text[start : between.start() if between else len(text)]
        first = start + len(said) - len(said.lstrip())
        if said.strip():
            yield first, first + len(said.strip())
        start = between.end() if between else len(text)
