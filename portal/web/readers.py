"""What a reader's own browser remembers for them: products and the articles they read last, in a sealed cookie.

Only choosing products, searching and the beacon set it; home, topic and article pages neither set nor read it. It
names nobody: two readers of the same articles have the same cookie.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Flask, request
from werkzeug.wrappers import Response

from portal.content.page import Card
from portal.web.access import shelf
from portal.web.context import put, the
from portal.web.customers import customer
from portal.web.sealed import MOST_BYTES, Seal

COOKIE = "reader"
KEPT = timedelta(days=180)
"""Since it was last written: who comes twice a year still finds their product chosen."""
MOST_READ = 8
MOST_PRODUCTS = 8
READ_AFTER_SECONDS = 5.0
"""Who leaves sooner has looked at an article and not read it."""
_MOST_CHARACTERS = 80
"""Of an id or a product; a longer one is not remembered."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What is remembered."""

    products: tuple[str, ...] = ()
    is_chosen: bool = False
    """Whether they chose the products themselves, "all" among the choices; else the last filter did."""
    read: tuple[str, ...] = ()
    """Ids of articles, the latest first."""


@dataclass(frozen=True, slots=True)
class _Memory:
    """What seals the cookie of this app."""

    seal: Seal


def install(app: Flask, secret: bytes) -> None:
    """Give the app its seal."""
    put(app, _Memory(Seal.of(secret, "reader")))


def reader() -> Reader:
    """Return what this request's browser remembers; nothing for a cookie that isn't ours."""
    held = the(_Memory).seal.open(request.cookies.get(COOKIE, "")[: MOST_BYTES + 1]) or {}
    return Reader(
        products=_words(held.get("p"))[:MOST_PRODUCTS], is_chosen=held.get("c") is True,
        read=_words(held.get("r"))[:MOST_READ],
    )  # fmt: skip


def remember(who: Reader, response: Response) -> None:
    """Have the browser remember this; nothing at all where nothing is left to remember."""
    if who == Reader():
        forget(response)
        return
    sealed = the(_Memory).seal.close({"p": list(who.products), "c": who.is_chosen, "r": list(who.read)})
    response.set_cookie(
        COOKIE, sealed, max_age=round(KEPT.total_seconds()), httponly=True, samesite="Lax", secure=request.is_secure
    )


def forget(response: Response) -> None:
    """Have the browser forget."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)


def note_read(article: str, seconds: float, response: Response) -> None:
    """Remember that an article was read."""
    if seconds < READ_AFTER_SECONDS or len(article) > _MOST_CHARACTERS:
        return
    who = reader()
    others = tuple(one for one in who.read if one != article)
    if (article, *others) != who.read:
        remember(replace(who, read=(article, *others)[:MOST_READ]), response)


def note_filter(product: str | None, lang: str, response: Response) -> None:
    """Remember the product that somebody filters by, unless they have chosen theirs."""
    who = reader()
    found = _known((product or "",), lang)
    if found and not who.is_chosen and found != who.products:
        remember(replace(who, products=found), response)


def choose(products: tuple[str, ...], lang: str, response: Response) -> None:
    """Remember the products that somebody chose; none means that all count alike. Unknown ones are left out."""
    remember(replace(reader(), products=_known(products, lang)[:MOST_PRODUCTS], is_chosen=True), response)


def products_in_force(lang: str) -> tuple[str, ...]:
    """Return the reader's products as the articles of this language name them: chosen here, else told by the company.

    What no article that they may see is of does not count.
    """
    who, signed_in = reader(), customer()
    told = who.products if who.products or who.is_chosen or not signed_in else signed_in.products
    return _known(told, lang)


def recently_read(lang: str, most: int) -> tuple[Card, ...]:
    """Return the articles read last, of this language, that this reader may still see."""
    ids = reader().read
    cards = shelf().cards(ids)
    return tuple(cards[one] for one in ids if one in cards and cards[one].lang == lang)[:most]


def _known(products: tuple[str, ...], lang: str) -> tuple[str, ...]:
    there = {one.casefold(): one for one in shelf().facets(lang).products}
    return tuple(dict.fromkeys(there[one.casefold()] for one in products if one.casefold() in there))


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
