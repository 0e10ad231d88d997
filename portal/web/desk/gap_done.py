"""What was just done to a gap, carried in the address that the reader is led on to, and the form that takes it back."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from flask_babel import gettext, lazy_gettext

from portal.gaps.models import Gap, State
from portal.web.desk.gap_filters import LIST
from portal.web.desk.gap_pages import Undo
from portal.web.parameters import name

MOST_WORDINGS = 60
"""Wordings that an address can carry; a merge of more is taken back by ticking them."""
_DIGITS = 9
_PLAIN: Final[Mapping[str, object]] = MappingProxyType(
    {
        "accepted": lazy_gettext("Accepted. It is work to be done now."),
        "given": lazy_gettext("Accepted, and given to its owner."),
        "assigned": lazy_gettext("The owner is changed."),
        "renamed": lazy_gettext("The title is yours now, and stays."),
        "reopened": lazy_gettext("It is open again."),
        "drafted": lazy_gettext("The draft is written."),
        "replayed": lazy_gettext("The searches were tried again. What came of it stands under “Replay”."),
    }
)


def url_after(what: str, gap_id: int, **details: object) -> str:
    """Return the address of a gap that says what was done."""
    return f"{LIST}/{gap_id}?{urlencode({'done': what} | details)}"


def undo_of(gap: Gap) -> Undo | None:
    """Return what the address says was done to this gap, as far as the gap agrees."""
    done = name("done") or ""
    if done in _PLAIN:
        return Undo(str(_PLAIN[done]))
    special = _SPECIAL.get(done)
    return special(gap) if special else None


def list_done() -> str:
    """Return what was done to a gap of the list, in words; empty for nothing."""
    number = _number("gap")
    return gettext("Gap %(number)s is accepted.", number=number) if name("done") == "accepted" and number else ""


def _dismissed(gap: Gap) -> Undo | None:
    if gap.state is not State.DISMISSED:
        return None
    said = gettext("Dismissed. It comes back by itself when twice as many people have it.")
    return Undo(said, f"{LIST}/{gap.id}/reopening", (("version", str(gap.version)),))


def _merged(gap: Gap) -> Undo | None:
    other, wordings = _number("other"), name("wordings") or ""
    if not other:
        return None
    said = gettext("Gap %(number)s is a part of this one now.", number=other)
    if not wordings:
        return Undo(said)
    return Undo(said, f"{LIST}/{gap.id}/split", (("version", str(gap.version)), ("wordings", wordings)))


def _split(gap: Gap) -> Undo | None:
    other = _number("other")
    if not other:
        return None
    said = gettext("This gap is new. The other wordings stay in gap %(number)s.", number=other)
    return Undo(said, f"{LIST}/{gap.id}/merge", (("version", str(gap.version)), ("into", str(other))))


def _number(key: str) -> int:
    text = name(key) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0


_SPECIAL: Final[Mapping[str, Callable[[Gap], Undo | None]]] = MappingProxyType(
    {"dismissed": _dismissed, "merged": _merged, "split": _split}
)
