"""Fields: a front matter's values, read in any shape a person may write them, with a note of all that is odd."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches

from portal import text
from portal.content import keys
from portal.content.front_matter import Split
from portal.content.problem import Problem, Severity
from portal.content.yaml_lines import Value

MOST_ITEMS = 50
MOST_LETTERS = 200
"""Per item of a list; more is a slip of the pen, and would weigh down every index entry."""
_BEFORE_ZONE = re.compile(r" (?=(?:[+-]\d\d:?\d\d|UTC|Z)$)")
_NOTHING = frozenset({"", "~", "null"})


class Fields:
    """One file's front matter. A reader asks for a key by our name and gets its value; problems gather here."""

    def __init__(self, path: str, split: Split) -> None:
        """Sort the keys into ours, those of other tools that mean something here, and the rest."""
        self.path = path
        self.problems = list(split.problems)
        self.rest: dict[str, Value] = {}
        self._lines = split.lines
        self._own: dict[str, tuple[str, Value]] = {}
        self._foreign: dict[str, list[tuple[str, Value]]] = {}
        for key, value in split.keys.items():
            self._sort_in(key, value)

    def _sort_in(self, key: str, value: Value) -> None:
        own, foreign = keys.own(key), keys.foreign(key)
        if own and own in self._own:
            self.note(Severity.ERROR, key, f"`{key}` and `{self._own[own][0]}` are one key", "Delete one of them")
        if own:
            self._own[own] = (key, value)
        elif foreign:
            self._foreign.setdefault(foreign, []).append((key, value))
        else:
            self.rest[key] = value

    def note(self, severity: Severity, key: str, what: str, mend: str) -> None:
        """Note a problem on the line of `key`, named as ours or as it is written."""
        spelt = self._own[key][0] if key in self._own else key
        self.problems.append(Problem(self.path, self._lines.get(spelt, 1), what, mend, severity))

    def warn(self, key: str, what: str, mend: str) -> None:
        """Note something bearable."""
        self.note(Severity.WARNING, key, what, mend)

    def error(self, key: str, what: str, mend: str) -> None:
        """Note something that holds the article back."""
        self.note(Severity.ERROR, key, what, mend)

    def written(self, name: str) -> list[tuple[str, Value]]:
        """Return (key as written, value) of our key and then of other tools' keys with its meaning."""
        return [*([self._own[name]] if name in self._own else []), *self._foreign.get(name, [])]

    def word(self, name: str) -> str:
        """Return our key's value in lower case; a list of one counts as its item; empty when absent or null.

        Another shape comes back as its text, so that it equals no allowed word.
        """
        return bare(self._own[name][1]) if name in self._own else ""

    def line(self, name: str) -> str:
        """Return the first of `written` that says something, as one line; a list as its items with commas."""
        for key, value in self.written(name):
            words = ", ".join(_strings(value) or ())
            if _strings(value) is None:
                self.warn(key, f"`{key}` is not text", "Write it in one line, in quotes")
            elif words.strip().casefold() not in _NOTHING:
                return text.one_line(words)
        return ""

    def items(self, name: str) -> tuple[str, ...]:
        """Return the items of all of `written`, each once; each a list, or text with commas."""
        found: dict[str, None] = {}
        for key, value in self.written(name):
            words = _strings(value)
            if words is None:
                self.warn(key, f"`{key}` is not a list of words", "Write it as [one, two]")
            parts = re.split(r"[,\n]", value) if isinstance(value, str) else words or ()
            for item in filter(None, (text.one_line(part) for part in parts)):
                if item.casefold() not in _NOTHING:
                    found[self._short(key, item)] = None
        if len(found) > MOST_ITEMS:
            self.warn(name, f"`{name}` has {len(found)} items; the first {MOST_ITEMS} count", "Keep the best")
        return tuple(found)[:MOST_ITEMS]

    def _short(self, key: str, item: str) -> str:
        if len(item) > MOST_LETTERS:
            self.warn(key, f"An item of `{key}` has over {MOST_LETTERS} characters and was cut", "Shorten it")
        return text.cut(item, MOST_LETTERS)

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        """Return one of the allowed words; None, with a warning, for any other."""
        word = self.word(name)
        if not word or word in allowed:
            return word or None
        self.warn(name, f"`{name}: {shown(word)}` is none of {', '.join(allowed)}", mend_of(word, allowed))
        return None

    def moment(self, name: str) -> datetime | None:
        """Return an aware moment, the first of `written`; a bad one is an error."""
        for key, value in self.written(name):
            word = bare(value)
            if not word:
                continue
            if moment := moment_of(word):
                return moment
            mend = "Write a date such as 2026-03-31, or a moment such as 2026-03-31T09:00Z"
            self.error(key, f"`{key}: {shown(word)}` is not a date", mend)
        return None

    def day(self, name: str) -> date | None:
        """Return a day; a bad one is an error."""
        moment = self.moment(name)
        return moment.date() if moment else None

    def extra(self) -> dict[str, str]:
        """Return the keys that mean nothing here, as text; lists and mappings as JSON."""
        return {key: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for key, v in self.rest.items()}


def moment_of(words: str) -> datetime | None:
    """Read an ISO 8601 date or moment as aware UTC: without a zone it is UTC, without a time midnight.

    Jekyll's and Rails' blank before the zone is understood: 2026-03-31 09:00:00 +0100.
    """
    try:
        moment = datetime.fromisoformat(_BEFORE_ZONE.sub("", words.strip().upper()).replace("UTC", "Z"))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def bare(value: Value) -> str:
    """Return a value as a word in lower case; null and empty lists are empty, another shape is its text."""
    words = _strings(value)
    word = text.one_line(", ".join(words) if words is not None else json.dumps(value)).casefold()
    return "" if word in _NOTHING else word


def mend_of(word: str, allowed: Sequence[str]) -> str:
    """Advise the nearest of the allowed words."""
    near = get_close_matches(word, allowed, 1)
    return f"Write {near[0]}" if near else f"Write {' or '.join(allowed)}"


def shown(word: str) -> str:
    """Shorten what was written for a message."""
    return text.cut(word, 60)


def _strings(value: Value) -> list[str] | None:
    """Return text as a list of one, a list of texts as it is, and None for anything deeper."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return None
    words = [item for item in value if isinstance(item, str)]
    return words if len(words) == len(value) else None
