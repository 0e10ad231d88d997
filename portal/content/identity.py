"""Identity: which id and which address each article has, and who keeps them when two want the same."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.audience import Visibility
from portal.content.article import Article
from portal.content.history import Past
from portal.content.problem import Problem

ID_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article of one revision, with its past and its place among the others."""

    id: str
    article: Article
    past: Past
    visibility: Visibility
    used: tuple[tuple[str, str], ...]
    """(path, object id) of every file included."""
    is_last_good: bool = False
    """Whether these are earlier bytes, because today's can't be published."""

    @property
    def place(self) -> tuple[str, str]:
        """Language and slug: no two articles share them."""
        return self.article.lang, self.article.slug


def identify(article: Article, past: Past) -> str:
    """Return the id: as given, else a hash of where the file first appeared (`contracts.md`, Addresses)."""
    return article.given_id or hashlib.sha256(past.origin.encode("utf-8", "surrogateescape")).hexdigest()[:ID_LENGTH]


def settle(entries: Iterable[Entry]) -> tuple[dict[str, Entry], tuple[Problem, ...]]:
    """Give each id and each address to one article alone.

    Today's bytes go before earlier ones, then the file that came first keeps what it has.
    Returns the settled entries by path, and a problem for each file that lost.
    """
    by_id: dict[str, Entry] = {}
    by_place: dict[tuple[str, str], Entry] = {}
    settled: dict[str, Entry] = {}
    problems: list[Problem] = []
    for entry in sorted(entries, key=_seniority):
        same_id, same_place = by_id.get(entry.id), by_place.get(entry.place)
        if same_id:
            problems.append(_twice(entry, f"the id {entry.id!r} is already that of {same_id.article.path}", "id"))
        elif same_place:
            address = f"/{entry.article.lang}/articles/{entry.article.slug}"
            problems.append(_twice(entry, f"its address {address} is that of {same_place.article.path}", "name"))
        else:
            by_id[entry.id], by_place[entry.place], settled[entry.article.path] = entry, entry, entry
    return settled, tuple(problems)


def redirects(
    entries: Mapping[str, Entry], slugs_of: Mapping[str, tuple[tuple[str, str], ...]]
) -> dict[tuple[str, str], str]:
    """Return (language, old slug) -> id for every address that an article once had.

    slugs_of: places of former paths and aliases by path, the latest first. A living address is never redirected;
    of two claims the younger article's loses.
    """
    living = {entry.place for entry in entries.values()}
    old: dict[tuple[str, str], str] = {}
    for entry in sorted(entries.values(), key=_seniority):
        for place in slugs_of.get(entry.article.path, ()):
            if place not in living:
                old.setdefault(place, entry.id)
    return old


def _seniority(entry: Entry) -> tuple[bool, float, str]:
    return entry.is_last_good, entry.past.created_at.timestamp(), entry.article.path


def _twice(entry: Entry, what: str, which: str) -> Problem:
    mend = "Give it another id or leave the id out." if which == "id" else "Rename one of the two files."
    return Problem(entry.article.path, 1, what, mend)
