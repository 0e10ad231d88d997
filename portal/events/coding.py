"""Events as they are written down, and read again: fields that every event has, and JSON of what its kind has beside.

Pure. What equals its default is left out of the JSON, and names that a later version may have added are passed over.
"""

import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import Any, TypedDict

from portal.events._making import a_click, a_search, a_view, read_json
from portal.events.kinds import KINDS, Clicked, Contacted, Event, Searched, Step, Viewed

COMMON = frozenset(field.name for field in fields(Event))
LONGEST = {"uid": 32, "visitor": 40, "lang": 35}
"""Characters of the columns."""
_KIND = {kind: kind.__name__.lower() for kind in KINDS}
_OF_NAME = {name: kind for kind, name in _KIND.items()}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_MAKE: dict[str, Callable[[str, datetime, str, str, str], Event]] = {
    _KIND[Searched]: a_search,
    _KIND[Clicked]: a_click,
    _KIND[Viewed]: a_view,
}


class Row(TypedDict):
    """A row of the table, but for its number."""

    uid: str
    kind: str
    at: datetime
    visitor: str
    lang: str
    data: str


def to_row(event: Event) -> Row:
    """Return an event as a row. Raises ValueError, saying which field, where it would not fit into the table."""
    for name, longest in LONGEST.items():
        if not 0 <= len(getattr(event, name)) <= longest:
            message = f"{name} has more than {longest} characters"
            raise ValueError(message)
    if event.at.utcoffset() is None:
        message = "at has no time zone"
        raise ValueError(message)
    data = {name: value for name, default in _OWN[type(event)] if (value := getattr(event, name)) != default}
    return Row(
        uid=event.uid, kind=_KIND[type(event)], at=event.at, visitor=event.visitor, lang=event.lang, data=_encode(data)
    )


def from_row(uid: str, kind: str, at: datetime, visitor: str, lang: str, data: str) -> Event | None:  # noqa: PLR0913, PLR0917 - a row
    """Return the event of a row; None for a kind unknown to this version. Raises ValueError for a broken row."""
    make = _MAKE.get(kind)
    if make is None:
        return _any_other(uid, kind, at, visitor, lang, data)
    try:
        return make(uid, at, visitor, lang, data)
    except KeyError as error:
        message = f"a field of {kind} is missing: {error}"
        raise ValueError(message) from None


def to_line(event: Event) -> bytes:
    """Return an event as one line of a spill file, with its end. Raises ValueError as `to_row` does."""
    row = to_row(event)
    return (_encode(row | {"at": row["at"].isoformat()}) + "\n").encode("utf-8")


def from_line(line: bytes) -> Event:
    """Return the event of a line. Raises ValueError for one that is torn, damaged or of an unknown kind."""
    try:
        row = json.loads(line)
        event = from_row(
            row["uid"], row["kind"], datetime.fromisoformat(row["at"]), row["visitor"], row["lang"], row["data"]
        )
        if event is not None:
            to_row(event)
            return event
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        message = "the line is no event"
        raise ValueError(message) from error
    message = "the kind of the event is not known"
    raise ValueError(message)


def _any_other(uid: str, kind: str, at: datetime, visitor: str, lang: str, data: str) -> Event | None:  # noqa: PLR0913, PLR0917 - a row
    make = _OF_NAME.get(kind)
    if make is None:
        return None
    own = read_json(data)
    if make is Contacted and "step" in own:
        own["step"] = Step(own["step"])
    known = {name: own[name] for name, _ in _OWN[make] if name in own}
    try:
        return make(uid=uid, at=at, visitor=visitor, lang=lang, **known)
    except TypeError:
        message = f"a field of {kind} is missing"
        raise ValueError(message) from None


def _default(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


_OWN = {kind: [(f.name, _default(f)) for f in fields(kind) if f.name not in COMMON] for kind in KINDS}
