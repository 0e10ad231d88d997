"""Compounds: words that a question writes in one and the articles in two, or the other way round.

Nothing here reads an index. `known` says in how many sections a word stands, as `languages.words` writes it;
0 is nowhere. What is returned is written so too, ready to be looked up.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from portal.search.words.languages import main_form

Known = Callable[[str], int]
"""In how many sections a word stands."""

LONGEST = 40
"""Letters of a word that is parted or joined; longer ones are addresses, keys and noise."""
LEAST = 4
"""Letters of a part in a language that writes compounds: three already give `aus` and `druck` for a print-out."""
MOST_CONTAINING = 8
_LEAST_KEPT = {"de": 4}
"""Letters that the stem of a part must have, else 3: in German such short ones came from within words."""
_MOST_JOINED = 3
_LEAST_PARTS, _MOST_PARTS = 2, 3
_LEAST_JOINED = 4
_LEAST_FIRST, _LEAST_LAST, _LEAST_UNKNOWN = 3, 2, 5
_LINKS = {
    "da": ("s", "e", "er"),
    "de": ("s", "es", "n", "en", "er", "e"),
    "fi": ("n", "s"),
    "nl": ("s", "en", "e", "n", "er"),
    "no": ("s", "e", "er"),
    "sv": ("s", "e", "o"),
}
"""Letters that may stand between the parts of a compound and belong to neither, by language."""
# Beginnings that make another word of the one behind them, so that this one alone would mislead.
_NO_PARTS = {
    language: frozenset(beginnings.split())
    for language, beginnings in (
        ("da", "efter frem gennem imod over under"),
        ("de", "ander durch gegen hinter inter miss nach neben nicht trans unter weiter wieder zurück zusammen über"),
        ("fi", "alle edes jälki"),
        ("nl", "achter door niet onder over samen tegen terug trans verder voor zonder"),
        ("no", "etter frem gjennom imot over under"),
        ("sv", "efter emot fram genom under över"),
    )
}  # fmt: skip
_ALIKE = {"nb": "no", "nn": "no"}


def joined(typed: Sequence[str], lang: str, known: Known) -> list[tuple[int, int, str]]:
    """Return neighbours that the index has as one word: (first, behind the last, the word), by place.

    typed: a question's words as typed, hyphens and signs left out; `wi`, `fi` give (0, 2, "wifi").
    """
    found: list[tuple[int, int, str]] = []
    for first in range(len(typed)):
        for end in range(first + 2, min(first + _MOST_JOINED, len(typed)) + 1):
            whole = "".join(typed[first:end])
            if _LEAST_JOINED <= len(whole) <= LONGEST and "a" not in typed[first:end]:  # a part isn't apart
                word = main_form(whole, lang)
                if word and known(word):
                    found.append((first, end, word))
    return found


def parted(word: str, lang: str, known: Known, *, least: int = 1) -> tuple[str, ...]:
    """Return what a compound is made of, where the index knows each part; else nothing.

    word: as typed. least: sections in which a part must stand to be believed.
    The fewest parts win, then those whose rarest part is the commonest. In languages that don't write
    compounds a word is parted that stands nowhere itself, in two: `setup` -> `set`, `up`.
    """
    plain = word.casefold()
    if not plain.isalpha() or len(plain) > LONGEST:
        return ()
    language = _language(lang)
    if language in _LINKS:
        return _parts(plain, language, known, least)
    if plain.isascii() and len(plain) >= _LEAST_UNKNOWN and not known(main_form(plain, lang)):
        places = range(_LEAST_FIRST, len(plain) - _LEAST_LAST + 1)
        pairs = ((main_form(plain[:at], lang), main_form(plain[at:], lang)) for at in places)
        return _best((pair for pair in pairs if all(known(part) >= least for part in pair)), known)
    return ()


def writes_compounds(lang: str) -> bool:
    """Whether a language writes words together that English leaves apart."""
    return _language(lang) in _LINKS


def containing(word: str, lang: str, starting: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """Return at most MOST_CONTAINING compounds of the index that begin with a word, short ones first.

    word: as typed. starting: the index's words that begin so. What follows the word must itself begin a word.
    """
    language = _language(lang)
    begun = main_form(word, lang)
    if language not in _LINKS or len(begun) < LEAST or not begun.isalpha():
        return ()
    found = []
    for longer in sorted(set(starting(begun)), key=lambda one: (len(one), one)):
        if len(longer) <= LONGEST and any(True for rest in _rests(longer, begun, language) for _ in starting(rest)):
            found.append(longer)
        if len(found) == MOST_CONTAINING:
            break
    return tuple(found)


def _parts(word: str, language: str, known: Known, least: int, most: int = _MOST_PARTS) -> tuple[str, ...]:
    """Return the best way to part a word, in two if possible, else in `most` at most; nothing where there is none."""
    places = range(LEAST, len(word) - LEAST + 1)
    begun = [(first, word[at:]) for at in places for first in _firsts(word[:at], language, known, least)]
    lasts = {rest: main_form(rest, language) for _, rest in begun}
    if pairs := [(first, lasts[rest]) for first, rest in begun if _is_part(lasts[rest], language, known, least)]:
        return _best(pairs, known)
    if most == _LEAST_PARTS:
        return ()
    deeper = {rest: _parts(rest, language, known, least, most - 1) for rest in lasts}
    return _best([(first, *deeper[rest]) for first, rest in begun if deeper[rest]], known)


def _firsts(begun: str, language: str, known: Known, least: int) -> Iterator[str]:
    """Yield what a compound's beginning may be, with and without its linking letters."""
    for link in ("", *_LINKS[language]):
        if begun.endswith(link):
            part = begun[: len(begun) - len(link)]
            if len(part) >= LEAST and part not in _NO_PARTS[language]:
                kept = main_form(part, language)
                if _is_part(kept, language, known, least):
                    yield kept


def _is_part(kept: str, language: str, known: Known, least: int) -> bool:
    return len(kept) >= _LEAST_KEPT.get(language, 3) and known(kept) >= least


def _best(ways: Iterable[tuple[str, ...]], known: Known) -> tuple[str, ...]:
    """Return the way whose rarest part is the commonest."""
    return max(ways, key=lambda parts: (min(map(known, parts)), parts), default=())


def _rests(longer: str, begun: str, language: str) -> Iterator[str]:
    """Yield what may follow a word within a compound."""
    for link in ("", *_LINKS[language]):
        if longer.startswith(begun + link) and len(longer) - len(begun + link) >= LEAST:
            yield longer[len(begun + link) :]


def _language(lang: str) -> str:
    language = lang.partition("-")[0].lower()
    return _ALIKE.get(language, language)
