"""`/api/v1/whoami`: what a token is and may."""

from datetime import datetime

from pydantic import Field

from portal.people.models import Role
from portal.programs.scopes import Scope
from portal.web import programs
from portal.web.api.members import Person, Shape
from portal.web.api.operations import operation
from portal.web.api.problems import resource

bp = resource("whoami", "/whoami")


class Whoami(Shape):
    """The token that was shown."""

    token: str = Field(description="Its name.")
    account: Person
    role: Role
    scopes: tuple[Scope, ...] = Field(description="What it may do now: no more than the account's role.")
    expires_at: datetime | None


@bp.get("")
@operation("Token", None, answer=Whoami)
def whoami() -> Whoami:
    """Say what the token is, whose, and what it may do. Good for trying whether it works."""
    found = programs.allowed(None)
    return Whoami(
        token=found.name, account=Person(id=found.user.id, name=found.user.name), role=found.user.role,
        scopes=tuple(sorted(found.scopes)), expires_at=found.expires_at,
    )  # fmt: skip
