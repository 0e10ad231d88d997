"""Outline: headings for an article, from the different things that people asked about one need."""

from collections import Counter
from collections.abc import Iterable, Sequence

from portal.gaps.junk import is_junk
from portal.gaps.title import clean, sentence, words_of
from portal.search.query import words_that_say_little
from portal.search.words.stop_words import stop_words

MOST = 5
LEAST_SHARE = 0.15
"""Of all people, who must have named a thing before it is a heading of its own; and two people at least."""
_LONGEST_HEADING = 70
_PLAIN = {
    "en": ("What you need", "Step by step", "If it does not work"),
    "de": ("Was Sie brauchen", "Schritt für Schritt", "Wenn es nicht klappt"),
}
"""For needs that everybody put in the same words, by language; others begin empty."""


def outline(said: Sequence[tuple[str, int]], title: str, *, lang: str) -> tuple[str, ...]:
    """Return up to MOST headings: one for each thing that several people named and the title does not.

    said: wordings as typed, with the different people behind each. Every heading is a wording; none is junk.
    """
    fit = [(clean(text), people) for text, people in said if not is_junk(text, lang)]
    fit = [(text, people) for text, people in fit if text and len(text) <= _LONGEST_HEADING]
    taken = set(words_of(title, lang)) | _little(lang)
    least = max(2, LEAST_SHARE * sum(people for _, people in said))
    headings: list[str] = []
    while len(headings) < MOST:
        named = Counter({word: people for word, people in _named(fit, lang).items() if word not in taken})
        word = min(named, key=lambda one: (-named[one], one), default=None)
        if word is None or named[word] < least:
            break
        having = [one for one in fit if word in words_of(one[0], lang)]
        text, _ = min(having, key=lambda one: (-one[1], len(one[0]), one[0]))
        headings.append(sentence(text))
        taken |= set(words_of(text, lang))
    headings = [one for one in headings if one.casefold() != title.casefold()]
    return tuple(headings) or _PLAIN.get(lang.partition("-")[0], ())


def _named(said: Iterable[tuple[str, int]], lang: str) -> Counter[str]:
    named: Counter[str] = Counter()
    for text, people in said:
        for word in words_of(text, lang):
            named[word] += people
    return named


def _little(lang: str) -> set[str]:
    """Return stems of words that name nothing."""
    plain = stop_words(lang) | words_that_say_little(lang)
    return {stem for word in plain for stem in words_of(word, lang)} | set(plain)
