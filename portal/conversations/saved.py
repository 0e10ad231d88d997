"""Saved replies: texts that agents send again and again, with variables for what differs. Edges commit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.conversations.models import TEXT_LIMIT, SavedReply
from portal.conversations.store import MOST_NUMBER, MOST_WORDS
from portal.errors import Conflict, Invalid, NotFound
from portal.people.models import User
from portal.text import one_line, without_controls

VARIABLES = ("customer", "agent", "subject", "number", "link")
"""What may stand in braces: the customer's name, the agent's, and the conversation's subject, number, private link."""
NAME_LENGTH = 100
_VARIABLE = re.compile(r"\{([a-z_]{1,30})\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled in."""

    text: str
    missing: tuple[str, ...] = ()
    """Variables that still stand in it: unknown ones, and those without a value here."""


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put values in place of `{customer}` and its like. What has no value stays as it is, and is named."""
    missing: dict[str, None] = {}

    def value(found: re.Match[str]) -> str:
        known = values.get(found[1], "") if found[1] in VARIABLES else ""
        if not known:
            missing[found[1]] = None
        return known or found[0]

    filled = _VARIABLE.sub(value, text)
    return Filled(filled, tuple(missing))


def unknown_in(text: str) -> tuple[str, ...]:
    """Return the variables of a text that stand for nothing, each once."""
    return tuple(dict.fromkeys(name for name in _VARIABLE.findall(text) if name not in VARIABLES))


def find(session: Session, *, lang: str | None = None, words: str = "", limit: int = 100) -> list[SavedReply]:
    """Return saved replies, those of one's own language before those for all, then the most used ones.

    lang: only those for it and for every language; None for all. words: each must stand in the name or the text.
    """
    asked = select(SavedReply).where(*_meant(lang, words))
    order = (SavedReply.lang.is_(None), SavedReply.used.desc(), func.lower(SavedReply.name), SavedReply.id)
    return list(session.scalars(asked.order_by(*order).limit(limit)))


def by_number(
    session: Session, *, lang: str | None = None, words: str = "", after: int = 0, limit: int
) -> list[SavedReply]:
    """Return saved replies by number, those with a larger one than `after` alone. lang and words: as for `find`."""
    asked = select(SavedReply).where(SavedReply.id > after, *_meant(lang, words))
    return list(session.scalars(asked.order_by(SavedReply.id).limit(limit)))


def get(session: Session, saved_id: int) -> SavedReply:
    """Return a saved reply. Raises NotFound."""
    found = session.get(SavedReply, saved_id) if 0 < saved_id <= MOST_NUMBER else None
    if found is None:
        raise NotFound("There is no such saved reply.")
    return found


def add(  # noqa: PLR0913 - all that a saved reply is, by whom and when
    session: Session, *, name: str, lang: str | None, text: str, by: User, at: datetime
) -> SavedReply:
    """Keep a text for all of staff. Raises Invalid, and Conflict for a name that is taken."""
    made = SavedReply(name=_name(name), lang=lang or None, text=_text(text), changed_by=by.name, changed_at=at, used=0)
    session.add(made)
    _flush(session)
    return made


def change(  # noqa: PLR0913 - all that a saved reply is, by whom and when
    session: Session, saved_id: int, *, name: str, lang: str | None, text: str, by: User, at: datetime
) -> SavedReply:
    """Write it anew. Raises NotFound, Invalid, and Conflict for a name that is taken."""
    found = get(session, saved_id)
    found.name, found.lang, found.text = _name(name), lang or None, _text(text)
    found.changed_by, found.changed_at = by.name, at
    _flush(session)
    return found


def remove(session: Session, saved_id: int) -> None:
    """Forget it; what was sent with it stays. Raises NotFound."""
    session.delete(get(session, saved_id))
    session.flush()


def use(session: Session, saved_id: int) -> None:
    """Count that it went into a reply; nothing happens where it is gone."""
    if 0 < saved_id <= MOST_NUMBER:
        session.execute(update(SavedReply).where(SavedReply.id == saved_id).values(used=SavedReply.used + 1))


def _meant(lang: str | None, words: str) -> list[ColumnElement[bool]]:
    wanted = [_holds(word) for word in words.split()[:MOST_WORDS]]
    return [*wanted, or_(SavedReply.lang.is_(None), SavedReply.lang == lang)] if lang else wanted


def _holds(word: str) -> ColumnElement[bool]:
    return or_(SavedReply.name.icontains(word, autoescape=True), SavedReply.text.icontains(word, autoescape=True))


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("There is a saved reply of this name already. Choose another name.") from error


def _name(name: str) -> str:
    plain = one_line(name)
    if not plain or len(plain) > NAME_LENGTH:
        raise Invalid("Write a name of 1 to 100 characters.")
    return plain


def _text(text: str) -> str:
    plain = without_controls(text.replace("\r\n", "\n")).strip()
    if not plain:
        raise Invalid("Write the text that is to be saved.")
    if len(plain) > TEXT_LIMIT:
        raise Invalid(f"A message has at most {TEXT_LIMIT} characters. Make two of it.")
    return plain
