"""Which word of a collection a mistyped one was meant to be.

Each reading level and language has words of its own, so that no word of an internal article is ever suggested
to a customer.
"""

import math
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.search.words.keyboards import is_slip, slip_cost
from portal.search.words.languages import bare
from portal.search.words.surface import LONGEST, SurfaceWords, forms, read_spelling

MOST_CORRECTED = 4
"""Words of one query that are worth correcting; the caller keeps to it."""
FEW_LETTERS, MANY_LETTERS = 4, 8
TWO_SLIPS = 7
"""Letters from which two slips are forgiven rather than one.

From 6 on, 12.7 rather than 12.2 % of the words that were meant so are changed, and none more of one edit come back.
"""
LIKELY = 0.4
"""Likeness of the best word under which nothing is suggested.

At 0.25, 94 rather than 92 % of the words with one edit come back, and 16 rather than 12 % of words that were meant so
are changed; at 0.55, 87 and 9 %.
"""
THINKABLE = 0.1
"""Likeness of a further word under which it is not named."""

# All figures here are means over the development halves of stackfaq, covidfaq-en, bc-keywords, xquad-en and xquad-de.
# The next four follow a fit by maximum likelihood, rounded by hand: half of its words had one edit at random, half
# were words of the other sets that this one does not have, and that should be left as they are.
FREQUENCY = 0.67
"""Weight of the logarithm of the number of articles that have a word."""
EACH_SLIP = 4.6
"""Weight of the cost of the slips."""
STRANGENESS = 27.0
DOUBT = 9.3
"""STRANGENESS / letters - DOUBT: weight of the thought that it is no mistake. Short words have many neighbours."""
FIRST_LETTER = 0.25
"""What a wrong first letter costs besides. Edits at random said 0.13; people get it right more often, so we guess."""
BEYOND_ONE = 0.5
"""What a cost above one wrong letter counts besides: nobody means `password` who types `passport`.

Chosen by hand. Of words with two edits at random 40 % come back, at nothing 52 %; of words that were meant so 12.2
rather than 13.6 % are changed.
"""

_WEIGHED = 12  # candidates whose slips are weighed one by one
# `zuruecksetzen` is how `zurücksetzen` is typed where there is no key for it.
_SPREAD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_DIGRAPH = re.compile("(?<=[aou])e|(?<=a)a")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word of the collection, in lower case and with its accents, that a mistyped one may stand for."""

    word: str
    likeness: float
    """From 0 to 1, how likely it is that this was meant, given that half of all unknown words are mistakes."""


class Speller:
    """Suggests words of one file; safe to share between threads.

    The file is opened when it is first asked for something. One that is missing or damaged is said in the log, once,
    and then has no words: a search without corrections is better than none.
    """

    def __init__(self, path: Path) -> None:
        """path: a file that `write_spelling` wrote, and that never changes."""
        self._path = path
        self._lock = threading.Lock()
        self._words: SurfaceWords | None = None

    def open(self) -> None:
        """Open the file now, so that it can be read on when it is gone."""
        self._open()

    def has(self, word: str) -> bool:
        """Whether the collection has the word just so, but for case."""
        _, written = forms(word)
        return bool(written) and self._open().has(written)

    def suggest(self, word: str, most: int = 3) -> tuple[Suggestion, ...]:
        """Return the words that were likely meant, best first; none for a word that is there or that is no word.

        Accents cost nothing. Under SHORTEST letters nothing is corrected; with three only a swap or a letter left
        out, under TWO_SLIPS one slip, then two. The first letter is trusted, but for a single slip.
        """
        typed, written = forms(word)
        words = self._open()
        if not typed or words.has(written):
            return ()
        chances: dict[str, float] = {}
        for number in _candidates(words, typed):
            plain, meant = words.word(number)
            chances[meant] = math.exp(_evidence(typed, plain, meant, int(words.counts[number])))
        whole = math.exp(STRANGENESS / len(typed) - DOUBT) + sum(chances.values())
        found = (Suggestion(meant, chance / whole) for meant, chance in chances.items())
        best = sorted(found, key=lambda one: (-one.likeness, one.word))[:most]
        return tuple(one for one in best if one.likeness >= THINKABLE and best[0].likeness >= LIKELY)

    def begins(self, word: str, most: int) -> tuple[str, ...]:
        """Return the commonest words that begin so, whatever their accents; the commonest first, then by alphabet."""
        prefix = bare(word) if len(word) <= LONGEST else ""
        return self._open().begins(prefix, most) if prefix else ()

    def close(self) -> None:
        """Let go of the file; calls under way end in peace, a later one opens it again."""
        with self._lock:
            self._words = None

    def _open(self) -> SurfaceWords:
        with self._lock:
            if self._words is None:
                self._words = read_spelling(self._path)
            return self._words


def _candidates(words: SurfaceWords, typed: str) -> list[int]:
    """Return the numbers of the words in reach that are worth weighing: few slips first, then the commonest."""
    found: dict[int, float] = {}
    for form in {typed, _DIGRAPH.sub("", typed)}:
        for number, slips in words.near(form, 1 if len(typed) < TWO_SLIPS else 2):
            found[number] = min(slips, found.get(number, slips))
    meant = [number for number in found if _may_mean(typed, words.word(number)[0])]
    return sorted(meant, key=lambda number: (found[number], -int(words.counts[number]), number))[:_WEIGHED]


def _may_mean(typed: str, plain: str) -> bool:
    """Whether a slip in a short word is one that people make, rather than another word: `fake` never means `take`.

    With few letters they were swapped, or one lacks or is too many. The first one is swapped with the second, or lacks.
    """
    is_swapped = sorted(typed) == sorted(plain)
    if len(typed) <= FEW_LETTERS and len(typed) == len(plain) and not is_swapped:
        return False
    if typed[0] == plain[0] or typed[:2] == plain[1::-1] or len(typed) >= MANY_LETTERS:
        return True
    return typed == plain[1:] and len(typed) > FEW_LETTERS


def _evidence(typed: str, plain: str, written: str, count: int) -> float:
    """Return the logarithm of the chance that a word of `count` articles was meant, up to a constant."""
    cost = min(slip_cost(typed, form) for form in {plain, bare(written.translate(_SPREAD))})
    cost += BEYOND_ONE * max(0.0, cost - 1)
    if typed[0] != plain[0] and typed[:2] != plain[1::-1] and not is_slip(typed[0], plain[0]):
        cost += FIRST_LETTER
    return FREQUENCY * math.log(count) - EACH_SLIP * cost


def respell(text: str, found: Mapping[tuple[int, int], str]) -> str:
    """Put words into a text at character spans (end excluded), in the case in which each was typed there.

    All the rest stays as typed. A span that is empty, outside of the text or begins within another is left alone.
    """
    pieces, done = [], 0
    for (start, end), word in sorted(found.items()):
        if done <= start < end <= len(text):
            pieces += [text[done:start], _in_case(word, text[start:end])]
            done = end
    return "".join(pieces) + text[done:]


def _in_case(word: str, typed: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word
