"""Signing in with the company's own sign-in (OpenID Connect), where PORTAL_OIDC_ISSUER is set.

Who is known by issuer and subject enters. Who is not, and was invited by the e-mail address that the issuer has
verified, is tied to that account. Everybody else is refused: an issuer says who somebody is, not who works here.
"""

from flask import Flask
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
from portal.web.oidc_client import Claims, Issuer
from portal.web.oidc_trips import Pier

PIER = Pier(cookie="oidc", folder="/desk/oidc")

bp = room("oidc", PIER.folder)


def install(app: Flask, settings: Settings) -> None:
    """Give the app its issuer, if there is one."""
    if settings.oidc_issuer:
        put(app, Issuer(settings.oidc_issuer, settings.oidc_client_id or "", settings.oidc_client_secret or ""))


@bp.get("")
def leave() -> Response:
    """Send somebody to the issuer."""
    return PIER.leave(_issuer(), onward())


@bp.get("/back")
def come_back() -> Response:
    """Take somebody in who came back from the issuer."""
    user = _known(PIER.come_back(_issuer()))
    response = enter(user.id, there=PIER.onward("/desk"))
    if response is None:
        raise Forbidden(gettext("Your account here is shut. An admin can open it again."))
    return PIER.land(response)


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
