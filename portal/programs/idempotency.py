"""Idempotency: a write that a program named is done once, and answered the same for a day.

A program that heard no answer sends the same again under the same `Idempotency-Key` (the IETF's draft of that name).
`claim` before the write, `settle` in the write's own transaction, `release` where it failed. Verbs flush; edges commit.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid
from portal.programs.models import IdempotencyKey

KEPT = timedelta(days=1)
"""Longer than any program tries again by itself."""
LEASE = timedelta(minutes=1)
"""How long a write may be under way; the server ends requests sooner, so an older one's process was killed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A named write of one program."""

    key: str
    """SHA-256 of who, method, path and the key that was sent."""
    request: str
    """SHA-256 of the body."""

    @classmethod
    def of(cls, who: str, method: str, path: str, key: str, body: bytes) -> "Claim":
        """Return the claim of a request. who: names the program's account for ever."""
        named = json.dumps([who, method, path, key]).encode()
        return cls(hashlib.sha256(named).hexdigest(), hashlib.sha256(body).hexdigest())

    @property
    def uid(self) -> str:
        """Return 32 hexadecimal digits that are the same each time, for what the write makes.

        Even where a process was killed between the write and `settle`, the second try makes nothing twice.
        """
        return hashlib.sha256(b"uid:" + self.key.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first one was answered."""

    status: int
    headers: Mapping[str, str]
    body: str


def claim(session: Session, wanted: Claim, *, at: datetime) -> Answer | None:
    """Take a key, or return what was answered under it.

    Raises Invalid where another body was sent under it, Conflict while the first one is under way.
    """
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.key == wanted.key, _is_over(at)))
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(IdempotencyKey).values(
        key=wanted.key, request=wanted.request, status=None, headers="{}", body="", created_at=at
    )
    taken = session.scalar(new.on_conflict_do_nothing(index_elements=["key"]).returning(IdempotencyKey.key))
    return None if taken else _known(session.get_one(IdempotencyKey, wanted.key, populate_existing=True), wanted)


def settle(session: Session, claimed: Claim, answer: Answer) -> None:
    """Keep what a write was answered."""
    mine = update(IdempotencyKey).where(IdempotencyKey.key == claimed.key)
    headers = json.dumps(dict(answer.headers))
    session.execute(mine.values(status=answer.status, headers=headers, body=answer.body))


def release(session: Session, claimed: Claim) -> None:
    """Let go of a key whose write failed, so that it may be tried again; not of one that was answered."""
    mine = (IdempotencyKey.key == claimed.key, IdempotencyKey.status.is_(None))
    session.execute(delete(IdempotencyKey).where(*mine))


def expire(session: Session, before: datetime) -> int:
    """Delete keys from before a moment, with what was answered. Return how many."""
    gone = session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < before))
    return cast("CursorResult[Any]", gone).rowcount


def _is_over(at: datetime) -> Any:  # noqa: ANN401 - a condition of SQL
    abandoned = IdempotencyKey.status.is_(None) & (IdempotencyKey.created_at < at - LEASE)
    return abandoned | (IdempotencyKey.created_at < at - KEPT)


def _known(row: IdempotencyKey, wanted: Claim) -> Answer:
    if row.request != wanted.request:
        raise Invalid("Idempotency-Key: something else was sent under this key. Take a new key for each write.")
    if row.status is None:
        raise Conflict("The write of this Idempotency-Key is under way. Ask again in a moment.")
    return Answer(row.status, json.loads(row.headers), row.body)
