"""Level plan: what one reading level may see of a knowledge base, and where it finds it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from portal.audience import Level, may_see, next_change
from portal.content.brand import Brand
from portal.content.identity import Entry
from portal.content.knowledge_base import KnowledgeBase
from portal.content.links import Addresses, Medium
from portal.content.media import media_type
from portal.content.page import SiteFiles
from portal.content.shelf_plan import ShelfPlan
from portal.content.shelf_rows import article_url


def plan_level(base: KnowledgeBase, level: Level, at: datetime, media: Mapping[str, Medium]) -> ShelfPlan:
    """Choose what readers on `level` may see at `at`.

    media: every file that is shown anywhere, by path; only those that this level's articles or the site's own pages
    show are taken.
    """
    entries = {path: entry for path, entry in base.entries.items() if may_see(level, entry.visibility, at)}
    shown = {path: media[path] for path in _shown(base, entries) if path in media}
    urls = {path: article_url(*entry.place) for path, entry in entries.items()}
    addresses = Addresses(urls, shown)
    own = {path: media[path] for path in base.brand.files if path in media}
    files = [(medium, medium.key, media_type(path)) for path, medium in sorted({**shown, **own}.items())]
    return ShelfPlan(base, entries, addresses, addresses.fingerprint(), files, _site_files(base.brand, own))


def used_media(base: KnowledgeBase, entries: Iterable[str]) -> list[str]:
    """Return the paths of the files that these articles, or the site's own pages, show or offer, sorted."""
    return sorted(_shown(base, entries).union(base.brand.files))


def _shown(base: KnowledgeBase, entries: Iterable[str]) -> set[str]:
    return {path for entry in entries for path in base.shows[entry]}


def _site_files(brand: Brand, own: Mapping[str, Medium]) -> SiteFiles:
    logo = own.get(brand.logo)
    return SiteFiles(
        logo=logo.url if logo else "",
        logo_dark=own[brand.logo_dark].url if brand.logo_dark in own else "",
        icon=own[brand.icon].url if brand.icon in own else "",
        stylesheet=brand.stylesheet,
        logo_size=(logo.width, logo.height) if logo else (0, 0),
    )


def valid_until(entries: Iterable[Entry], at: datetime) -> datetime | None:
    """Return the first moment after `at` when somebody may see more or less without a commit."""
    return min((edge for entry in entries if (edge := next_change(entry.visibility, at))), default=None)
