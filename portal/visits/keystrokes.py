"""Keystrokes: which searches of a visit are one. Whoever types, deletes, pages or reloads asks once."""

from collections.abc import Sequence
from datetime import timedelta

from portal.events.kinds import Searched

TYPING = timedelta(seconds=5)
"""Longest pause within which a text that goes on from the one before is still being typed (gaps.md)."""


def said(query: str) -> str:
    """Return a query as it is compared: no case, single blanks."""
    return " ".join(query.split()).casefold()


def collapse(searches: Sequence[Searched]) -> tuple[Sequence[Searched], dict[str, str]]:
    """Leave one search for all that are one; say which took the place of which.

    searches: of one visit, in order. Returns the searches that stay, in order, and uid -> uid of the one that stands
    for it, for those that don't.

    A text that goes on from the one before within TYPING, or takes letters from its end, replaces it. A text that was
    asked before in this visit is no new search, whenever it comes again; the first stays, unless only the later one
    had hits. A query without any text is none.
    """
    if len(searches) == 1 and searches[0].query.strip():
        return searches, {}
    typed, stands_for = _typed(searches)
    kept: dict[tuple[str, str], Searched] = {}
    for text, search in typed:
        key = (search.lang, text)
        before = kept.get(key)
        if before is None:
            kept[key] = search
        elif search.hits and not before.hits:
            del kept[key]
            kept[key] = search
            stands_for[before.uid] = search.uid
        else:
            stands_for[search.uid] = before.uid
    return list(kept.values()), {uid: _last(uid, stands_for) for uid in stands_for}


def _typed(searches: Sequence[Searched]) -> tuple[list[tuple[str, Searched]], dict[str, str]]:
    """Return (text, search) without what was still being typed, and what replaced that."""
    typed: list[tuple[str, Searched]] = []
    stands_for: dict[str, str] = {}
    for search in searches:
        text = said(search.query)
        if not text:
            continue
        if typed and _goes_on(*typed[-1], text, search):
            stands_for[typed.pop()[1].uid] = search.uid
        typed.append((text, search))
    return typed, stands_for


def _goes_on(before: str, first: Searched, text: str, search: Searched) -> bool:
    is_one_typing = search.at - first.at <= TYPING and search.lang == first.lang
    return is_one_typing and text != before and (text.startswith(before) or before.startswith(text))


def _last(uid: str, stands_for: dict[str, str]) -> str:
    while uid in stands_for:
        uid = stands_for[uid]
    return uid
