"""Wishing: an article that a member of staff asks for, taken back with all that came of it. For desk and programs."""

from portal.bootstrap import Portal
from portal.db import transaction
from portal.events import log
from portal.feedback import requests
from portal.gaps import needs_store
from portal.people.models import User
from portal.visits import totals
from portal.web.context import the


def take_back(uid: str, *, by: User) -> bool:
    """Forget somebody's own request, as if it had never been made, while no gap has taken it up.

    Return whether it could be. Raises Unavailable.
    """
    with the(Portal).database.session() as session, transaction(session):
        asked_at = requests.take_back(session, uid, user=by.id)
        if asked_at is not None:
            log.take_back(session, uid)
            needs_store.take_back(session, uid)
            totals.reopen(session, asked_at)
        return asked_at is not None
