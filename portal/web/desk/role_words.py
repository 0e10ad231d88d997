"""Roles in words."""

from typing import Final

from flask_babel import lazy_gettext

from portal.people.models import Role

NAMES: Final = {
    Role.AGENT: lazy_gettext("Agent"),
    Role.WRITER: lazy_gettext("Writer"),
    Role.LEAD: lazy_gettext("Lead"),
    Role.ADMIN: lazy_gettext("Admin"),
}
MAY: Final = {
    Role.AGENT: lazy_gettext("reads everything, and asks for articles"),
    Role.WRITER: lazy_gettext("works on gaps and drafts articles"),
    Role.LEAD: lazy_gettext("decides what is written, and hands out work"),
    Role.ADMIN: lazy_gettext("invites people and says what they may do"),
}
"""What a role adds to the one before."""


def role_name(role: Role) -> str:
    """Return a role's name."""
    return str(NAMES[role])


def choices() -> tuple[tuple[str, str, str], ...]:
    """Return (value, name, what it may do) of every role, the least first."""
    return tuple((role.value, str(NAMES[role]), str(MAY[role])) for role in Role)
