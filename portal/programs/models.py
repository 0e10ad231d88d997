"""ApiToken, IdempotencyKey, Upload: what programs show, what they were answered, and files they sent ahead."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model


class ApiToken(Model):
    """A program's key to the API, for one account. `token` is SHA-256 of it: it is shown once and kept nowhere.

    It may never do more than the account's role may, whatever its scopes say; a disabled account's tokens are dead.
    """

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    beginning: Mapped[str] = mapped_column(String(12))
    """Its first characters, by which its owner knows it again."""
    name: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    scopes: Mapped[str] = mapped_column(String(500))
    """Words with spaces between."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """At most a few minutes behind."""
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Model):
    """A write that a program named, and what it was answered: the same one again is answered the same, and not done."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of who wrote, the method, the path and the key that was sent."""
    request: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the body: another body under the same key is a mistake."""
    status: Mapped[int | None]
    """None while the first one is under way."""
    headers: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)


class Upload(Model):
    """A file that a program sent ahead, for a message that will name it; forgotten when none does within a day.

    It belongs to the token's account, and is gone once a message has taken it. `content` is not read with the rest.
    """

    __tablename__ = "uploads"

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    """What its content is, not what its sender said."""
    size_bytes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Last in its row, so that SQLite need not walk over it to read the others."""
