"""What the templates of machines' documents are told: one frozen value for each, and nothing besides."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from flask_babel import gettext

from portal.content.page import Card, Place
from portal.content.shelf import Shelf
from portal.content.site import Security, Site
from portal.text import cut, one_line
from portal.web.help.sitemaps import Address
from portal.web.languages import own_name

MOST_ENTRIES = 50
"""Of a feed: more than a month of a busy help centre."""
MOST_NAME, MOST_LONG_NAME, MOST_DESCRIPTION = 16, 48, 1024
"""Characters, as OpenSearch 1.1 limits ShortName, LongName and Description."""
_MARKS = {ord(mark): f"&#{ord(mark)};" for mark in "[]`\\*_"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where a document is that each language has its own of."""

    lang: str
    root: str
    """The help centre's whole address without a slash at its end, here and below."""
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapPage:
    """machines/sitemap.xml."""

    root: str
    addresses: list[Address]


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapIndex:
    """machines/sitemap_index.xml. parts: when each was changed last, the first under the number 1."""

    root: str
    parts: tuple[datetime | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """machines/feed.xml."""

    where: Where
    name: str
    tagline: str
    updated_at: datetime
    entries: tuple[Card, ...]

    @classmethod
    def of(cls, shelf: Shelf, about: Site, where: Where, *, made_at: datetime) -> "Feed":
        """Return the latest articles and notices of a language. made_at: stands in where there are none."""
        lang = where.lang
        cards = (*shelf.recent(lang, MOST_ENTRIES), *shelf.notices(lang))
        entries = sorted(cards, key=lambda card: (-card.updated_at.timestamp(), card.id))[:MOST_ENTRIES]
        return cls(
            where=where,
            name=about.name_in(lang),
            tagline=about.tagline_in(lang),
            updated_at=entries[0].updated_at if entries else made_at,
            entries=tuple(entries),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """machines/robots.txt. sitemap: its whole address, empty where there is none."""

    languages: tuple[str, ...]
    sitemap: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityText:
    """machines/security.txt. base: the base URL, empty while it isn't known."""

    about: Security
    languages: tuple[str, ...]
    base: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSearch:
    """machines/opensearch.xml."""

    where: Where
    short_name: str
    long_name: str
    description: str
    icon: str
    icon_type: str

    @classmethod
    def of(cls, about: Site, where: Where, icon: tuple[str, str]) -> "OpenSearch":
        """Return how a browser searches here in a language. icon: (path, media type)."""
        name = about.name_in(where.lang)
        return cls(
            where=where,
            short_name=cut(name, MOST_NAME),
            long_name=cut(name, MOST_LONG_NAME),
            description=cut(about.tagline_in(where.lang) or gettext("Search %(name)s", name=name), MOST_DESCRIPTION),
            icon=icon[0],
            icon_type=icon[1],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmsText:
    """machines/llms.txt. Its words are Markdown already."""

    name: str
    tagline: str
    sections: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    """(name, entries) pairs; an entry is title, address and summary."""

    @classmethod
    def of(cls, shelf: Shelf, about: Site, where: Where) -> "LlmsText":
        """Return the list of all articles of a language by topic, then its notices, then the other languages."""
        lang, root = where.lang, where.root
        there = [place for place in shelf.places() if place.lang == lang]
        notices = tuple(_entry(place, root) for place in there if place.kind == "notice")
        by_topic: dict[str | None, list[Place]] = {}
        for place in there:
            if place.kind != "notice":
                by_topic.setdefault(place.topic, []).append(place)
        sections = [
            (plain(topic.name), tuple(_entry(place, root) for place in by_topic.get(topic.slug, ())))
            for topic in shelf.topics(lang)
        ]
        others = tuple(
            (plain(own_name(one)), f"{root}/llms.txt?lang={one}", "") for one in shelf.languages() if one != lang
        )
        ends = ((gettext("Notices"), notices), (gettext("Other languages"), others))
        return cls(
            name=plain(about.name_in(lang)),
            tagline=plain(about.tagline_in(lang)),
            sections=(*sections, *(section for section in ends if section[1])),
        )


def plain(words: str) -> str:
    """Write words so that Markdown shows them as they are: by entities, on which no reader of links stumbles."""
    return escape(one_line(words), quote=False).translate(_MARKS)


def _entry(place: Place, root: str) -> tuple[str, str, str]:
    return plain(place.title), f"{root}{place.url}.md", plain(place.summary)
