"""What the templates of customers' sign-in are told."""

from dataclasses import dataclass
from typing import Final

from flask_babel import gettext, lazy_gettext

from portal.people.signed_links import Fault
from portal.web.frame import AnyPage

SAID: Final = {
    Fault.FORGED: (
        lazy_gettext("This link does not sign you in"),
        lazy_gettext("It was cut off or changed on its way, or is not from the right place."),
    ),
    Fault.OLD: (
        lazy_gettext("The time of this link is over"),
        lazy_gettext("For your safety such links work for a short time only."),
    ),
    Fault.USED: (
        lazy_gettext("This link has been used already"),
        lazy_gettext("For your safety such links work once."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPage(AnyPage):
    """help/customer_refused.html: a link that lets nobody in."""

    why: str
    sign_in: str
    """Where to sign in; empty where that begins in the company's product alone."""

    @classmethod
    def of(cls, lang: str, fault: Fault, sign_in: str) -> "RefusedPage":
        """Return the page for a fault."""
        title, why = SAID[fault]
        return cls(title=str(title), lang=lang, why=str(why), sign_in=sign_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(AnyPage):
    """help/customer_sign_in.html: the two ways to sign in."""

    product: str
    issuer: str

    @classmethod
    def of(cls, lang: str, *, product: str, issuer: str) -> "SignInPage":
        """Return the page. product, issuer: addresses; empty where there is no such way."""
        return cls(title=gettext("Sign in to see more"), lang=lang, product=product, issuer=issuer)
