"""Two kinds of queries, drawn with a fixed seed from what is searched: words of titles, and questions in a sentence."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.sections import Section

_WORD = re.compile(r"\w[\w'-]*")
_SENTENCE = re.compile(r"[^.!?:\n|]+")
_MOST_TITLE_WORDS = 4
_LEAST, _MOST = 5, 10
_LEAST_SAID = 3
"""Words that a question has from the collection, so that its opening is not all there is."""
_ENOUGH_MISSES = 5000
_OPENINGS = {
    "en": ("how do I", "how can I", "why can't I", "where do I find", "what is", "is it possible to"),
    "de": ("wie kann ich", "wie", "warum", "wo finde ich", "was ist", "ist es möglich"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the language whose sections are to answer it."""

    text: str
    lang: str


def words_of(titles: Sequence[str], seed: int) -> Iterator[str]:
    """Yield queries without end, none of them twice: 1 to 4 words of a title, in their order.

    When titles have no more to give, words of two are drawn together, then of three.
    """
    chance, seen, misses, together = random.Random(seed), set[str](), 0, 1
    while True:
        words = _WORD.findall(" ".join(chance.choice(titles) for _ in range(together)))
        places = sorted(chance.sample(range(len(words)), min(len(words), chance.randint(1, _MOST_TITLE_WORDS))))
        query = " ".join(words[place] for place in places)
        if query in seen or not query:
            misses += 1
            together += misses % _ENOUGH_MISSES == 0
        else:
            seen.add(query)
            yield query


def questions_on(sections: Sequence[Section], lang: str, seed: int) -> Iterator[str]:
    """Yield queries of 5 to 10 words without end, none of them twice.

    Half of them open as questions do and go on with a heading, or a title where that is too short; half are
    words of a sentence, in a row, as somebody types who has them before him.
    """
    chance, seen = random.Random(seed), set[str]()
    while True:
        section = chance.choice(sections)
        words = _question(section, lang, chance) if chance.random() < 1 / 2 else _part_of_a_sentence(section, chance)
        query = " ".join(words)
        if len(words) >= _LEAST and query not in seen:
            seen.add(query)
            yield query


def mixed(streams: Mapping[str, Iterator[str]], shares: Mapping[str, int], seed: int) -> Iterator[Asked]:
    """Draw from the streams of several languages by their shares."""
    chance, langs = random.Random(seed), sorted(streams)
    while True:
        lang = chance.choices(langs, [shares[lang] for lang in langs])[0]
        yield Asked(next(streams[lang]), lang)


def _question(section: Section, lang: str, chance: random.Random) -> list[str]:
    opening = chance.choice(_OPENINGS.get(lang, ("",))).split()
    said = _WORD.findall(section.heading)
    if len(said) < _LEAST_SAID:
        said = _WORD.findall(section.title)
    return [*opening, *said][:_MOST] if len(said) >= _LEAST_SAID else []


def _part_of_a_sentence(section: Section, chance: random.Random) -> list[str]:
    words = _WORD.findall(chance.choice(_SENTENCE.findall(section.body) or [""]))
    first = chance.randrange(max(1, len(words) - _LEAST + 1))
    return words[first : first + chance.randint(_LEAST, _MOST)]
