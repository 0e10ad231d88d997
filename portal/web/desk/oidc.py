"""Signing in with the company's own sign-in (OpenID Connect), where PORTAL_OIDC_ISSUER is set.

Who is known by issuer and subject enters. Who is not, and was invited by the e-mail address that the issuer has
verified, is tied to that account. Everybody else is refused: an issuer says who somebody is, not who works here.
"""

import base64
import hmac
import secrets
from urllib.parse import quote, unquote

from flask import Flask, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.bootstrap import Portal
from portal.db import transaction
from portal.errors import Forbidden, NotFound
from portal.people import accounts
from portal.people.models import User
from portal.settings import Settings
from portal.web.context import put, the
from portal.web.desk.doorstep import enter, onward
from portal.web.desk.frame import room
from portal.web.desk.oidc_client import Claims, Issuer, Trip
from portal.web.staff import next_or

COOKIE = "oidc"
MINUTES = 10
"""How long somebody may take at the issuer."""
BACK = "/desk/oidc/back"

bp = room("oidc", "/desk/oidc")


def install(app: Flask, settings: Settings) -> None:
    """Give the app its issuer, if there is one."""
    if settings.oidc_issuer:
        put(app, Issuer(settings.oidc_issuer, settings.oidc_client_id or "", settings.oidc_client_secret or ""))


@bp.get("")
def leave() -> Response:
    """Send somebody to the issuer, with a seed in a cookie from which state, nonce and PKCE's secret are derived."""
    issuer, seed = _issuer(), secrets.token_urlsafe(32)
    response = redirect(issuer.way_there(_trip(seed)), 303)
    response.set_cookie(
        COOKIE, f"{seed}.{quote(onward(), safe='')}", max_age=MINUTES * 60, path="/desk/oidc", httponly=True,
        samesite="Lax", secure=request.is_secure,
    )  # fmt: skip
    return response


@bp.get("/back")
def come_back() -> Response:
    """Take somebody in who came back from the issuer."""
    issuer = _issuer()
    seed, _, there = request.cookies.get(COOKIE, "").partition(".")
    trip = _trip(seed)
    sent = request.args.get("state", "")
    if not seed or not hmac.compare_digest(sent.encode("utf-8", "replace"), trip.state.encode()):
        raise Forbidden(gettext("This sign-in was not begun here, or took too long. Please start again."))
    if "code" not in request.args:
        raise Forbidden(gettext("The sign-in of your company did not let you in. Ask whoever looks after it."))
    user = _known(issuer.claims(trip, request.args["code"]))
    response = enter(user.id, there=next_or("/desk", unquote(there)))
    if response is None:
        raise Forbidden(gettext("Your account here is shut. An admin can open it again."))
    response.delete_cookie(COOKIE, path="/desk/oidc", httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _known(claims: Claims) -> User:
    """Return whose claims these are. Raises Forbidden for who was not invited."""
    with the(Portal).database.session() as database, transaction(database):
        user = accounts.with_subject(database, claims.subject)
        if user:
            return user
        invited = accounts.find(database, claims.email) if claims.is_verified and claims.email else None
        if invited is None or invited.is_disabled:
            message = gettext(
                "You are known to your company's sign-in, but have no account here. Ask an admin to invite you."
            )
            raise Forbidden(message)
        return accounts.link_subject(database, invited.id, claims.subject)


def _issuer() -> Issuer:
    if not the(Portal).settings.oidc_issuer:
        raise NotFound
    return the(Issuer)


def _trip(seed: str) -> Trip:
    base = the(Portal).settings.base_url or request.host_url.rstrip("/")
    return Trip(_derived(b"state", seed), _derived(b"nonce", seed), _derived(b"verifier", seed), base + BACK)


def _derived(purpose: bytes, seed: str) -> str:
    """Return 43 characters that only this portal makes of a seed."""
    whole = hmac.digest(
        the(Portal).settings.secret(), b"oidc:" + purpose + b":" + seed.encode("utf-8", "replace"), "sha256"
    )
    return base64.urlsafe_b64encode(whole).decode("ascii").rstrip("=")
