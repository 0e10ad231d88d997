"""What customers send, with defaults."""

from itertools import count

from portal.conversations.intake import Received
from portal.conversations.models import Entry

_NUMBERS = count(1)


def received(**fields: object) -> Received:
    """Make what came by the form, each with a uid of its own."""
    values: dict[str, object] = {
        "uid": f"{next(_NUMBERS):032x}", "entry": Entry.FORM, "subject": "Invoice is missing", "text": "Where is it?",
        "lang": "en", "topic": None, "name": "Ada", "address": "ada@example.com", "level": "public",
        "visitor": "a" * 32, "has_trail": False, "search": "b" * 32,
    }  # fmt: skip
    return Received(**(values | fields))  # type: ignore[arg-type]
