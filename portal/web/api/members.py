"""Members that the shapes of several resources are made of: text, languages, cursors, versions."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from portal.errors import Invalid, NotFound
from portal.web.access import shelf
from portal.web.api.validation import Whole, integral

PAGE, MOST = 20, 50
MOST_NUMBER = 2**31 - 1
CURSOR = r"^[0-9a-f]{1,15}(-[0-9a-f]{1,8})?$"
"""Every text of this kind stands somewhere in a list, so that none has to be refused. Programs take it as it is."""
_VISIBLE = r"[^\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]"
_UID = re.compile(r"[0-9a-f]{32}")
_MOST_MICROSECONDS = 253402300799999999
"""The last microsecond of the year 9999, the last that Python knows."""

Text = Annotated[str, StringConstraints(min_length=1, pattern=_VISIBLE)]
"""Something to be read; its control characters are dropped."""
Number = Annotated[int, Field(ge=1, le=MOST_NUMBER), BeforeValidator(integral)]
"""A number that we gave, in a body."""
Version = Number


class Shape(BaseModel):
    """What a program sends or is sent: these members and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Change(Shape):
    """A change that needs no more words than its address."""

    version: Version | None = Field(
        default=None, description="The version that you read: 409 when somebody was quicker. `If-Match` does the same."
    )


class ListQuery(Shape):
    """Which part of a list."""

    limit: Whole = Field(default=PAGE, ge=1, le=MOST, description="How many at most.")
    cursor: Annotated[str, StringConstraints(pattern=CURSOR)] | None = Field(
        default=None, description="`next_cursor` of the portion before; absent for the beginning."
    )


class Person(Shape):
    """A member of staff."""

    id: int
    name: str


def language_of(lang: str | None) -> str | None:
    """Return a language as this help centre writes it, None for none. Raises Invalid that names those there are."""
    if not lang:
        return None
    languages = shelf().languages()
    found = next((one for one in languages if one.casefold() == lang.casefold()), None)
    if found is None:
        message = f"lang: give one of {', '.join(languages)}."
        raise Invalid(message)
    return found


def first_language() -> str:
    """Return the language of those that named none."""
    return shelf().languages()[0]


def uid_of(text: str) -> str:
    """Return an id that stands in a path. Raises NotFound for what can be none."""
    if not _UID.fullmatch(text):
        raise NotFound("There is no such thing: ids are 32 hexadecimal digits.")
    return text


def cursor_of(at: datetime, number: int) -> str:
    """Return the place of an entry in a list by moment and number."""
    return f"{_microseconds(at):x}-{number:x}"


def place_of(cursor: str) -> tuple[datetime, int]:
    """Return the moment and number of a place."""
    moment, _, number = cursor.partition("-")
    return _moment(min(int(moment, 16), _MOST_MICROSECONDS)), min(int(number or "0", 16), MOST_NUMBER)


def number_of(cursor: str | None) -> int:
    """Return the number of a place in a list by number alone; 0 for the beginning."""
    return min(int(cursor.partition("-")[0], 16), MOST_NUMBER) if cursor else 0


def _microseconds(at: datetime) -> int:
    whole = int(at.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + at.microsecond


def _moment(microseconds: int) -> datetime:
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
