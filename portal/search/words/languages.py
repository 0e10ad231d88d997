"""Words of any language, in the form in which they are kept and compared.

A word that is written in parts (`Wi-Fi`, `E-1042`, `report.pdf`) has several forms: each part,
and all of them joined, so that `wifi` finds it. Scripts without blanks between words are cut
into single characters and overlapping pairs.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from portal.search.words.stems import beside, stem

LONGEST = 64
"""Characters of one form; a longer one is cut, in articles and queries alike."""

_LONGEST_READ = 256
"""Characters of a word as written that are read: accents may be signs of their own, so more than are kept."""
# Han, kana, Hangul, Thai, Lao, Khmer, Myanmar: no blanks between words, or endings written on to them.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Signs that sit on letters, which Python's \w leaves out, and joiners that stand within a word.
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711"
    "\u0730-\u074a\u0816-\u082d\u08d3-\u08ff\u0900-\u0963\u0966-\u0dff\u200c\u200d"
)
_HYPHENS = "-._'\u2010\u2011\u2013\u2019\u02bc\uff0d"
_RUN = rf"(?:[^\W{_UNSPACED}_]|[{_MARKS}])+"
_WORDS = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<code>(?<!\w)(?:\.(?=[A-Za-z]){_RUN}|[A-Za-z](?:\+\+|\#))(?!\w))"
    rf"|(?P<word>{_RUN}(?:[{_HYPHENS}]+{_RUN})*)",
)
_BETWEEN = re.compile(f"[{_HYPHENS}]+")
_APOSTROPHES = frozenset("'\u2019\u02bc")
_SERIAL = re.compile(r"[a-z]{1,4}([0-9]{3,})")
_JOINERS = str.maketrans("", "", "\u00ad\u200c\u200d")
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+")
_LETTERS = str.maketrans(
    {"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe"}
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0x966, 0x9E6) for digit in range(10)}
)
# What NFKC makes one character of, or puts in order: a letter with its signs, half-width kana, Hangul in pieces.
_CLUSTER = re.compile(
    "[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?|.[\u0e38-\u0e3a\u0e47-\u0e4e\u3099\u309a\uff9e\uff9f]{0,9}",
    re.DOTALL,
)
_TURKISH = str.maketrans({"I": "\u0131", "\u0130": "i"})
_ALIKE = {"nb": "no", "nn": "no"}


class Word(NamedTuple):
    """One form of one word of a text."""

    text: str
    """As compared: stemmed, without case or accents."""
    start: int
    end: int
    """Characters of the text that it stands for, end excluded."""
    place: int
    """Count of words and parts of words before it."""
    is_main: bool = True
    """Exactly one form at each place is the main one; phrases are made of these."""


def words(text: str, lang: str) -> Iterator[Word]:
    """Cut text into words as `lang`, a BCP 47 tag, compares them, by place. Unknown languages aren't stemmed."""
    language = _language(lang)
    place = 0
    for match in _WORDS.finditer(text):
        start, end = match.span()
        if match.lastgroup == "unspaced":
            run = _characters(match.group(), start)
            yield from _pairs(run, place)
            place += len(run)
            continue
        read = _forms if end - start <= _LONGEST_READ else _forms.__wrapped__
        forms, parts = read(match.group(), language)
        for form, step, is_main in forms:
            yield Word(form, start, end, place + step, is_main)
        place += parts


def matching(text: str, lang: str, wanted: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, form) of the words of a text that are wanted, as `words` would, several times quicker."""
    language = _language(lang)
    known: dict[str, tuple[str, ...]] = {}
    for match in _WORDS.finditer(text):
        raw = match.group()
        if match.lastgroup == "unspaced":
            at = match.start()
            yield from ((at + one.start, at + one.end, one.text) for one in words(raw, lang) if one.text in wanted)
            continue
        found = known.get(raw)
        if found is None:
            read = _forms if len(raw) <= _LONGEST_READ else _forms.__wrapped__
            found = known[raw] = tuple(form for form, _, _ in read(raw, language)[0] if form in wanted)
        if found:
            yield from ((*match.span(), form) for form in found)


def _language(lang: str) -> str:
    language = lang.partition("-")[0].lower()
    return _ALIKE.get(language, language)


def main_form(word: str, lang: str) -> str:
    """Return the main form of one word without hyphens or signs; quicker than `words`, and not remembered."""
    return _spellings(word, _language(lang))[0] if word else ""


def bare(text: str) -> str:
    """Return the beginning of a word as it would begin among the words of an index: no case, no accents."""
    return _without_accents(unicodedata.normalize("NFKC", text).translate(_JOINERS).casefold())[:LONGEST]


def _characters(run: str, start: int) -> list[tuple[str, int, int]]:
    """Return each character as compared, with the places in the text of what it was written as."""
    if unicodedata.is_normalized("NFKC", run):
        return [(character, at, at + 1) for at, character in enumerate(run, start)]
    return [
        (character, start + written.start(), start + written.end())
        for written in _CLUSTER.finditer(run)
        for character in unicodedata.normalize("NFKC", written.group())
    ]


def _pairs(run: list[tuple[str, int, int]], place: int) -> Iterator[Word]:
    """Yield each character and each two neighbours; pairs tell words apart, characters find the short ones."""
    for i, (character, start, end) in enumerate(run):
        yield Word(character, start, end, place + i)
        if i + 1 < len(run):
            following, _, last = run[i + 1]
            yield Word(character + following, start, last, place + i, is_main=False)


@lru_cache(maxsize=20_000)
def _forms(raw: str, language: str) -> tuple[tuple[tuple[str, int, bool], ...], int]:
    """Return (form, its place within the word, is main) of one word as written, by place, and the number of places."""
    if raw.isalnum():
        return tuple((form, 0, i == 0) for i, form in enumerate(_spellings(raw, language))), 1
    parts = _parts(raw)
    found: dict[tuple[str, int], bool] = {}
    for step, part in enumerate(parts):
        main, *others = _spellings(part, language)
        found[main, step] = True
        for other in others:
            found.setdefault((other, step), False)
    known = {form for form, _ in found}
    for other in _joined(raw, language):
        if other not in known:
            found[other, 0] = False
    forms = sorted(((form, step, is_main) for (form, step), is_main in found.items()), key=lambda form: form[1])
    return tuple(forms), len(parts)


def _parts(raw: str) -> tuple[str, ...]:
    """Split at hyphens and the like; what an apostrophe cuts off (`'s`, `l'`) is no part unless all is so short."""
    parts = tuple(part for part in _BETWEEN.split(raw.rstrip("+#")) if part)
    if not _APOSTROPHES.isdisjoint(raw):
        short = 2
        return tuple(part for part in parts if len(part) > short) or parts
    return parts


def _joined(raw: str, language: str) -> tuple[str, ...]:
    """Return what else the whole is called: `wifi`, `3.5.2`, `c++`, `.net`."""
    if raw[0] == "." or raw[-1] in "+#":
        return (raw.casefold()[:LONGEST],)
    pieces = [piece for piece in _BETWEEN.split(raw) if piece]
    if len(pieces) == 1:
        return ()
    if "." in raw and all(piece.isdigit() for piece in (pieces[0].lstrip("vV"), *pieces[1:])):
        return (".".join(pieces).lstrip("vV")[:LONGEST],)
    return _spellings("".join(pieces), language)


def _spellings(part: str, language: str) -> tuple[str, ...]:
    """Return the stem, then the stem of the word as typed without accents, then the number in a serial."""
    part = part[:_LONGEST_READ]
    plain = part.translate(_TURKISH) if language == "tr" else part
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain).translate(_JOINERS)
    plain = (plain.casefold() or part)[:LONGEST]
    bare = _without_accents(plain)
    spellings = [_without_accents(stem(plain, language))]
    if bare != plain:
        spellings.append(_without_accents(stem(bare, language)))
    if (other := beside(plain, language)) != plain:
        spellings.append(_without_accents(stem(other, language)))
    if serial := _SERIAL.fullmatch(bare):
        spellings.append(serial[1])
    return tuple(dict.fromkeys(spelling[:LONGEST] for spelling in spellings))


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", apart).translate(_LETTERS) or text
