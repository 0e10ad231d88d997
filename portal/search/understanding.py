"""From what was typed to what is looked for: synonyms, other spellings, and the nearest words of those nobody wrote."""

from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from math import sqrt

from portal.search.impacts import ImpactFile
from portal.search.parts import Parts
from portal.search.query import Asked
from portal.search.slots import Slot, Way
from portal.search.words.compounds import containing, joined, parted, writes_compounds
from portal.search.words.languages import Word, bare, main_form, words
from portal.search.words.spelling import MOST_CORRECTED, Speller, respell
from portal.search.words.synonyms import Synonyms

SYNONYM = 0.9
"""What a synonym counts beside the word that was typed: a little less, so that who has that very word stands first."""
MOST_TELLING = 24
"""Words of a pasted message that are looked for; what is asked in a search box has fewer."""
PARTED_UNKNOWN = 0.5
"""What the parts count of a word that no article has as a whole."""
_KEPT = 2048
JOINED = 0.95
"""What `wifi` counts where `wi fi` was typed."""
PARTED = 0.4
"""What the parts of a compound count, and the compounds that begin with a word, in languages that write words together.
covidfaq-de and xquad-de, development halves: 0.2 to 0.5 tried, 0.4 and 0.5 best."""
BEGUN = 0.8
"""What a word counts that begins as the last word does, which may still be being typed."""
SUGGESTIONS = 3
_LEAST_BEGUN = 3
_LEAST_ENDING = 4


@dataclass(frozen=True)
class WordBook:
    """What one index knows of words."""

    lang: str
    file: ImpactFile
    speller: Speller
    synonyms: Synonyms

    @cached_property
    def compounds(self) -> Callable[..., tuple[Way, ...]]:
        """Return how else a word may be said as a compound, or by its parts; remembered for words asked lately."""
        # Remembered by a function that does not know this book: else both would hold each other in memory.
        return lru_cache(_KEPT)(partial(_compounds, self.lang, self.file))


@dataclass(frozen=True, slots=True)
class Understood:
    """What is looked for."""

    slots: tuple[Slot, ...]
    weak: tuple[str, ...] = ()
    corrected: str | None = None
    """The text with words corrected, if any were."""
    meant: str = ""
    """The text with words corrected, and the last one finished where it was only begun."""


@dataclass(slots=True)
class _Reading:
    """Slots in the making: by place of the first word."""

    ways: dict[tuple[int, int], list[Way]] = field(default_factory=dict)
    """Spans of main words, end excluded -> how else they may be said."""
    spelled: dict[tuple[int, int], str] = field(default_factory=dict)
    """Spans of characters -> the word that was meant."""
    finished: dict[tuple[int, int], str] = field(default_factory=dict)

    def add(self, start: int, end: int, way: Way) -> None:
        ways = self.ways.setdefault((start, end), [])
        if all(way.words != other.words for other in ways):
            ways.append(way)


def telling(asked: Asked, file: ImpactFile) -> Asked:
    """Keep the most telling words of a long message: rare here, and said more than once. A short query stays whole."""
    if len(asked.words) <= MOST_TELLING:
        return asked
    times = Counter(word.text for word in asked.said)
    known = [(word, found) for word in asked.words if (found := file.gains(word))]
    known.sort(key=lambda pair: -pair[1].rarity * sqrt(times[pair[0]]))
    return replace(asked, words=tuple(word for word, _ in known[:MOST_TELLING]), weak=(), said=())


def understand(text: str, asked: Asked, book: WordBook, parts: Parts) -> Understood:
    """Find the ways in which a query's words may be said here. Advanced syntax is taken at its word."""
    if not asked.said:
        exact = [*asked.words, *(f"{prefix}*" for prefix in asked.prefixes)]
        return Understood(tuple(Slot((word,)) for word in exact), asked.weak, meant=text)
    strong = set(asked.words)
    weak = () if parts.weak else asked.weak
    mains = [word for word in asked.said if word.is_main]
    reading = _widen(text, mains, strong | set(weak), book, parts)
    if parts.correction:
        _correct(text, mains, asked, book, reading)
    slots = _slots(mains, asked, strong | set(weak), reading)
    corrected = respell(text, reading.spelled) if reading.spelled else None
    meant = respell(text, reading.spelled | reading.finished)
    return Understood(slots, asked.weak if parts.weak else (), corrected, meant)


def _widen(text: str, mains: list[Word], strong: Container[str], book: WordBook, parts: Parts) -> _Reading:
    """Find synonyms, words that were typed apart, and the parts and compounds of those that say something."""
    reading = _Reading()
    if parts.synonyms:
        for found in book.synonyms.expand([word.text for word in mains]):
            for other in found.others:
                reading.add(found.start, found.end, Way(other, SYNONYM, "synonym"))
    if parts.compounds:
        typed = _typed(text, mains)
        for start, end, word in joined(typed, book.lang, book.file.holders):
            if any(main.text in strong for main in mains[start:end]):
                reading.add(start, end, Way((word,), JOINED, "compound"))
        for place, word in enumerate(typed):
            if mains[place].text in strong:
                for way in book.compounds(word, is_known=book.file.holders(mains[place].text) > 0):
                    reading.add(place, place + 1, way)
    return reading


def _typed(text: str, mains: list[Word]) -> list[str]:
    """Return each word as it was typed; parts of `wi-fi` share their place in the text, and come as analysed."""
    shared = Counter((word.start, word.end) for word in mains)
    spans = [(word.start, word.end) for word in mains]
    return [text[slice(*span)] if shared[span] == 1 else word.text for span, word in zip(spans, mains, strict=True)]


def _compounds(lang: str, file: ImpactFile, word: str, *, is_known: bool) -> tuple[Way, ...]:
    pieces = parted(word, lang, file.holders)
    ways = [Way(pieces, PARTED if is_known else PARTED_UNKNOWN, "compound")] if len(pieces) > 1 else []
    longer = dict.fromkeys((*containing(word, lang, file.begun), *_ending(lang, file, word)))
    return (*ways, *(Way((one,), PARTED, "compound") for one in longer))


def _ending(lang: str, file: ImpactFile, word: str) -> Iterator[str]:
    """Give compounds that end with a word, and whose beginning is a word as well: `Verkaufsrechnung`."""
    meant = main_form(word, lang)
    if not writes_compounds(lang) or len(meant) < _LEAST_ENDING:
        return
    for longer in file.ending(meant):
        first = longer.removesuffix(meant)
        if any(file.holders(main_form(one, lang)) for one in (first, first.removesuffix("s")) if one):
            yield longer


def _correct(text: str, mains: list[Word], asked: Asked, book: WordBook, reading: _Reading) -> None:
    """Give words that no article has, in none of their forms, the nearest that one has."""
    forms: dict[tuple[int, int], list[str]] = {}
    for word in asked.said:
        forms.setdefault((word.start, word.end), []).append(word.text)
    unknown = [
        (place, word)
        for place, word in enumerate(mains)
        if word.text in asked.words
        and not any(way.reason == "synonym" for way in reading.ways.get((place, place + 1), ()))
        and not any(map(book.file.holders, forms[word.start, word.end]))
    ]
    for place, word in unknown if len(unknown) <= MOST_CORRECTED else ():
        typed = text[word.start : word.end]
        is_last = place == len(mains) - 1
        if not (is_last and _finish(place, word, typed, book, reading)):
            _respell(place, word, typed, book, reading)


def _finish(place: int, word: Word, typed: str, book: WordBook, reading: _Reading) -> bool:
    """Take the last word for the beginning of another; returns whether there is one that begins so."""
    beginning = bare(typed)
    if len(beginning) < _LEAST_BEGUN or not book.file.begun(beginning):
        return False
    reading.add(place, place + 1, Way((f"{beginning}*",), BEGUN, "beginning"))
    for begun in book.speller.begins(typed.casefold(), 1):
        reading.finished[word.start, word.end] = begun
    return True


def _respell(place: int, word: Word, typed: str, book: WordBook, reading: _Reading) -> None:
    for suggestion in book.speller.suggest(typed.casefold(), SUGGESTIONS):
        meant = tuple(one.text for one in words(suggestion.word, book.lang) if one.is_main)
        if meant and all(map(book.file.holders, meant)):
            reading.add(place, place + 1, Way(meant, suggestion.likeness, "correction"))
            reading.spelled.setdefault((word.start, word.end), suggestion.word)


def _slots(mains: list[Word], asked: Asked, strong: set[str], reading: _Reading) -> tuple[Slot, ...]:
    """Make a slot of each word that is looked for, in order; words that may be said together otherwise share one."""
    spans = _apart(reading.ways)
    slots: list[Slot] = []
    done: set[str] = set()
    place = 0
    while place < len(mains):
        end = spans.get(place, place + 1)
        told = [word.text for word in mains[place:end] if word.text not in done]
        said = tuple(dict.fromkeys([word for word in told if word in strong] or told))  # the `in` of `log in` is weak
        ways = tuple(reading.ways.get((place, end), ()))
        if said and (ways or said[0] in strong):
            slots.append(Slot(said, ways))
            done.update(said)
        place = end
    return (*slots, *(Slot((word,)) for word in asked.words if word not in done))


def _apart(ways: dict[tuple[int, int], list[Way]]) -> dict[int, int]:
    """Return the spans that don't overlap, the longer before the shorter, then the earlier: start -> end."""
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for start, end in sorted(ways, key=lambda span: (span[0] - span[1], span)):
        if taken.isdisjoint(range(start, end)):
            chosen[start] = end
            taken.update(range(start, end))
    return chosen
