"""Redaction: what is personal in a text gives way to a word in brackets, before the text is written anywhere.

The order matters: what opens something first, for a key may hold an @ or digits; then what check digits prove; then
what is told by its form alone. Both searches and what people write in forms go through here.
"""

import logging
import re
import unicodedata
from collections.abc import Sequence

from portal.events import _accounts, _addresses, _keys, _patterns, _phones
from portal.events._identities import PLACE as ID
from portal.events._identities import hide_identities

ORDER = "[order]"
PLACES = frozenset(
    {_keys.PLACE, _addresses.MAIL, _addresses.MACHINE, _accounts.ACCOUNT, _accounts.CARD, ID, _phones.PLACE, ORDER}
)
"""What stands where something was."""
LONGEST = 2000
"""Characters of a text; what is beyond goes unread. A query has 500, a message in a form 2,000."""
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_PLACE = re.compile("|".join(re.escape(place) for place in sorted(PLACES)))
_log = logging.getLogger(__name__)


class Redactor:
    """Takes out what is personal everywhere, and what this company's patterns name."""

    def __init__(self, patterns: Sequence[str] = ()) -> None:
        """patterns: regular expressions of what is personal here, such as order numbers.

        One that could be slow, or that is none, is left out, and said in the log and in `refused`.
        """
        self._patterns: list[re.Pattern[str]] = []
        self.refused: dict[str, str] = {}
        for pattern in patterns:
            self._take(pattern)

    def redact(self, text: str) -> str:
        """Return the text with words such as `[e-mail]` where something personal was; the rest as it stood.

        Signs that look alike in other scripts' forms are read as the plain ones, and signs that nobody sees are passed
        over; they stay where nothing is found. Doing so again changes nothing.
        """
        text = text[:LONGEST]
        plain = _plain(text)
        hidden = self._hide(plain)
        return text if hidden == plain else hidden

    def _hide(self, text: str) -> str:
        text = _addresses.hide_mail(_keys.hide_keys(text))
        if any(map(str.isdigit, text)):
            text = _addresses.hide_machines(hide_identities(_accounts.hide_accounts(text)))
            text = _phones.hide_phones(text)
        for pattern in self._patterns:
            text = _replace(pattern, text)
        return text

    def _take(self, pattern: str) -> None:
        try:
            compiled = re.compile(pattern, re.IGNORECASE)
            why = _patterns.why_slow(pattern)
        except re.error as error:
            why = f"it is no regular expression: {error}"
        if why:
            self.refused[pattern] = why
            _log.error("The pattern %r of recording.order_numbers is not used: %s", pattern, why)
        else:
            self._patterns.append(compiled)


def without_places(text: str) -> str:
    """Return a redacted text without its words in brackets, as it is searched for."""
    return " ".join(_PLACE.sub(" ", text).split())


def _plain(text: str) -> str:
    """Return a text in the forms that are looked for: full-width signs and digits of other scripts as ASCII."""
    if text.isascii():
        return text
    seen = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign for sign in seen)


def _replace(pattern: re.Pattern[str], text: str) -> str:
    done, at = [], 0
    for start, end in _patterns.spans(pattern, text):
        done += [text[at:start], text[start:end] if _PLACE.search(text[start:end]) else ORDER]
        at = end
    return "".join([*done, text[at:]]) if done else text
