"""Answering: the passage that answers a question, quoted from the section that was found."""

import re

from portal.search.highlight import mark
from portal.search.hits import Answer, Hit
from portal.search.rankings import Ranking

SURE = 0.7
"""Confidence from which a passage is set above the hits; development halves: the first article is then right in 85 % (covidfaq-en) to 99 %."""
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
    quoted = _whole_sentences(text[slice(*passage)])
    if len(quoted) < SHORTEST:
        return None
    return Answer(card=hit.card, anchor=hit.anchor, heading=hit.heading, passage=mark(quoted, ranking.words, lang))


def _whole_sentences(text: str) -> str:
    """Return the first sentences of a passage, as many as may be quoted; a first one that is too long is left out."""
    end = 0
    for between in (*_SENTENCE_END.finditer(text), None):
        place = between.start() if between else len(text)
        if place > LONGEST:
            break
        end = place
    return text[:end].strip()
