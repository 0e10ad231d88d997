"""Card, Page and their like: what readers see of an article, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What lists, hits and the API show of an article."""

    id: str
    title: str
    summary: str
    url: str
    """Path such as /en/articles/accounts/reset-your-password."""
    lang: str
    topic: str | None
    topic_name: str | None
    tags: tuple[str, ...]
    products: tuple[str, ...]
    kind: str
    audience: str
    status: str
    updated_at: datetime
    revision: str
    stage: str | None = None
    """before, during or after what the reader sets out to do; None where the writer said nothing."""


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the contents list; depth 2 for `<h2>`."""

    anchor: str
    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article of the same topic, as little as a list needs."""

    id: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Translation:
    """The same article in another language."""

    lang: str
    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole article, ready to be shown; `html` is safe as it is."""

    card: Card
    html: str
    headings: tuple[Heading, ...]
    authors: tuple[str, ...]
    created_at: datetime
    reading_minutes: int
    translations: tuple[Translation, ...]
    earlier: Card | None
    later: Card | None
    path: str
    """The file in the content, for "edit this page"."""
    markdown: str
    is_last_good: bool
    """Whether this is an earlier revision, shown because the newest can't be."""
    review_by: date | None = None
    owner: str = ""
    """Who looks after it, as the front matter says, for staff alone; empty where it says nothing."""
    related: tuple[Card, ...] = ()
    """Up to four articles of this language and level, the nearest first."""
    image: str = ""
    """URL path of the first raster image, for those who show a preview; empty without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One address of a shelf, for those who read all of them: sitemap, feed, `llms.txt`."""

    id: str
    lang: str
    url: str
    title: str
    summary: str
    topic: str | None
    kind: str
    updated_at: datetime
    sibling: str
    """A name that translations of one another share."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What the articles of one language can be narrowed by: distinct values that somebody may see."""

    products: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    """In the order before, during, after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFiles:
    """The company's own files; addresses are URL paths, empty where it has none."""

    logo: str = ""
    logo_dark: str = ""
    icon: str = ""
    stylesheet: str = ""
    """CSS text that asks no other host for anything."""
    logo_size: tuple[int, int] = (0, 0)
    """Width and height in pixels; 0 where unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicOnShelf:
    """A topic with as many articles as this level may see; `slug` is None for articles without one."""

    slug: str | None
    name: str
    summary: str
    icon: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that articles of this level show or offer."""

    path: Path
    media_type: str
    name: str
    key: str
