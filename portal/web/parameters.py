"""Numbers and names in a query string, read with care."""

from collections.abc import Sequence

from flask import request

from portal.errors import Invalid
from portal.text import one_line

QUERY_LIMIT = 500
"""Characters of a query that are searched; far beyond any question, short enough to be answered at once."""
MOST_OFFSET = 10_000
PAGE = 10


def asked() -> str:
    """Return the query `q` on one line, cut to QUERY_LIMIT."""
    return one_line(request.args.get("q", "")[: 2 * QUERY_LIMIT])[:QUERY_LIMIT].strip()


def is_cut() -> bool:
    """Whether more was asked than is searched."""
    return len(request.args.get("q", "")) > QUERY_LIMIT


def is_verbatim() -> bool:
    """Whether a page shall search the words as they were typed; anything but `verbatim=1` corrects them."""
    return request.args.get("verbatim") == "1"


def name(key: str) -> str | None:
    """Return a short text such as a topic's slug, None when absent or empty."""
    return one_line(request.args.get(key, "")[:200]) or None


def one_of(key: str, choices: Sequence[str]) -> str | None:
    """Return a choice for a program, None when absent or empty. Raises Invalid that names what there is to choose."""
    text = name(key)
    if text is not None and text not in choices:
        message = f"{key}: give one of {', '.join(choices)}."
        raise Invalid(message)
    return text


def calm_whole(key: str, least: int, most: int) -> int:
    """Return a whole number for a page: whatever is typed into an address, the nearest number that can be shown."""
    text = request.args.get(key, "")
    return min(max(int(text), least), most) if _is_whole(text) else least


def whole(key: str, default: int, least: int, most: int) -> int:
    """Return a whole number for a program. Raises Invalid that names the parameter and what it may be."""
    text = request.args.get(key)
    if text is None:
        return default
    if not _is_whole(text) or not least <= int(text) <= most:
        message = f"{key}: give a whole number from {least} to {most:,}."
        raise Invalid(message)
    return int(text)


def _is_whole(text: str) -> bool:
    """Whether it is a number of at most nine digits; `int` alone takes other scripts' digits and underscores."""
    return text.isascii() and text.isdigit() and len(text) <= len("999999999")
