"""Passages: a section as the texts whose meaning is compared with a query's. Pure: words in, words and places out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from portal.text import fold

# Measured on the development halves of the judged collections: a vector of title and heading alone beside vectors of
# the text in passages of about 70 words beat passages with the title in front of each, and longer or shorter ones.
AIM, FULL, TOO_LONG = 70, 80, 98
"""Words: what a long sentence is cut into, what a passage holds at most, and from when a sentence is cut."""
UNSPACED = AIM / 160
"""What one character counts where words are not parted by blanks: 160 of them are a passage."""
LONGEST_WORD = 40
"""Characters of what has no blanks; the rest counts as words of its own, so that addresses and tables are cut too."""
MOST = 40
"""Passages of one section's text; what comes behind some 3,000 words is found by its words alone."""

# Han, kana, Thai, Lao, Khmer and Myanmar. Korean is not among them: it parts words by blanks.
_SIGNS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"(?P<sign>[{_SIGNS}])|[^\s{_SIGNS}]{{1,{LONGEST_WORD}}}")
_ENDS = ".!?:\u2026\u061f\u06d4"
_WIDE_ENDS = "\u3002\uff01\uff1f\uff1b"
_BETWEEN = re.compile(rf"(?<=[{_ENDS}])\s+|[\n\u2028\u2029]+|(?<=[{_WIDE_ENDS}])")


class Kind(StrEnum):
    """What a passage is taken from."""

    HEADING = "heading"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to be encoded."""

    text: str
    """One line."""
    start: int
    end: int
    """Characters of the section's body that it stands for, end excluded; both 0 for a heading."""
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, a line, or a part of a long one."""

    start: int
    end: int
    weight: float
    """Words, as AIM and FULL count them."""


def passages_of(title: str, heading_chain: str, body: str, lang: str) -> tuple[Passage, ...]:  # noqa: ARG001
    """Return the passages of one section: its heading, then its text in order.

    title: the article's. heading_chain: the section's heading, or several, the outermost first; empty before the
    first. body: plain text, blocks parted by line ends. Body passages follow one another without overlap and leave
    out nothing but white space, up to MOST of them; `body[start:end]` may be quoted. lang: asked for by the door's
    contract; today the script alone tells how words are parted, in articles of mixed languages too.
    """
    heading = _heading(title, heading_chain)
    found = [Passage(heading, 0, 0, Kind.HEADING)] if heading else []
    for start, end in islice(_packed(body), MOST):
        found.append(Passage(" ".join(body[start:end].split()), start, end, Kind.BODY))
    return tuple(found)


def _heading(title: str, heading: str) -> str:
    """Return "Title. Heading"; one of the two where the other is empty or says the same."""
    title, heading = " ".join(title.split()), " ".join(heading.split())
    if not title or not heading or fold(title) == fold(heading):
        return title or heading
    return f"{title}{'' if title[-1] in _ENDS + _WIDE_ENDS else '.'} {heading}"


def _packed(body: str) -> Iterator[tuple[int, int]]:
    """Put pieces together until a passage is full; give the first and last character of each."""
    start = end = 0
    weight = 0.0
    for piece in _pieces(body):
        if weight and weight + piece.weight > FULL:
            yield start, end
            weight = 0.0
        start = start if weight else piece.start
        end = piece.end
        weight += piece.weight
    if weight:
        yield start, end


def _pieces(body: str) -> Iterator[_Piece]:
    """Cut at the ends of sentences and lines, and a sentence that is too long after every AIM words."""
    start = 0
    for between in _BETWEEN.finditer(body):
        yield from _parts(body, start, between.start())
        start = between.end()
    yield from _parts(body, start, len(body))


def _parts(body: str, start: int, end: int) -> Iterator[_Piece]:
    tokens = [_Piece(*token.span(), UNSPACED if token["sign"] else 1.0) for token in _TOKEN.finditer(body, start, end)]
    most = AIM if sum(token.weight for token in tokens) > TOO_LONG else TOO_LONG
    part: list[_Piece] = []
    weight = 0.0
    for token in tokens:
        if weight + token.weight > most:
            yield _Piece(part[0].start, part[-1].end, weight)
            part, weight = [], 0.0
        part.append(token)
        weight += token.weight
    if part:
        yield _Piece(part[0].start, part[-1].end, weight)
