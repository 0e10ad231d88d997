"""Which conversations an address asks for, and the addresses of others. All pages of the inbox read it alike."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from portal.conversations.store import Cursor, View
from portal.web.parameters import asked as asked_words
from portal.web.parameters import name

LIST = "/desk/inbox"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; whatever can't be used in it stands for what is usual."""

    view: View | None
    """None where the address names none."""
    q: str
    before: Cursor | None = None

    @classmethod
    def here(cls) -> "Asked":
        """Read this request's address."""
        view = name("view")
        return cls(View(view) if view in tuple(View) else None, asked_words(), _cursor(name("before") or ""))

    def url(self, conversation: int | None = None, **other: object) -> str:
        """Return the address of this list, or of a conversation beside it. other: more of what the address says."""
        parts = {"view": self.view, "q": self.q, "before": _written(self.before), **other}
        kept = {key: str(value) for key, value in parts.items() if value not in {None, ""}}
        path = f"{LIST}/{conversation}" if conversation else LIST
        return f"{path}{'?' if kept else ''}{urlencode(kept)}"

    def viewed(self, view: View) -> "Asked":
        """Return the first page of another view, of what is searched for."""
        return Asked(view, self.q)

    def following(self, last: Cursor) -> "Asked":
        """Return the page after this one."""
        return replace(self, before=last)

    def first(self) -> "Asked":
        """Return the first page."""
        return replace(self, before=None)


def _written(cursor: Cursor | None) -> str:
    return f"{(cursor.at - _EPOCH) // timedelta(microseconds=1)}-{cursor.id}" if cursor else ""


def _cursor(written: str) -> Cursor | None:
    at, _, number = written.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= _MOST_DIGITS for part in (at, number)):
        return None
    try:
        return Cursor(_EPOCH + timedelta(microseconds=int(at)), min(int(number), 2**31 - 1))
    except OverflowError:
        return None
