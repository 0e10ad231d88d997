"""How the desk says views, standings and events of conversations, and what was just done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask_babel import gettext, lazy_gettext

from portal.conversations.intake import SUSPECTED
from portal.conversations.models import Entry, Message, Standing
from portal.conversations.standing import Happening
from portal.conversations.store import View

VIEWS: Final[Mapping[View, object]] = MappingProxyType(
    {
        View.NEW: lazy_gettext("New"),
        View.MINE: lazy_gettext("Mine"),
        View.WAITING: lazy_gettext("Waiting"),
        View.CLOSED: lazy_gettext("Closed"),
        View.ALL: lazy_gettext("All"),
    }
)
STANDINGS: Final[Mapping[Standing, object]] = MappingProxyType(
    {
        Standing.NEW: lazy_gettext("New"),
        Standing.OPEN: lazy_gettext("Our turn"),
        Standing.WAITING: lazy_gettext("Waits for the customer"),
        Standing.CLOSED: lazy_gettext("Closed"),
        Standing.MERGED: lazy_gettext("Merged"),
    }
)
ENTRIES: Final[Mapping[Entry, object]] = MappingProxyType(
    {
        Entry.FORM: lazy_gettext("Contact form"),
        Entry.WIDGET: lazy_gettext("Widget"),
        Entry.MAIL: lazy_gettext("Mail"),
        Entry.API: lazy_gettext("Program"),
    }
)
DONE: Final[Mapping[str, object]] = MappingProxyType(
    {
        "assigned": lazy_gettext("The assignee is changed."),
        "noted": lazy_gettext("The note is kept. Only staff see it."),
        "closed": lazy_gettext("Closed. If the customer writes again, it opens by itself."),
        "reopened": lazy_gettext("It is open again."),
        "merged": lazy_gettext("Merged. What was said there stands here now."),
        "taken-back": lazy_gettext("The reply was taken back. It stands in the box again, and nothing was sent."),
        "discarded": lazy_gettext("The draft is thrown away."),
    }
)


def event_said(event: Message) -> str:
    """Return an event as a sentence, with who did it."""
    by, about = event.by or gettext("Signpost"), event.about
    if event.text == Happening.ASSIGNED:
        return _assigned(by, about)
    if event.text in {Happening.MERGED, Happening.TOOK_IN}:
        form = _MERGED if event.text == Happening.MERGED else _TOOK_IN
        return str(gettext(form, by=by, other=about))
    if event.text == Happening.BOUNCED:
        return str(gettext("A mail to the customer came back: %(reason)s", reason=about))
    form = _PLAIN.get(event.text)
    return str(gettext(form, by=by)) if form else f"{by}: {event.text} {about}".strip()


def _assigned(by: str, about: str) -> str:
    if about == by:
        return str(gettext("%(by)s took this", by=by))
    if about:
        return str(gettext("%(by)s gave this to %(name)s", by=by, name=about))
    return str(gettext("%(by)s gave this to nobody", by=by))


_MERGED: Final = lazy_gettext("%(by)s merged this into %(other)s")
_TOOK_IN: Final = lazy_gettext("%(by)s merged %(other)s into this")
_PLAIN: Final[Mapping[str, object]] = MappingProxyType(
    {
        Happening.CLOSED: lazy_gettext("%(by)s closed this"),
        Happening.REOPENED: lazy_gettext("%(by)s opened this again"),
        Happening.BOUNCED: lazy_gettext("%(by)s: a mail did not arrive, so it is our turn again"),
        Happening.TOOK_BACK: lazy_gettext("%(by)s took a reply back before it went"),
        SUSPECTED: lazy_gettext("%(by)s: many links from somebody unknown. Look before you open any."),
    }
)
