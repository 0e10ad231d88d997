"""Who is reading, and what that reader may load. Views never fetch an article by id themselves."""

from contextlib import suppress

from flask import current_app

from portal.audience import Level
from portal.content.page import Asset, Page, SiteFiles
from portal.content.shelf import Shelf
from portal.errors import NotFound, Unavailable
from portal.programs.scopes import Scope
from portal.search.level import LevelReader
from portal.web import programs
from portal.web.context import generation
from portal.web.customers import customer
from portal.web.staff import signed_in


def reader_level() -> Level:
    """Return the level that this request's reader stands on.

    Staff who are signed in stand on STAFF, customers on CUSTOMERS, everybody else on PUBLIC; while the database is
    away nobody is known as staff. Programs stand where their token lets them, whatever cookies they send.
    The config's READER_LEVEL, a callable without arguments, places a reader for tests; no
    environment variable reaches it, so a running portal can't be opened by a setting.
    """
    place = current_app.config.get("READER_LEVEL")
    if place:
        return Level(place())
    if programs.is_asked_by_program():
        return Level.STAFF if programs.has(Scope.ARTICLES_READ) else Level.PUBLIC
    with suppress(Unavailable):
        if signed_in():
            return Level.STAFF
    who = customer()
    return who.level if who else Level.PUBLIC


def is_anybody() -> bool:
    """Whether this reader is sent what everybody is sent, so that others may be sent the very same answer."""
    return reader_level() is Level.PUBLIC and customer() is None


def is_staff() -> bool:
    """Whether somebody is signed in at the desk; nobody is while the database is away."""
    try:
        return signed_in() is not None
    except Unavailable:
        return False


def level_reader() -> LevelReader:
    """Return what this reader may search; other levels' words are not in it."""
    return generation().level(reader_level())


def shelf() -> Shelf:
    """Return the pages that this reader may see; others are not on it."""
    return level_reader().shelf


def site_files() -> SiteFiles:
    """Return the company's logo, icon and stylesheet; none while nothing is published."""
    try:
        return shelf().site_files
    except Unavailable:
        return SiteFiles()


def page_for(article_id: str) -> Page:
    """Return an article by id. Raises NotFound alike for what is missing and what is forbidden."""
    page = shelf().page(article_id)
    if page is None:
        raise NotFound
    return page


def page_at(lang: str, slug: str) -> Page | None:
    """Return the article at this very address, or None; old addresses are `address_after`'s."""
    article_id = shelf().find(lang, slug)
    return shelf().page(article_id) if article_id else None


def url_for_id(article_id: str) -> str:
    """Return an article's present URL path. Raises NotFound."""
    url = shelf().url(article_id)
    if url is None:
        raise NotFound
    return url


def asset_for(key: str, name: str) -> Asset:
    """Return a file that an article of this level shows. Raises NotFound, also when the name is not its own."""
    asset = shelf().asset(key)
    if asset is None or asset.name != name:
        raise NotFound
    return asset
