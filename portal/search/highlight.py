"""Snippets: the words around the best matches of one section, and titles with their matches marked."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.search.hits import Snippet
from portal.search.languages import words
from portal.text import cut, without_controls

LENGTH = 180
"""Characters of a snippet, its ellipses included."""
FURTHEST = 4000
"""Characters of a section that are looked through; what comes later is seldom what a section is about."""
_LEAD = 50
"""Characters before the first match, at most; a sentence that begins there begins the snippet."""
_ELLIPSIS = "\u2026"


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    word: str


def mark(text: str, wanted: Collection[str], lang: str) -> Snippet:
    """Return a short text whole, with its matches marked. wanted: words as `languages.words` writes them."""
    plain = _plain(text)
    return Snippet(_parts(plain, 0, len(plain), _matches(plain, wanted, lang)))


def snippet(text: str, wanted: Collection[str], lang: str, *, otherwise: str = "") -> Snippet:
    """Return about LENGTH characters around the place where most different wanted words stand together.

    Without any match: the beginning of `otherwise`, or of the text where that is empty.
    """
    plain = _plain(text[:FURTHEST])
    matches = _matches(plain, wanted, lang)
    if not matches:
        beginning = cut(_plain(otherwise).strip() or plain.strip(), LENGTH)
        return Snippet(((beginning, False),)) if beginning else Snippet(())
    start = _beginning(plain, _best(matches).start)
    end = _ending(plain, start, is_all=len(text) <= FURTHEST)
    body = _parts(plain, start, end, matches)
    before = ((_ELLIPSIS, False),) if plain[:start].strip() else ()
    after = ((_ELLIPSIS, False),) if plain[end:].strip() or len(text) > FURTHEST else ()
    return Snippet(before + body + after)


def _plain(text: str) -> str:
    return without_controls(text).replace("\n", " ").replace("\t", " ")


def _matches(text: str, wanted: Collection[str], lang: str) -> list[_Match]:
    """Return the wanted words of a text in order, each place once, the longest form of it."""
    found: list[_Match] = []
    for word in words(text, lang) if wanted else ():
        if word.text not in wanted:
            continue
        if found and word.start < found[-1].end:
            last = found[-1]
            found[-1] = _Match(last.start, max(last.end, word.end), last.word)
        else:
            found.append(_Match(word.start, word.end, word.text))
    return found


def _best(matches: list[_Match]) -> _Match:
    """Return the match that begins the window with the most different words, then the most matches; the first such."""
    reach = LENGTH - _LEAD
    best, best_value, last = matches[0], (0, 0), 0
    for first, match in enumerate(matches):
        last = max(last, first)
        while last < len(matches) and matches[last].end <= match.start + reach:
            last += 1
        value = (len({one.word for one in matches[first:last]}), min(last - first, 4))
        if value > best_value:
            best, best_value = match, value
    return best


def _beginning(text: str, match: int) -> int:
    """Return where to begin for a match: at a sentence, else at a word, or at the text's own beginning."""
    earliest = max(match - _LEAD, 0)
    if earliest == 0:
        return len(text) - len(text.lstrip())
    for sign in (". ", "? ", "! ", ": ", "\u3002"):
        if (sentence := text.rfind(sign, earliest, match)) >= 0:
            return sentence + len(sign)
    blank = text.find(" ", earliest, match)
    return blank + 1 if blank >= 0 else earliest


def _ending(text: str, start: int, *, is_all: bool) -> int:
    """Return where to end: at a word, unless the text ends before."""
    limit = start + LENGTH - 2
    if limit >= len(text) and is_all:
        return len(text.rstrip())
    blank = text.rfind(" ", start + LENGTH // 2, limit)
    return blank if blank >= 0 else min(limit, len(text))


def _parts(text: str, start: int, end: int, matches: list[_Match]) -> tuple[tuple[str, bool], ...]:
    parts: list[tuple[str, bool]] = []
    at = start
    for match in matches:
        if match.start >= start and match.end <= end:
            parts += [(text[at : match.start], False), (text[match.start : match.end], True)]
            at = match.end
    parts.append((text[at:end], False))
    return tuple((part, is_match) for part, is_match in parts if part)
