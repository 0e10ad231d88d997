"""Whoever tells jobs the moment holds them: a served portal's own, run at the clock's, would judge visits anew."""

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.schedule import jobs

NAMES = ("find-gaps", "verify-gaps")
HOLDER = "a test"
LEASE_SECONDS = 7200.0


def hold_jobs(portal: Portal) -> None:
    """Take the jobs that look for gaps and prove them, by the lease that nodes share; before anybody serves."""
    portal.settings.data.mkdir(parents=True, exist_ok=True)
    portal.database.upgrade()
    with portal.database.session() as session, transaction(session):
        for name in NAMES:
            assert jobs.take(session, name, holder=HOLDER, at=clock.now(), seconds=LEASE_SECONDS)
