"""What the templates are told of what is remembered."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext, lazy_gettext

from portal.content.page import Card
from portal.content.shelf import Shelf
from portal.web import customers, languages, readers, visitors, voters
from portal.web.frame import AnyPage
from portal.web.help.pages import helpful_of, others_of

COOKIES: Final = (
    (readers.COOKIE, lazy_gettext("your products and the articles you read last"), lazy_gettext("180 days")),
    (visitors.COOKIE, lazy_gettext("a random key, so that a search and what became of it belong together"),
     lazy_gettext("30 days")),
    (voters.COOKIE, lazy_gettext("a random key, so that your second vote on an article replaces your first"),
     lazy_gettext("a year")),
    (languages.COOKIE, lazy_gettext("the language you chose"), lazy_gettext("a year")),
    (customers.COOKIE, lazy_gettext("who you are to the company, as long as you are signed in"),
     lazy_gettext("until you sign out, or its time is over")),
)  # fmt: skip
"""Every cookie that a reader may have from here: its name, what is in it, how long it lasts."""


@dataclass(frozen=True, slots=True)
class CookieLine:
    """One cookie."""

    name: str
    what: str
    lasts: str
    is_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalPart(AnyPage):
    """help/_personal.html: the part of the home page that is one reader's."""

    products: tuple[str, ...]
    mine: tuple[str, ...]
    read: tuple[Card, ...]
    helpful: tuple[Card, ...]

    @classmethod
    def of(
        cls, shelf: Shelf, lang: str, mine: tuple[str, ...], read: tuple[Card, ...], helpful: Collection[str]
    ) -> "PersonalPart":
        """Return the part. helpful: ids, best first."""
        return cls(title="", lang=lang, products=shelf.facets(lang).products, mine=mine, read=read,
                   helpful=helpful_of(shelf, lang, helpful))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedPage(AnyPage):
    """help/remembered.html."""

    products: tuple[str, ...]
    mine: tuple[str, ...]
    read: tuple[Card, ...]
    cookies: tuple[CookieLine, ...]
    cleared: str
    """`yes`, `votes` where the voter's key went too, or empty."""

    @classmethod
    def of(  # noqa: PLR0913 - the page is all of these
        cls, shelf: Shelf, lang: str, *, mine: tuple[str, ...], read: tuple[Card, ...], held: Collection[str],
        cleared: str,
    ) -> "RememberedPage":  # fmt: skip
        """Return the page. held: names of the cookies that this browser sent."""
        return cls(
            title=gettext("What this site remembers about you"),
            lang=lang,
            translations=others_of(shelf, lang, "/remembered"),
            products=shelf.facets(lang).products,
            mine=mine,
            read=read,
            cookies=tuple(CookieLine(name, str(what), str(lasts), name in held) for name, what, lasts in COOKIES),
            cleared=cleared if cleared in {"yes", "votes"} else "",
        )
