"""Words of any language, in the form in which they are kept and compared.

A word that is written in parts (`Wi-Fi`, `E-1042`, `report.pdf`) has several forms: each part,
and all of them joined, so that `wifi` finds it. Scripts without blanks between words are cut
into single characters and overlapping pairs.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

LONGEST = 64
"""Characters of one form; a longer one is cut, in articles and queries alike."""

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
_HYPHENS = "-._'\u2010\u2011\u2019\u02bc"
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
_LETTERS = str.maketrans({"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe"})
_TURKISH = str.maketrans({"I": "\u0131", "\u0130": "i"})
# Snowball's newer Dutch tells `wachtwoorden` from `wachtwoord`; the older one does not.
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch_porter", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_thread = threading.local()


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
    language = lang.partition("-")[0].lower()
    place = 0
    for match in _WORDS.finditer(text):
        start, end = match.span()
        if match.lastgroup == "unspaced":
            yield from _pairs(match.group(), start, place)
            place += end - start
            continue
        forms, parts = _forms(match.group(), language)
        for form, step, is_main in forms:
            yield Word(form, start, end, place + step, is_main)
        place += parts


def bare(text: str) -> str:
    """Return the beginning of a word as it would begin among the words of an index: no case, no accents."""
    return _without_accents(unicodedata.normalize("NFKC", text).translate(_JOINERS).casefold())[:LONGEST]


def _pairs(run: str, start: int, place: int) -> Iterator[Word]:
    """Yield each character and each two neighbours; pairs tell words apart, characters find the short ones."""
    for i, character in enumerate(run):
        yield Word(unicodedata.normalize("NFKC", character), start + i, start + i + 1, place + i)
        if i + 1 < len(run):
            yield Word(
                unicodedata.normalize("NFKC", run[i : i + 2]), start + i, start + i + 2, place + i, is_main=False
            )


@lru_cache(maxsize=20_000)
def _forms(raw: str, language: str) -> tuple[tuple[tuple[str, int, bool], ...], int]:
    """Return (form, its place within the word, is main) of one word as written, by place, and the number of places."""
    parts = _parts(raw)
    found: dict[tuple[str, int], bool] = {}
    for step, part in enumerate(parts):
        main, *others = _spellings(part, language)
        found[main, step] = True
        for other in others:
            found.setdefault((other, step), False)
    for other in _joined(raw, language):
        found.setdefault((other, 0), False)
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
        return (raw.casefold(),)
    pieces = [piece for piece in _BETWEEN.split(raw) if piece]
    if len(pieces) == 1:
        return ()
    if "." in raw and all(piece.isdigit() for piece in (pieces[0].lstrip("vV"), *pieces[1:])):
        return (".".join(pieces).lstrip("vV"),)
    return _spellings("".join(pieces), language)


def _spellings(part: str, language: str) -> tuple[str, ...]:
    """Return the stem, then the stem of the word as typed without accents, then the number in a serial."""
    plain = unicodedata.normalize("NFKC", part.translate(_TURKISH) if language == "tr" else part)
    plain = plain.translate(_JOINERS).casefold() or part
    bare = _without_accents(plain)
    spellings = [_without_accents(_stem(plain, language)), _without_accents(_stem(bare, language))]
    if serial := _SERIAL.fullmatch(bare):
        spellings.append(serial[1])
    return tuple(dict.fromkeys(spelling[:LONGEST] for spelling in spellings))


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", apart).translate(_LETTERS) or text


def _stem(text: str, language: str) -> str:
    name = _STEMMERS.get(language)
    return _stemmer(name).stemWord(text) if name and not any(map(str.isdigit, text)) else text


def _stemmer(name: str) -> Stemmer.Stemmer:
    """Return this thread's own stemmer; Snowball's can't be shared between threads."""
    stemmers: dict[str, Stemmer.Stemmer] = _thread.__dict__.setdefault("stemmers", {})
    if name not in stemmers:
        stemmers[name] = Stemmer.Stemmer(name, 0)
    return stemmers[name]
