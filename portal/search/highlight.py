"""Snippets: the words around the best matches of one section, and titles with their matches marked."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from portal.search.hits import Snippet
from portal.search.words.languages import matching
from portal.text import cut, without_controls

LENGTH = 180
"""Characters of a snippet, its ellipses included."""
FURTHEST = 4000
"""Characters of a section that are looked through; what comes later is seldom what a section is about."""
_LEAD = 50
"""Characters before the first match, at most, where no sentence begins."""
_SENTENCE_LEAD = 100
"""Characters before the first match, at most, in which a sentence may begin; more would push the match out of sight."""
_ELLIPSIS = "\u2026"
_BETWEEN = " \u00b7 "
"""Stands between blocks, as it does between the cells of a table, unless the first ends with a sign."""
_SENTENCE_END = re.compile("(?:(?<![0-9])\\.|[?!:\u2026])[\"')\\]\u201d\u2019]? |[\u3002\uff01\uff1f]")
_ENDS_ITSELF = re.compile("[.,;:?!\u2026\u3001\u3002\uff01\uff0c\uff1a\uff1f][\"')\\]\u201d\u2019]?$")
_LOOSE_ENDS = " ,;:(\u00b7\u2013\u2014"


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    word: str


def mark(text: str, wanted: Collection[str], lang: str) -> Snippet:
    """Return a short text whole, with its matches marked. wanted: words as `languages.words` writes them."""
    plain = _plain(text)
    return Snippet(_parts(plain, 0, len(plain), _matches(plain, wanted, lang)))


def has_any(text: str, wanted: Collection[str], lang: str) -> bool:
    """Whether a text has one of the wanted words, in any form."""
    return any(True for _ in matching(text, lang, frozenset(wanted)))


def snippet(text: str, wanted: Collection[str], lang: str, *, otherwise: str = "") -> Snippet:
    """Return about LENGTH characters around the place where most different wanted words stand together.

    Without any match: the beginning of `otherwise`, or of the text where that is empty.
    """
    plain = _plain(text[:FURTHEST])
    matches = _matches(plain, wanted, lang)
    if not matches:
        beginning = cut(_plain(otherwise).strip() or plain.strip(), LENGTH)
        return Snippet(((beginning, False),)) if beginning else Snippet(())
    start = _beginning(plain, *_best(matches))
    end = _ending(plain, start, is_all=len(text) <= FURTHEST)
    body = _parts(plain, start, end, matches)
    before = ((_ELLIPSIS, False),) if plain[:start].strip() else ()
    is_cut = plain[end:].strip() or len(text) > FURTHEST
    after = ((f" {_ELLIPSIS}" if plain[end - 1] in ".?!" else _ELLIPSIS, False),) if is_cut else ()
    return Snippet(before + body + after)


def _plain(text: str) -> str:
    """Return a text on one line; blocks stay apart."""
    lines = [line for raw in without_controls(text).replace("\t", " ").split("\n") if (line := raw.strip())]
    joined = (line if _ENDS_ITSELF.search(line) else line + _BETWEEN.rstrip() for line in lines[:-1])
    return " ".join([*joined, *lines[-1:]])


def _matches(text: str, wanted: Collection[str], lang: str) -> list[_Match]:
    """Return the wanted words of a text in order, each place once, the longest form of it."""
    found: list[_Match] = []
    for start, end, word in matching(text, lang, frozenset(wanted)) if wanted else ():
        if found and start < found[-1].end:
            last = found[-1]
            found[-1] = _Match(last.start, max(last.end, end), last.word)
        else:
            found.append(_Match(start, end, word))
    return found


def _best(matches: list[_Match]) -> tuple[int, int]:
    """Return from where to where the window with the most different words goes, then the most matches; the first."""
    reach = LENGTH - _LEAD
    best, best_value, last = (0, 0), (0, 0), 0
    for first, match in enumerate(matches):
        last = max(last, first)
        while last < len(matches) and matches[last].end <= match.start + reach:
            last += 1
        value = (len({one.word for one in matches[first:last]}), min(last - first, 4))
        if value > best_value:
            best, best_value = (match.start, max(matches[last - 1].end, match.end)), value
    return best


def _beginning(text: str, first: int, last: int) -> int:
    """Return where to begin so that all from `first` to `last` shows.

    That is the text's own beginning, else a sentence's, a block's or a cell's, else a word's.
    """
    lowest = max(min(max(first - _SENTENCE_LEAD, last - LENGTH + 4), first), 0)
    if lowest == 0:
        return 0
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, lowest - 1, first)]
    begun = [at for at in sentences if not (text[at].islower() or text[at].isdigit())]  # e.g. this, and no. 4
    if begun:
        return begun[-1]
    block = text.find(_BETWEEN, lowest, first)
    if block >= 0:
        return block + len(_BETWEEN)
    blank = text.find(" ", max(first - _LEAD, lowest) - 1, first)
    return blank + 1 if blank >= 0 else _without_blanks(text, first)


def _without_blanks(text: str, first: int) -> int:
    """Return where to begin within a long row of signs: anywhere in scripts without blanks, else at the match."""
    earliest = max(first - _LEAD, 0)
    return first if text[earliest].isascii() else earliest


def _ending(text: str, start: int, *, is_all: bool) -> int:
    """Return where to end: at a word, unless the text ends before."""
    limit = start + LENGTH - 3
    if limit >= len(text) and is_all:
        return len(text)
    blank = text.rfind(" ", start + LENGTH // 2, limit + 1)
    end = blank if blank >= 0 else min(limit, len(text))
    return start + len(text[start:end].rstrip(_LOOSE_ENDS)) or end


def _parts(text: str, start: int, end: int, matches: list[_Match]) -> tuple[tuple[str, bool], ...]:
    parts: list[tuple[str, bool]] = []
    at = start
    for match in matches:
        if match.start >= start and match.end <= end:
            parts += [(text[at : match.start], False), (text[match.start : match.end], True)]
            at = match.end
    parts.append((text[at:end], False))
    return tuple((part, is_match) for part, is_match in parts if part)
