"""Links that work once, on their way to people: by mail where there is a mail server, else shown to who asked for them.

A link in a mail that a stranger may ask for must not lead where that stranger says: it is made from the portal's own
address, or from a host name that is trusted, and never from any other.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

from flask import request
from flask_babel import gettext

from portal.bootstrap import Portal
from portal.errors import PortalError
from portal.outbox.mail import Mailer
from portal.people.models import KeyKind, User
from portal.web.context import site, the
from portal.web.speech import desk_language

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in the words of the one who asked for it."""

    subject: str
    before: str
    """What stands above the link."""
    after: str

    def text(self, link: str) -> str:
        """Return the whole text."""
        return f"{self.before}\n\n{link}\n\n{self.after}\n"


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
    letter = letter_of(kind)
    try:
        mailer.send(user.email, letter.subject, letter.text(link))
    except PortalError:
        _log.warning("A mail with a link was not taken, so it is shown instead", exc_info=True)
        return link
    return ""


def letter_of(kind: KeyKind) -> Letter:
    """Return what is written around a link."""
    name = site().name_in(desk_language())
    if kind is KeyKind.RESET:
        return Letter(
            str(gettext("Your new password for %(name)s", name=name)),
            str(gettext("With this link you choose a new password. It works once, within two hours:")),
            str(gettext("If you did not ask for it, leave it alone: your password stays as it is.")),
        )
    return Letter(
        str(gettext("Your account for %(name)s", name=name)),
        str(gettext("You have been invited. With this link you choose a password. It works once, within seven days:")),
        str(gettext("If you did not expect this, leave it alone: nothing happens.")),
    )


def beside(work: Callable[[], None]) -> None:
    """Do some work beside the request, so that how long it takes tells the asker nothing; failures are logged."""

    def do() -> None:
        try:
            work()
        except PortalError:
            _log.warning("A link could not be mailed", exc_info=True)

    Thread(target=do, name="mail").start()
