"""Word pairs: which of the customers' words stand for which of the article's. One line for `synonyms.txt`."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from portal.gaps.title import clean
from portal.search.query import words_that_say_little
from portal.search.words.languages import words
from portal.search.words.stop_words import stop_words

MOST_WORDS = 3
"""Words of one side: a longer phrase is a query of one person, and would be met by nobody else."""
_LONGEST = 64
"""Characters of a phrase, as synonyms files take them."""
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\,="})


@dataclass(frozen=True, slots=True)
class Pair:
    """Words that failed, words that helped, and how many different people went from the one to the other."""

    failed: str
    helped: str
    people: int


def synonyms_line(pairs: Iterable[Pair], article: str, *, lang: str) -> str | None:
    """Return the line that would have led most of these people to an article; None where no few words explain it.

    article: its title and text. What the article has already need not be said, and what it lacks would lead nowhere.
    """
    has = frozenset(stem for stem, _ in _said(article, lang))
    found: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        line = _difference(pair, has, lang)
        if line is not None:
            found[line] += pair.people
    best = min(found, key=lambda one: (-found[one], len(one[0]) + len(one[1]), one), default=None)
    return f"{best[0].translate(_ESCAPED)} => {best[1].translate(_ESCAPED)}" if best else None


def _difference(pair: Pair, has: Collection[str], lang: str) -> tuple[str, str] | None:
    """Return the phrases in which two queries differ, as far as that matters for an article with these words."""
    failed, helped = _said(clean(pair.failed), lang), _said(clean(pair.helped), lang)
    ours = {stem for stem, _ in helped}
    theirs = {stem for stem, _ in failed}
    wrong = _phrase(clean(pair.failed), [stem for stem, _ in failed if stem not in has and stem not in ours], lang)
    right = _phrase(clean(pair.helped), [stem for stem, _ in helped if stem in has and stem not in theirs], lang)
    return (wrong, right) if wrong and right and wrong != right else None


def _phrase(text: str, stems: Collection[str], lang: str) -> str:
    """Return the shortest run of the text that has all these words; empty where it is long, or there are none."""
    places = [word for word in words(text, lang) if word.is_main and word.text in stems]
    if not places or len(set(stems)) > MOST_WORDS:
        return ""
    run = text[places[0].start : places[-1].end].casefold()
    is_short = len(list(_main(run, lang))) <= MOST_WORDS and len(run) <= _LONGEST
    return run if is_short else ""


def _said(text: str, lang: str) -> list[tuple[str, str]]:
    """Return (as compared, as written) of the words that say something."""
    little = stop_words(lang) | words_that_say_little(lang)
    return [(stem, form) for stem, form in _main(text, lang) if form not in little and stem not in little]


def _main(text: str, lang: str) -> Iterable[tuple[str, str]]:
    return ((word.text, text[word.start : word.end].casefold()) for word in words(text, lang) if word.is_main)
