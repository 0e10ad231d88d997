"""Links that work once, on their way to people: by mail where there is a mail server, else shown to who asked for them.

A link in a mail that a stranger may ask for must not lead where that stranger says: it is made from the portal's own
address, or from a host name that is trusted, and never from any other.
"""

import logging
from collections.abc import Callable
from threading import Thread

from flask import request

from portal.bootstrap import Portal
from portal.content.site import Site
from portal.errors import PortalError
from portal.outbox.key_letters import KeyLetter, key_letter
from portal.outbox.mail import Mailer
from portal.people.models import KeyKind, User
from portal.web.context import site, the
from portal.web.speech import desk_language

_log = logging.getLogger(__name__)


def can_be_asked_for() -> bool:
    """Whether somebody who is not signed in can be sent a link."""
    settings = the(Portal).settings
    return Mailer(settings).is_on and bool(settings.base_url or settings.trusted_hosts)


def link_to(token: str) -> str:
    """Return the address of a link that works once."""
    base = the(Portal).settings.base_url or request.host_url.rstrip("/")
    return f"{base}/desk/keys/{token}"


def deliver(user: User, kind: KeyKind, token: str) -> str:
    """Mail a link that an admin asked for. Returns it, to be shown, where there is no mail server, or it takes none."""
    mailer, link = Mailer(the(Portal).settings), link_to(token)
    if not mailer.is_on:
        return link
    letter = letter_for(user, kind, site(), desk_language())
    try:
        mailer.send(user.email, letter.subject, letter.text(link))
    except PortalError:
        _log.warning("A mail with a link was not taken, so it is shown instead", exc_info=True)
        return link
    return ""


def letter_for(user: User, kind: KeyKind, about: Site, asked_in: str) -> KeyLetter:
    """Return what is written around a link, in the language of its reader's account, else in that of who asked."""
    lang = user.lang or asked_in
    return key_letter(lang, name=about.name_in(lang), is_invitation=kind is not KeyKind.RESET)


def beside(work: Callable[[], None]) -> None:
    """Do some work beside the request, so that how long it takes tells the asker nothing; failures are logged."""

    def do() -> None:
        try:
            work()
        except PortalError:
            _log.warning("A link could not be mailed", exc_info=True)

    Thread(target=do, name="mail").start()
