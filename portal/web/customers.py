"""Customers who are signed in: who reads, as a sealed cookie says. Nothing of it is kept on the server.

Who made the cookie is `web/help/customers.py`'s: the company's product by a signed link, or its sign-in by OpenID
Connect. The seal hangs on the keys of both, so that changing or taking away a key signs everybody out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from flask import Flask, g, has_request_context, request
from werkzeug.wrappers import Response

from portal import clock
from portal.audience import Level
from portal.settings import Settings
from portal.text import cut, one_line
from portal.web.context import put, site, the
from portal.web.sealed import MOST_BYTES, Json, Seal

COOKIE = "customer"
MOST_PRODUCTS = 20
_NAME, _ADDRESS, _PRODUCT, _TAG = 80, 254, 60, 35
"""Characters of a name, an e-mail address (RFC 5321), a product and a language's tag."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A signed-in customer, as the company says who it is."""

    subject: str
    """Stands for the company's own name of this customer, and leads back to no one: 32 hexadecimal digits."""
    name: str
    address: str
    """E-mail address, empty where none was told."""
    level: Level
    products: tuple[str, ...]
    lang: str
    """The language that the company knows of this customer, empty where none was told; need not be one of ours."""


@dataclass(frozen=True, slots=True)
class CustomerDoor:
    """How customers may sign in here."""

    seal: Seal | None
    """None: in no way."""
    takes_links: bool
    has_issuer: bool

    @classmethod
    def of(cls, settings: Settings) -> "CustomerDoor":
        """Return what the settings allow."""
        links, issuer = settings.customer_secret or "", settings.customer_oidc_issuer or ""
        keys = f"customer:{links}:{issuer} {settings.customer_oidc_client_id or ''}"
        return cls(Seal.of(settings.secret(), keys) if links or issuer else None, bool(links), bool(issuer))


def install(app: Flask, settings: Settings) -> None:
    """Give the app its door for customers."""
    put(app, CustomerDoor.of(settings))
    app.teardown_appcontext(lambda _: g.pop("customer", None))


def customer() -> Customer | None:
    """Return which customer is signed in, None for everybody else. Asks no database."""
    if not has_request_context():
        return None
    held = request.cookies.get(COOKIE, "")
    if not held:
        return None
    if "customer" not in g:
        g.customer = _opened(held)
    found: Customer | None = g.customer
    return found


def stays(at: datetime, until: datetime | None = None) -> datetime:
    """Return how long somebody who signs in at `at` stays: as `portal.toml` says, or less where the company says so."""
    most = at + timedelta(days=site().customers.days)
    return min(most, until) if until else most


def remember(who: Customer, response: Response, *, until: datetime) -> Response:
    """Sign a customer in on this browser."""
    seal = the(CustomerDoor).seal
    if seal is None:
        return response
    seconds = round((until - clock.now()).total_seconds())
    response.set_cookie(
        COOKIE, _closed(seal, who, until), max_age=seconds, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def forget(response: Response) -> Response:
    """Sign whoever is there out."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def sign_in_address(lang: str, wanted: str) -> str:
    """Return where somebody can sign in, and comes back from to `wanted`; empty where there is no such way."""
    door = the(CustomerDoor)
    if not door.has_issuer and not (door.takes_links and site().customers.sign_in_url):
        return ""
    return f"/{lang}/customers/sign-in?{urlencode({'next': wanted})}"


def tidied(who: Customer) -> Customer:
    """Return a customer with words that can be shown and kept: on one line, none too long, no product twice."""
    words = {one_line(one)[:_PRODUCT].strip(): None for one in who.products}
    return replace(
        who,
        name=cut(one_line(who.name), _NAME),
        address=one_line(who.address) if len(who.address) <= _ADDRESS else "",
        products=tuple(word for word in words if word)[:MOST_PRODUCTS],
        lang=one_line(who.lang)[:_TAG],
    )


def _closed(seal: Seal, who: Customer, until: datetime) -> str:
    """Seal a customer; where it would be too much for a cookie, the last products are left out."""
    products: Sequence[str] = who.products
    while True:
        value: Json = {
            "s": who.subject, "n": who.name, "a": who.address, "p": list(products), "l": who.lang,
            "u": round(until.timestamp()),
        }  # fmt: skip
        sealed = seal.close(value)
        if len(sealed) <= MOST_BYTES or not products:
            return sealed
        products = products[:-1]


def _opened(held: str) -> Customer | None:
    seal = the(CustomerDoor).seal
    value = seal.open(held) if seal else None
    if value is None or datetime.fromtimestamp(_number(value["u"]), UTC) <= clock.now():
        return None
    products = value["p"] if isinstance(value["p"], list) else []
    return Customer(
        subject=str(value["s"]),
        name=str(value["n"]),
        address=str(value["a"]),
        level=Level.CUSTOMERS,
        products=tuple(str(one) for one in products),
        lang=str(value["l"]),
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
