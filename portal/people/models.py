"""Accounts of staff, their sessions, one-time links, throttles; customers' links that were used."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model


class Role(StrEnum):
    """What somebody does here. Each may do what the ones before may."""

    AGENT = "agent"
    WRITER = "writer"
    LEAD = "lead"
    ADMIN = "admin"

    def reaches(self, least: "Role") -> bool:
        """Whether whoever has this role may do what `least` may."""
        order = tuple(Role)
        return order.index(self) >= order.index(least)


class KeyKind(StrEnum):
    """What a link that works once is for."""

    SETUP = "setup"
    INVITATION = "invitation"
    RESET = "reset"


class User(Model):
    """A member of staff. Without a password hash nobody can sign in by password; disabled, not at all."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case."""
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(
        Enum(Role, name="role", length=10, native_enum=False, create_constraint=True, values_callable=list)
    )
    password_hash: Mapped[str | None] = mapped_column(String(200))
    oidc_subject: Mapped[str | None] = mapped_column(String(300), unique=True)
    """Issuer and subject, with a space between."""
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_step: Mapped[int | None]
    """The last time step whose code was taken; none is taken twice."""
    must_use_second_factor: Mapped[bool]
    lang: Mapped[str | None] = mapped_column(String(35))
    """What the desk speaks to them, and what they are written to in: a tag such as de. None: they never chose."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    @property
    def is_disabled(self) -> bool:
        """Whether the account is shut."""
        return self.disabled_at is not None

    @property
    def is_awaited(self) -> bool:
        """Whether the account was made, and nobody has ever been able to sign in to it."""
        return self.password_hash is None and self.oidc_subject is None

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone is not enough."""
        return self.must_use_second_factor or self.totp_secret is not None


class UserSession(Model):
    """Somebody is signed in on one device. `token` is SHA-256 of what the cookie holds."""

    __tablename__ = "user_sessions"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    is_complete: Mapped[bool]
    """False while the second factor is awaited."""
    device: Mapped[str] = mapped_column(String(40))
    """The browser as its owner may know it again, such as "Firefox on Linux"; empty when unknown."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """At most a few minutes behind."""
    expires_at: Mapped[datetime]


class UserKey(Model):
    """A link that works once: set-up of the first admin, an invitation, a new password. `token` is SHA-256 of it."""

    __tablename__ = "user_keys"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[KeyKind] = mapped_column(
        Enum(KeyKind, name="kind", length=10, native_enum=False, create_constraint=True, values_callable=list)
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    """None for the set-up, when there is nobody yet."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Model):
    """How often somebody tried to sign in within a window. `key` is an HMAC of an address or an account."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    began_at: Mapped[datetime]
    last_at: Mapped[datetime]
    count: Mapped[int]


class UsedLink(Model):
    """A customer's signed link that was used and works no more. `token` is SHA-256 of its `jti`."""

    __tablename__ = "used_links"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """When its own time is over, and it need not be known any longer."""
