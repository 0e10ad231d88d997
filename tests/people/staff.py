"""The cast: accounts as builders with defaults, and a hasher that costs nothing."""

from datetime import UTC, datetime
from typing import Literal

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from portal.people import accounts
from portal.people.models import Role, User
from portal.people.passwords import Passwords

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PASSWORD = "correct horse battery"


class Noting(PasswordHasher):
    """Argon2id at its least, which notes what it compared with."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - its name upstream
        self.verified.append(str(hash))
        return super().verify(hash, password)


CHEAP = Passwords(Noting())
HASHED = CHEAP.hash(PASSWORD)


def a_user(
    session: Session,
    email: str = "bo@acme.example",
    role: Role = Role.AGENT,
    *,
    name: str = "",
    has_password: bool = True,
) -> User:
    user = accounts.add(session, email=email, name=name or email.partition("@")[0].title(), role=role, at=AT)
    return accounts.set_password(session, user.id, HASHED) if has_password else user
