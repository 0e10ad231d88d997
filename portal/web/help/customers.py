"""Customers come and go: by a link that the company's product signed, or by its sign-in (OpenID Connect)."""

import hmac
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Flask, redirect, request
from werkzeug.wrappers import Response

from portal import clock
from portal.audience import Level
from portal.bootstrap import Portal
from portal.db import transaction
from portal.errors import NotFound
from portal.people import signed_links
from portal.people.signed_links import LinkRefused, SignedLink
from portal.settings import Settings
from portal.web import caching, customers, languages
from portal.web.access import shelf
from portal.web.context import put, site, the
from portal.web.customers import Customer, CustomerDoor
from portal.web.frame import render
from portal.web.help.customer_pages import RefusedPage, SignInPage
from portal.web.oidc_client import Claims, Issuer
from portal.web.oidc_trips import Pier
from portal.web.staff import next_or

PIER = Pier(cookie="customer-oidc", folder="/customers/oidc")

bp = Blueprint("customers", __name__)


@dataclass(frozen=True, slots=True)
class CustomerIssuer:
    """The issuer that knows customers; the desk's may be another."""

    issuer: Issuer


def install(app: Flask, settings: Settings) -> None:
    """Give the app its issuer for customers, if there is one, and these pages."""
    address, client = settings.customer_oidc_issuer, settings.customer_oidc_client_id or ""
    if address:
        put(app, CustomerIssuer(Issuer(address, client, settings.customer_oidc_client_secret or "")))
    app.register_blueprint(bp)


@bp.get("/<lang:lang>/customers/enter")
def enter(lang: str) -> Response:
    """Sign a customer in whom the product sent here by a signed link, and lead on."""
    lang = languages.known(lang, shelf().languages())
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    if request.method == "HEAD" or is_ahead:  # nobody has clicked yet, and a link may work once
        return Response(status=503 if is_ahead else 204, headers={"Cache-Control": caching.NEVER})
    return _enter(lang, request.args.get("token", ""), request.args.get("next"))


@bp.post("/<lang:lang>/customers/enter")
def enter_by_form(lang: str) -> Response:
    """Sign in as the link does, with the token out of sight: in the body of a form of the product's page."""
    lang = languages.known(lang, shelf().languages())
    return _enter(lang, request.form.get("token", ""), request.form.get("next"))


@bp.get("/<lang:lang>/customers/sign-in")
def ask(lang: str) -> Response:
    """Lead to where customers sign in; where there are two ways, show both."""
    lang = languages.known(lang, shelf().languages())
    wanted = next_or(f"/{lang}/", request.args.get("next"))
    page = SignInPage.of(lang, product=_product(wanted), issuer=_own_sign_in(wanted))
    if page.product and page.issuer:
        return caching.fresh(render("help/customer_sign_in.html", page))
    if not page.product and not page.issuer:
        raise NotFound
    return _lead_to(page.product or page.issuer)


@bp.post("/<lang:lang>/customers/sign-out")
def leave(lang: str) -> Response:
    """Sign out on this browser; nothing was kept anywhere else."""
    lang = languages.known(lang, shelf().languages())
    return customers.forget(_lead_to(f"/{lang}/"))


@bp.get("/customers/oidc")
def leave_for_issuer() -> Response:
    """Send a customer to the company's sign-in."""
    response = PIER.leave(_issuer(), next_or("/", request.args.get("next")))
    response.headers["Cache-Control"] = caching.NEVER
    return response


@bp.get("/customers/oidc/back")
def come_back() -> Response:
    """Sign a customer in who came back from the company's sign-in."""
    claims = PIER.come_back(_issuer())
    response = _lead_to(PIER.onward("/"))
    return PIER.land(customers.remember(_named(claims), response, until=customers.stays(clock.now())))


def _enter(lang: str, token: str, wanted: str | None) -> Response:
    key = the(Portal).settings.customer_secret
    if key is None:
        raise NotFound
    at = clock.now()
    try:
        link = signed_links.read_link(token, key, at)
        _use_up(link)
    except LinkRefused as error:
        page = RefusedPage.of(lang, error.fault, customers.sign_in_address(lang, next_or(f"/{lang}/", wanted)))
        refused = caching.fresh(render("help/customer_refused.html", page))
        refused.status_code = 403
        return _quietly(refused)
    response = _quietly(_lead_to(next_or(f"/{_language(link, lang)}/", wanted)))
    return customers.remember(_linked(link), response, until=customers.stays(at, link.until))


def _use_up(link: SignedLink) -> None:
    """Note that a link was used; who is signed in by it already, and clicked once more, goes on."""
    who = customers.customer()
    if not link.jti or (who and who.subject == _subject(link.subject)):
        return
    with the(Portal).database.session() as session, transaction(session):
        signed_links.use_up(session, link, at=clock.now())


def _linked(link: SignedLink) -> Customer:
    who = Customer(_subject(link.subject), link.name, link.address, Level.CUSTOMERS, link.products, link.lang)
    return customers.tidied(who)


def _named(claims: Claims) -> Customer:
    """Return whom an issuer names; an address that it has not verified could be anybody's, and is left out."""
    address = claims.email if claims.is_verified else ""
    who = Customer(_subject(claims.subject), claims.name, address, Level.CUSTOMERS, claims.products, claims.lang)
    return customers.tidied(who)


def _subject(name: str) -> str:
    """Return what stands for the company's own name of somebody."""
    key, text = the(Portal).settings.secret(), f"customer-subject:{name}"
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def _language(link: SignedLink, lang: str) -> str:
    """Return the customer's language where we have it, else the one of the address."""
    wanted = link.lang.casefold()
    return next((one for one in shelf().languages() if one.casefold() == wanted), lang)


def _product(wanted: str) -> str:
    """Return the page of the product that sends customers back here; empty where links are not taken from it."""
    url = site().customers.sign_in_url if the(CustomerDoor).takes_links else ""
    return url.replace("{next}", quote(wanted, safe=""))


def _own_sign_in(wanted: str) -> str:
    return f"{PIER.folder}?next={quote(wanted, safe='')}" if the(CustomerDoor).has_issuer else ""


def _issuer() -> Issuer:
    if not the(CustomerDoor).has_issuer:
        raise NotFound
    return the(CustomerIssuer).issuer


def _lead_to(url: str) -> Response:
    response = redirect(url, 303)
    response.headers["Cache-Control"] = caching.NEVER
    return response


def _quietly(response: Response) -> Response:
    """Let no page that follows be told the address, in which the token stands."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
