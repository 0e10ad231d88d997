"""Throttles: how often a source may try to sign in, and how often an account may be tried. In the database, for all.

Neither addresses nor accounts are written down: keys are HMACs. A try is counted before the password is looked at, so
that many at once don't slip through; one that succeeds is taken back.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.errors import TooMany
from portal.people.models import Attempt

WINDOW = timedelta(minutes=10)
OF_SOURCE = 20
"""Tries in a window from one source (reliability paper, section 3)."""
OF_ACCOUNT = 10
FREE = 5
"""Tries of one account without a wait; the next ones wait 2, 4, 8, 16 and 32 seconds."""
MESSAGE = "There were many attempts to sign in. Wait a little, then try again."


@dataclass(frozen=True, slots=True)
class Throttle:
    """Counts for one try. secret: of the portal; source: an address or a network; account: what was typed."""

    secret: bytes
    source: str
    account: str

    def count(self, session: Session, at: datetime) -> None:
        """Count a try, in a transaction of its own. Raises TooMany, with the seconds to wait, when it must not be made.

        What is refused is rolled back and not counted: a password that nobody looked at tells nothing.
        """
        source = _opened(session, self._key("source", self.source), at)
        account = _opened(session, self._key("account", self.account), at)
        wait = max(wait_of_source(source, at), wait_of_account(account, at))
        if wait > timedelta(0):
            raise TooMany(MESSAGE, retry_after=max(1, ceil(wait.total_seconds())))
        for attempt in (source, account):
            attempt.count += 1
            attempt.last_at = at
        session.flush()

    def forget(self, session: Session) -> None:
        """Take back what was counted for a sign-in that went well: the account's tries, and this one of the source."""
        self.forget_account(session)
        mine = update(Attempt).where(Attempt.key == self._key("source", self.source), Attempt.count > 0)
        session.execute(mine.values(count=Attempt.count - 1))

    def forget_account(self, session: Session) -> None:
        """Take back an account's tries, for whoever chose a new password."""
        session.execute(delete(Attempt).where(Attempt.key == self._key("account", self.account)))

    def _key(self, kind: str, name: str) -> str:
        text = f"attempt:{kind}:{name}".encode("utf-8", "replace")
        return hmac.digest(self.secret, text, "sha256").hex()


def wait_of_source(attempt: Attempt, at: datetime) -> timedelta:
    """Return how long a source waits after the tries that were let through."""
    return attempt.began_at + WINDOW - at if attempt.count >= OF_SOURCE else timedelta(0)


def wait_of_account(attempt: Attempt, at: datetime) -> timedelta:
    """Return how long an account waits: not at all, then twice as long each time, then until its window ends."""
    if attempt.count >= OF_ACCOUNT:
        return attempt.began_at + WINDOW - at
    if attempt.count < FREE:
        return timedelta(0)
    return attempt.last_at + timedelta(seconds=2 ** (attempt.count - FREE + 1)) - at


def _opened(session: Session, key: str, at: datetime) -> Attempt:
    """Return the row of a key, locked, in a window that `at` lies in; a clock that was set back begins a new one."""
    row = {"key": key, "began_at": at, "last_at": at, "count": 0}
    session.execute(delete(Attempt).where(Attempt.began_at <= at - WINDOW))
    session.execute(_insert(session).values(row).on_conflict_do_nothing(index_elements=[Attempt.key]))
    locked = select(Attempt).where(Attempt.key == key).with_for_update()
    attempt = session.scalars(locked, execution_options={"populate_existing": True}).one()
    if attempt.began_at > at:
        attempt.began_at, attempt.last_at, attempt.count = at, at, 0
    return attempt


def _insert(session: Session) -> sqlite.Insert | postgresql.Insert:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(Attempt) if is_sqlite else postgresql.insert(Attempt)
