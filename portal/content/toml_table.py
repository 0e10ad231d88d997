"""TOML with its lines: values read one by one, each bad one noted where it stands and left at its default."""

import re
import tomllib
from collections.abc import Collection, Container
from difflib import get_close_matches
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from portal import text
from portal.content import languages as tags
from portal.content.problem import Problem, Severity
from portal.content.toml_lines import line_of

_LINE = re.compile(r"at line (\d+)")
_SCHEMES = frozenset({"https", "mailto", "tel"})


class Table:
    """One table of a TOML file. Reading a key takes it off the list of unknown ones."""

    def __init__(self, path: str, source: str, values: dict[str, object], name: str = "", number: int = 0) -> None:
        """name, number: which table this is, such as the 2nd (1) `[[topics]]`; the top one has no name."""
        self.problems: list[Problem] = []
        self.languages: tuple[str, ...] = ()
        """Those that the help centre has, once they are known; words in others are noted."""
        self._path = path
        self._source = source
        self._values = values
        self._name = name
        self._number = number
        self._read: list[str] = []
        self._parts: list[Table] = []

    @classmethod
    def load(cls, path: str, data: bytes) -> "Table":
        """Read a file; one that is not TOML gives an empty table with the problem noted."""
        try:
            source = data.decode("utf-8-sig").replace("\r\n", "\n")
            return cls(path, source, tomllib.loads(source))
        except (ValueError, RecursionError) as error:
            found = _LINE.search(str(error))
            line = int(found[1]) if found else data.count(b"\n") + 1 if "end of document" in str(error) else 1
            table = cls(path, "", {})
            what = f"The file can't be read: {error}"
            mend = "Mend it; until then its last good revision is used, or the defaults"
            table.problems.append(Problem(path, line, what, mend))
            return table

    def line(self, key: str, *, limit: int = 300) -> str:
        """Return one line of text of at most `limit` characters; empty when absent or refused."""
        value = self._take(key, "")
        if isinstance(value, str) and len(value) <= limit:
            return text.one_line(value)
        self.refuse(key, f"is not a text of at most {limit} characters", "Write it in quotes")
        return ""

    def matching(self, key: str, pattern: str, mend: str) -> str:
        """Return one line of text that matches `pattern` as a whole; empty when absent or refused."""
        words = self.line(key)
        if not words or re.fullmatch(pattern, words):
            return words
        self.refuse(key, f"can't be {text.cut(words, 60)!r}", mend)
        return ""

    def url(self, key: str) -> str:
        """Return an address that is safe in a link: https, mailto, tel, or a path; empty when absent or refused."""
        words = self.line(key, limit=2000)
        if not words or is_safe_url(words):
            return words
        mend = "Give an https: address, a mailto: or tel: one, or a path"
        self.refuse(key, f"can't be {text.cut(words, 60)!r}", mend)
        return ""

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a claim."""
        value = self._take(key, default=default)
        if isinstance(value, bool):
            return value
        self.refuse(key, "is neither true nor false", "Write true or false, without quotes")
        return default

    def patterns(self, key: str) -> tuple[str, ...]:
        """Return a list of regular expressions; a bad one goes alone."""
        good = []
        for words in self.lines(key):
            try:
                re.compile(words)
            except re.error as error:
                self.refuse(key, f"can't be {text.cut(words, 60)!r}: {error}", "Mend the regular expression")
            else:
                good.append(words)
        return tuple(good)

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """Return a number from `low` to `high`."""
        value = self._take(key, default)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        self.refuse(key, f"is not a number from {low} to {high}", f"Until it is mended it is {default}")
        return default

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        value = self._take(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.refuse(key, f"is not a whole number from {low} to {high}", f"Until it is mended it is {default}")
        return default

    def lines(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, each once; a single text counts as a list of one."""
        value = self._take(key, [])
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return tuple(dict.fromkeys(words for item in items if (words := text.one_line(item))))
        self.refuse(key, "is not a list of texts", 'Write it as ["one", "two"]')
        return ()

    def addresses(self, key: str) -> tuple[str, ...]:
        """Return e-mail addresses; what can be none is refused and left out."""
        found = self.lines(key)
        good = tuple(one for one in found if "@" in one.strip("@") and " " not in one)
        if len(good) < len(found):
            self.refuse(key, "has something that is no e-mail address, so it is left out", "Write addresses alone")
        return good

    def pairs(self, key: str, *, limit: int = 300) -> tuple[tuple[str, str], ...]:
        """Return a table of texts by language, such as `names = { de = "Hilfe" }`, as pairs; a bad one goes alone."""
        value = self._take(key, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            self.refuse(key, "is not a table of texts", f'Write it as {key} = {{ en = "…" }}')
            return ()
        found = {}
        for name, item in value.items():
            tag = tags.normalise(name)
            if tag is None:
                what = f"has no language {text.cut(name, 40)!r}, so these words are left out"
                self.refuse(key, what, "Write tags such as en or pt-BR")
            elif len(item) > limit:
                self.refuse(key, f"has more than {limit} characters in {tag}, so they are left out", "Shorten them")
            else:
                found[tag] = text.one_line(item)
                if self.languages and tag not in self.languages:
                    what = f"has words in {tag}, which is none of the help centre's languages"
                    self.warn(key, what, f"Write {', '.join(self.languages)}, or add it to languages")
        return tuple(found.items())

    def file(self, key: str, suffixes: Collection[str], files: Container[str] | None) -> str:
        """Return the path of a file in the content; empty when absent, refused or not there.

        suffixes: how its name may end, in lower case with the dot. files: all that are there, None where nobody knows.
        """
        words = self.line(key, limit=1000)
        path = words.removeprefix("./").lstrip("/")
        kinds = ", ".join(sorted(suffixes))
        if not words:
            return ""
        if is_elsewhere(words):
            mend = "Put the file beside the articles and write its path; pages ask no other host for anything"
            self.refuse(key, f"can't be {text.cut(words, 60)!r}", mend)
        elif PurePosixPath(path).suffix.lower() not in suffixes:
            self.refuse(key, f"can't be {text.cut(words, 60)!r}", f"Give a file whose name ends in one of {kinds}")
        elif files is not None and path not in files:
            what = f"names {text.cut(words, 60)!r}, which is not there, so the default stays"
            self.warn(key, what, "Add and commit the file, or mend the path; it begins beside portal.toml")
        else:
            return path
        return ""

    def table(self, key: str) -> "Table":
        """Return the table `[key]`, empty when absent."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            self.refuse(key, "is not a table", f"Write [{key}] on a line of its own")
            value = {}
        return self._with(Table(self._path, self._source, value, key))

    def tables(self, key: str) -> "list[Table]":
        """Return the tables `[[key]]` in their order."""
        value = self._take(key, [])
        if not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
            self.refuse(key, "is not a list of tables", f"Write [[{key}]] on a line of its own above each")
            value = []
        return [self._with(Table(self._path, self._source, item, key, n)) for n, item in enumerate(value)]

    def _with(self, part: "Table") -> "Table":
        part.languages = self.languages
        self._parts.append(part)
        return part

    def finish(self) -> list[Problem]:
        """Return all problems of this table and those taken from it, with a warning for every key that nobody read."""
        for key in self._values:
            if key not in self._read:
                near = get_close_matches(key, self._read, 1)
                mend = f"Did you mean `{near[0]}`" if near else f"Known here: {', '.join(sorted(self._read))}"
                self._note(Severity.WARNING, key, f"`{self._shown(key)}` is not a setting", mend)
        return [*self.problems, *(problem for part in self._parts for problem in part.finish())]

    def refuse(self, key: str, what: str, mend: str) -> None:
        """Note that a value can't be used."""
        self._note(Severity.ERROR, key, f"`{self._shown(key)}` {what}", mend)

    def warn(self, key: str, what: str, mend: str) -> None:
        """Note what can be lived with."""
        self._note(Severity.WARNING, key, f"`{self._shown(key)}` {what}", mend)

    def _note(self, severity: Severity, key: str, what: str, mend: str) -> None:
        self.problems.append(
            Problem(self._path, line_of(self._source, self._name, self._number, key), what, mend, severity)
        )

    def _take(self, key: str, default: object) -> object:
        self._read.append(key)
        return self._values.get(key, default)

    def _shown(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key


def is_elsewhere(words: str) -> bool:
    """Whether a path leads out of the content: to another host, or above its folder."""
    plain = words.replace("\\", "/")
    return ":" in plain or plain.startswith("//") or ".." in plain.split("/")


def is_safe_url(words: str) -> bool:
    """Whether a link to it can only open a page, write a mail or dial: https, mailto, tel, or a path of this host."""
    if any(letter <= " " or letter in "\\\x7f\"'<>" for letter in words) or words.startswith("//"):
        return False
    try:
        parts = urlsplit(words)
    except ValueError:
        return False
    if not parts.scheme:
        return ":" not in re.split("[/?#]", words)[0]
    return parts.scheme in _SCHEMES and bool(parts.netloc or (parts.scheme != "https" and parts.path))
