"""Typos: one slip of the finger in a query, the same each time for the same seed and query id."""

import random
import unicodedata
from itertools import groupby
from string import ascii_lowercase

LONG = 4
"""Letters from which on a word may be hit; shorter ones are often lost for good, to people as well."""
_ALWAYS_ANOTHER = 2
"""Different letters of which one more is surely neither the old one nor its small form."""


def with_typo(text: str, *, seed: int, query: str) -> str:
    """Return the text with one edit in one of its words: a letter put in, left out, replaced, or two swapped.

    Word, kind and place are drawn evenly by a generator that starts from seed and query id. A word is a run of letters,
    so in scripts without blanks it is a run of characters. Words of LONG letters and more are drawn from; where there
    is none, the longest is hit. New letters are a to z in Latin words, in others the query's own.
    A text without letters comes back as it is.
    """
    runs = _runs(text)
    if not runs:
        return text
    draw = random.Random(f"{seed}:{query}")  # noqa: S311 - chance that can be repeated, not a secret
    longest = max(runs, key=lambda run: len(run[1]))
    start, word = draw.choice([run for run in runs if len(run[1]) >= LONG] or [longest])
    letters = ascii_lowercase if _is_latin(word) else "".join(sorted({letter for _, one in runs for letter in one}))
    return text[:start] + _slip(word, letters, draw) + text[start + len(word) :]


def _runs(text: str) -> list[tuple[int, str]]:
    """Return where each run of letters begins, and the run."""
    found: list[tuple[int, str]] = []
    for is_word, run in groupby(enumerate(text), key=lambda pair: pair[1].isalpha()):
        if is_word:
            places, letters = zip(*run, strict=True)
            found.append((places[0], "".join(letters)))
    return found


def _slip(word: str, letters: str, draw: random.Random) -> str:
    """Return the word with one edit; kinds that would leave it as it is, or nothing of it, are not drawn."""
    swaps = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
    kinds = ["insert"]
    kinds += ["delete"] if len(word) > 1 else []
    kinds += ["substitute"] if len(letters) > _ALWAYS_ANOTHER else []
    kinds += ["transpose"] if swaps else []
    kind = draw.choice(kinds)
    if kind == "insert":
        i = draw.randrange(len(word) + 1)
        return word[:i] + draw.choice(letters) + word[i:]
    if kind == "delete":
        i = draw.randrange(len(word))
        return word[:i] + word[i + 1 :]
    if kind == "transpose":
        i = draw.choice(swaps)
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    return _substituted(word, letters, draw)


def _substituted(word: str, letters: str, draw: random.Random) -> str:
    i = draw.randrange(len(word))
    same = {word[i], word[i].casefold()}
    return word[:i] + draw.choice([letter for letter in letters if letter not in same]) + word[i + 1 :]


def _is_latin(word: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in word)
