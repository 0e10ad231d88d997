"""Title: a gap's name in its customers' own words, fit to stand on a page."""

import re
from collections.abc import Sequence

from portal.gaps.junk import is_junk
from portal.gaps.models import WORDING_LIMIT
from portal.search.words.languages import words
from portal.text import cut, one_line

LONGEST = 100
"""Characters: about what a heading takes in two lines, and a commit's subject in one and a half."""
_TOO_SHORT = 2
"""Words: fewer than that name a thing and no need, so longer wordings go before."""
_REDACTED = re.compile(r"\[[^\[\]]{0,40}\]")
_LEFT_OVER = re.compile(r"https?://\S+|\S+@\S+|\S*\d{6,}\S*|\S{40,}", re.IGNORECASE)
_SPACES_BEFORE = re.compile(r"\s+([?,.;:!])")
_ENDS = " \t\"'\u201c\u201d\u2018\u2019.,;:-\u2013\u2014!*#=&|/\\<>()"


def title_of(
    said: Sequence[tuple[str, int]], central: str, shared: Sequence[str], *, lang: str, least_people: int
) -> str:
    """Return the title of a gap that enough different people have.

    said: wordings as typed, with the different people behind each. central: the one most like all others.
    shared: words that most of them have. A wording that enough people used goes before one that a single person did.
    Never junk, and never what stood for something personal; may be empty where nothing is fit.
    """
    fit = [(clean(text), people, text == central) for text, people in said if not is_junk(text, lang)]
    fit = [one for one in fit if one[0] and not is_junk(one[0], lang)]
    if not fit:
        return sentence(" ".join(shared))
    best = max(
        fit,
        key=lambda one: (
            len(words_of(one[0], lang)) >= _TOO_SHORT,
            one[1] >= least_people,
            one[2],
            one[1],
            -len(one[0]),
            one[0],
        ),
    )
    return sentence(best[0])


def clean(text: str) -> str:
    """Take out what stood for something personal, addresses, long numbers, and signs at both ends."""
    bare = _LEFT_OVER.sub(" ", _REDACTED.sub(" ", text))
    line = _SPACES_BEFORE.sub(r"\1", one_line(bare)).strip(_ENDS)
    return cut(line, LONGEST)


def sentence(text: str) -> str:
    """Return a text with a capital first and, where all of it was typed in capitals, in small letters behind."""
    letters = [sign for sign in text if sign.isalpha()]
    calm = text.lower() if len(letters) > _TOO_SHORT * 2 and all(sign.isupper() for sign in letters) else text
    return (calm[:1].upper() + calm[1:])[:WORDING_LIMIT]


def words_of(text: str, lang: str) -> list[str]:
    """Return the words of a text as they are compared, each once, in order."""
    return list(dict.fromkeys(word.text for word in words(text, lang) if word.is_main))
