"""Sitemap: every address that search engines are told of, with its like in other languages (sitemaps.org)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.content.page import Place
from portal.content.shelf import Shelf
from portal.web.metadata import Links, alternates

MOST_ADDRESSES = 45_000
"""In one file; sitemaps.org allows 50,000."""
MOST_BYTES = 45_000_000
"""Of one file, not compressed; sitemaps.org allows 52,428,800."""
_ADDRESS_BYTES, _LINK_BYTES = 90, 60
"""What stands around an address and around each of its translations in the XML, rounded up."""


@dataclass(frozen=True, slots=True)
class Address:
    """A page: its path, when what it shows was changed last, and (language, path) of its versions, itself included."""

    url: str
    changed_at: datetime | None
    versions: Links = ()

    def size(self, root: str) -> int:
        """Return how many bytes it takes at most."""
        links = sum(_LINK_BYTES + len(root) + len(url) + len(lang) for lang, url in self.versions)
        return _ADDRESS_BYTES + len(root) + len(self.url) + links


def addresses(shelf: Shelf) -> tuple[Address, ...]:
    """Return the home pages, the topics and the articles of this shelf, in this order."""
    places = shelf.places()
    return (*_homes(shelf, places), *_topics(shelf, places), *_articles(shelf, places))


def parts(
    known: Iterable[Address], root: str, *, most_addresses: int = MOST_ADDRESSES, most_bytes: int = MOST_BYTES
) -> list[list[Address]]:
    """Cut the addresses into files that are small enough; there is always one."""
    cut: list[list[Address]] = [[]]
    size_bytes = 0
    for address in known:
        size_bytes += address.size(root)
        if cut[-1] and (len(cut[-1]) == most_addresses or size_bytes > most_bytes):
            cut.append([])
            size_bytes = address.size(root)
        cut[-1].append(address)
    return cut


def latest(some: Iterable[Address]) -> datetime | None:
    """Return when the last of them was changed."""
    return max((one.changed_at for one in some if one.changed_at), default=None)


def _homes(shelf: Shelf, places: tuple[Place, ...]) -> Iterator[Address]:
    languages = shelf.languages()
    versions = alternates({lang: f"/{lang}/" for lang in languages}, languages)
    for lang in languages:
        yield Address(f"/{lang}/", _changed(one for one in places if one.lang == lang), versions)


def _topics(shelf: Shelf, places: tuple[Place, ...]) -> Iterator[Address]:
    languages = shelf.languages()
    changed: dict[tuple[str, str | None], datetime] = {}
    for place in (one for one in places if one.kind == "article"):
        key = place.lang, place.topic
        changed[key] = max(place.updated_at, changed.get(key, place.updated_at))
    listed = {lang: {one.slug: one.url for one in shelf.topics(lang)} for lang in languages}
    for lang, urls in listed.items():
        for slug, url in urls.items():
            versions = {other: there[slug] for other, there in listed.items() if slug in there}
            yield Address(url, changed.get((lang, slug)), alternates(versions, languages))


def _articles(shelf: Shelf, places: tuple[Place, ...]) -> Iterator[Address]:
    languages = shelf.languages()
    siblings: dict[str, dict[str, str]] = {}
    for place in places:
        siblings.setdefault(place.sibling, {}).setdefault(place.lang, place.url)
    for place in places:
        versions: Mapping[str, str] = siblings[place.sibling] | {place.lang: place.url}
        yield Address(place.url, place.updated_at, alternates(versions, languages))


def _changed(places: Iterable[Place]) -> datetime | None:
    return max((place.updated_at for place in places), default=None)
