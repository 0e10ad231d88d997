"""Front matter: the bytes of a Markdown file, taken apart into keys and body."""

import re
import tomllib
from dataclasses import dataclass

from portal.content import yaml_lines
from portal.content.problem import ArticleInvalid, Problem
from portal.content.yaml_lines import Keys, Value

MOST_BYTES = 2_000_000
"""A file larger than this is no article; the longest in three real help centres has 150 kB."""
MOST_FRONT_BYTES = 16 * 1024
"""reliability.md §1."""

_FENCE = re.compile(r"(?:---|\+\+\+)[ \t]*")
_KEY = re.compile(r"""\s*["']?[A-Za-z_][\w.-]*["']?[ \t]*[:=](?:\s|$)""")
_HIDING = re.compile(r"(?:audience|status|draft|published|publish[_-]at)[ \t]*:[ \t]*[\w-]*[ \t]*", re.IGNORECASE)
_TOML_LINE = re.compile(r"at line (\d+)")
_TOML_KEY = r"""^[ \t]*["']?{}["']?[ \t]*="""


@dataclass(frozen=True, slots=True)
class Split:
    """A file in two. Values are text, lists and mappings of text; lines count from 1 in the file."""

    keys: dict[str, Value]
    lines: dict[str, int]
    body: str
    """Line ends are `\\n`."""
    body_line: int
    problems: tuple[Problem, ...] = ()
    """Warnings alone."""


def split(path: str, data: bytes) -> Split:
    """Take a file apart. Front matter is YAML between lines of `---`, or TOML between lines of `+++`.

    Raises ArticleInvalid with the file's line: not UTF-8, NUL, too large, empty, never closed, not readable.
    """
    rows = _decode(path, data).split("\n")
    first = next(number for number, row in enumerate(rows) if row.strip())
    if not _FENCE.fullmatch(rows[first]):
        _refuse_keys_without_fence(path, rows, first)
        return Split({}, {}, "\n".join(rows), 1)
    last = _closing(rows, first)
    if not _is_front_matter(rows, first, last):
        return Split({}, {}, "\n".join(rows), 1)
    if last is None:
        mend = f"Put a line of {rows[first].strip()} below its last key"
        raise _invalid(path, first + 1, "The front matter is never closed", mend)
    source = "\n".join(rows[first + 1 : last])
    if len(source.encode()) > MOST_FRONT_BYTES:
        raise _invalid(path, first + 1, "The front matter is over 16 KiB", "Move text into the body")
    load = _load_toml if rows[first].startswith("+") else yaml_lines.load
    found = load(path, source, first + 2)
    return Split(found.values, found.lines, "\n".join(rows[last + 1 :]), last + 2, found.problems)


def _decode(path: str, data: bytes) -> str:
    """Give the file's text with plain line ends, without a byte order mark; never blank."""
    if len(data) > MOST_BYTES:
        what = f"The file has {len(data):,} bytes; an article may have {MOST_BYTES:,}"
        raise _invalid(path, 1, what, "Cut it into several articles, and keep images in files of their own")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _invalid(path, 1, "The file is UTF-16", "Save it as UTF-8")
    if b"\x00" in data:
        line = _line_of(data, data.index(b"\x00"))
        raise _invalid(path, line, "There is a NUL byte here", "Save the file as UTF-8 text")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"Byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        raise _invalid(path, _line_of(data, error.start), what, "Save the file as UTF-8") from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise _invalid(path, 1, "The file is empty", "Write the article, or delete the file")
    return text


def _line_of(data: bytes, offset: int) -> int:
    before = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _closing(rows: list[str], first: int) -> int | None:
    ends = ("---", "...") if rows[first].startswith("-") else ("+++",)
    return next((number for number in range(first + 1, len(rows)) if rows[number].rstrip() in ends), None)


def _is_front_matter(rows: list[str], first: int, last: int | None) -> bool:
    """Tell keys between fences from a text that begins with a horizontal rule. When in doubt, keys: they may hide."""
    if last is None:
        return any(_KEY.match(row) for row in _paragraph(rows, first + 1))
    return bool(rows[first + 1].strip()) or any(_KEY.match(row) for row in rows[first + 1 : last])


def _refuse_keys_without_fence(path: str, rows: list[str], first: int) -> None:
    """Keys whose opening fence was forgotten would be shown as text, and the article to everybody.

    Prose may begin with one row such as "Status: done"; two rows, or a fence below, make keys of them.
    """
    paragraph = _paragraph(rows, first)
    count = next((n for n, row in enumerate(paragraph) if not _KEY.match(row)), len(paragraph))
    is_fenced_below = paragraph[count : count + 1] and _FENCE.fullmatch(paragraph[count])
    is_all_keys = count == len(paragraph) >= 2  # noqa: PLR2004 - as the docstring says
    if not (is_fenced_below or is_all_keys):
        return
    line = next((n for n, row in enumerate(paragraph[:count], first + 1) if _HIDING.fullmatch(row)), None)
    if line:
        raise _invalid(path, line, "This looks like front matter without its first ---", "Put --- above the keys")


def _paragraph(rows: list[str], start: int) -> list[str]:
    """Give the rows from the first that isn't blank to the next that is."""
    begin = next((number for number in range(start, len(rows)) if rows[number].strip()), len(rows))
    end = next((number for number in range(begin, len(rows)) if not rows[number].strip()), len(rows))
    return rows[begin:end]


def _load_toml(path: str, source: str, first_line: int) -> Keys:
    try:
        values = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        found = _TOML_LINE.search(str(error))
        line = first_line + (int(found[1]) - 1 if found else 0)
        raise _invalid(
            path, line, f"The front matter between +++ can't be read: {error}", "Write each line as `key = value`"
        ) from error
    lines = {key: first_line + _row_of(source, key) for key in values}
    return Keys({key: _as_text(value) for key, value in values.items()}, lines)


def _row_of(source: str, key: str) -> int:
    found = re.search(_TOML_KEY.format(re.escape(key)), source, re.MULTILINE)
    return source[: found.start()].count("\n") if found else 0


def _as_text(value: object) -> Value:
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _invalid(path: str, line: int, what: str, mend: str) -> ArticleInvalid:
    return ArticleInvalid([Problem(path, line, what, mend)])
