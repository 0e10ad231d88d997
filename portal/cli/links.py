"""Links that work once, as commands print them."""

from portal.bootstrap import Portal
from portal.clock import now
from portal.db import transaction
from portal.people import accounts, keys
from portal.people.models import KeyKind


def set_up_link(portal: Portal) -> str | None:
    """Return a link with which the first admin makes an account; None when somebody is there. Raises Unavailable."""
    with portal.database.session() as session, transaction(session):
        if accounts.is_anybody(session):
            return None
        return link_of(portal, keys.make_key(session, kind=KeyKind.SETUP, user_id=None, at=now()))


def link_of(portal: Portal, token: str) -> str:
    """Return the address of a link, as people reach the portal, or as it listens where it doesn't know that."""
    base = portal.settings.base_url or f"http://{portal.settings.bind}"
    return f"{base}/desk/keys/{token}"
