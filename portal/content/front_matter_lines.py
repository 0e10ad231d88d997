"""Front matter lines: new front matter written, and one key of old front matter changed with all else left as it is.

Comments, quotes, line ends and the order of keys belong to the writer. What was changed is read again: where anything
else would mean something else now, nothing is changed.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from portal.content import front_matter, keys
from portal.content.front_matter import Split
from portal.content.problem import ArticleInvalid
from portal.content.yaml_lines import Value
from portal.errors import Invalid

_ENDS = {"-": ("---", "..."), "+": ("+++",)}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_TOML_ARRAY = r"""(?m)^([ \t]*["']?{}["']?[ \t]*=[ \t]*\[[^\[\]\n]*?)[ \t]*,?[ \t]*\]"""
_WIDE = 10_000
_Change = Callable[[Node, str], tuple[int, int, str]]
"""Value and source -> which characters to replace, and by what."""


class _ByHandError(Exception):
    """A line can't do it."""


def write_front_matter(values: Mapping[str, object]) -> str:
    """Return YAML between its fences; texts, whole numbers and lists of them. Any text is safe in it."""
    rows = "".join(f"{key}: {_dumped(value)}\n" for key, value in values.items())
    return f"---\n{rows}---\n"


def add_items(path: str, data: bytes, key: str, items: Sequence[str]) -> bytes:
    """Add to a key that is a list, such as `aka`; items that are there already, in any case, are not added again.

    A file without front matter gets one. Raises Invalid where a line can't do it, ArticleInvalid for a broken file.
    """
    there = _items(_value(front_matter.split(path, data), key))
    known = {item.casefold() for item in there}
    new = [item for item in dict.fromkeys(items) if item.casefold() not in known]
    if not new:
        return data
    return _changed(_File(path, data, key), lambda node, source: _extended(node, source, there, new), new, there + new)


def set_text(path: str, data: bytes, key: str, words: str) -> bytes:
    """Make a key say one line of text, such as `title`; added where it is missing. Raises as `add_items`."""
    if _value(front_matter.split(path, data), key) == words:
        return data
    return _changed(_File(path, data, key), lambda node, source: _replaced(node, source, words), words, words)


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    data: bytes
    key: str


def _changed(file: _File, change: _Change, value: str | list[str], wanted: str | list[str]) -> bytes:
    """Return the file with its key changed, if it says what was wanted and nothing else has changed.

    value: what the key says where it is missing.
    """
    before = front_matter.split(file.path, file.data)
    try:
        new = _edit(file, change, value, has_front_matter=before.body_line > 1).encode("utf-8")
        after = front_matter.split(file.path, new)
    except (_ByHandError, yaml.YAMLError, ArticleInvalid) as error:
        raise _by_hand(file, value) from error
    says = _value(after, file.key)
    others = [{k: v for k, v in one.keys.items() if keys.own(k) != file.key} for one in (before, after)]
    is_as_wanted = says == wanted if isinstance(wanted, str) else _items(says) == wanted
    if not is_as_wanted or others[0] != others[1] or before.body != after.body:
        raise _by_hand(file, value)
    return new


def _by_hand(file: _File, value: str | list[str]) -> Invalid:
    return Invalid(
        f"{file.path}: its front matter is written so that no line can be put in without touching the rest. "
        f"Add it by hand: {file.key}: {_dumped(value)}"
    )


def _edit(file: _File, change: _Change, value: str | list[str], *, has_front_matter: bool) -> str:
    """Return the whole text with one place changed."""
    whole = file.data.decode("utf-8")
    rows = _LINE.findall(whole)[:-1]
    end = "\r\n" if rows[0].endswith("\r\n") else "\n"
    line = f"{file.key}: {_dumped(value)}{end}"
    if not has_front_matter:
        mark = "\ufeff" if whole.startswith("\ufeff") else ""
        return f"{mark}---{end}{line}---{end}{whole.removeprefix(mark)}"
    first = next(n for n, row in enumerate(rows) if row.strip("\ufeff \t\r\n"))
    last = _closing(rows, first)
    head, source, rest = "".join(rows[: first + 1]), "".join(rows[first + 1 : last]), "".join(rows[last:])
    if "+" in rows[first]:
        return head + _edit_toml(source, file.key, value, end) + rest
    found = _node(source, file.key)
    if found is None:
        return head + source + line + rest
    start, stop, new = change(found, source)
    return head + source[:start] + new.replace("\n", end) + source[stop:] + rest


def _closing(rows: Sequence[str], first: int) -> int:
    ends = _ENDS[rows[first].lstrip("\ufeff")[0]]
    return next(n for n in range(first + 1, len(rows)) if rows[n].rstrip() in ends)


def _node(source: str, key: str) -> Node | None:
    """Return where the value of our key stands, by characters of `source`."""
    top = yaml.compose(source, Loader=yaml.BaseLoader)
    pairs = top.value if isinstance(top, MappingNode) else []
    return next((value for name, value in pairs if keys.own(str(name.value)) == key), None)


def _extended(node: Node, source: str, there: Sequence[str], new: Sequence[str]) -> tuple[int, int, str]:
    """Return which characters to replace by what, so that a list has more items."""
    start, stop = node.start_mark.index, node.end_mark.index
    if isinstance(node, SequenceNode) and node.flow_style:
        inside = source[start + 1 : stop - 1].rstrip()
        comma = "" if inside.endswith(",") or not node.value else ","
        blank = " " if node.value else ""
        return start + 1 + len(inside), start + 1 + len(inside), comma + blank + _dumped(new)[1:-1]
    if isinstance(node, SequenceNode) and node.value:
        behind = _line_end(source, node.value[-1].end_mark.index)
        dash = " " * node.start_mark.column + "- "
        lead = "" if source[:behind].endswith(("\n", "\r")) else "\n"
        return behind, behind, lead + "".join(f"{dash}{_dumped(item)}\n" for item in new)
    if isinstance(node, ScalarNode) and node.style not in ("|", ">"):
        blank = "" if source[:start].endswith((" ", "\t")) else " "
        return start, stop, blank + _dumped([*there, *new])
    raise _ByHandError


def _replaced(node: Node, source: str, words: str) -> tuple[int, int, str]:
    start = node.start_mark.index
    blank = "" if source[:start].endswith((" ", "\t")) else " "
    return start, node.end_mark.index, blank + _dumped(words)


def _line_end(source: str, index: int) -> int:
    """Return the place behind the line that a place is in; a block item may end at the next line's beginning."""
    if index and source[index - 1] in "\r\n":
        return index
    found = _LINE.match(source, index)
    return found.end() if found else len(source)


def _edit_toml(source: str, key: str, value: str | list[str], end: str) -> str:
    """Add a line on top, or items to an array on one line."""
    written = json.dumps(value, ensure_ascii=False)
    if re.search(rf"""(?m)^[ \t]*["']?{key}["']?[ \t]*[=.]""", source) is None:
        return f"{key} = {written}{end}{source}"
    array = re.search(_TOML_ARRAY.format(key), source)
    if array is None or isinstance(value, str):
        raise _ByHandError
    comma = "" if array[1].rstrip().endswith("[") else ", "
    return source[: array.start()] + array[1].rstrip() + comma + written[1:-1] + "]" + source[array.end() :]


def _value(split: Split, key: str) -> Value:
    return next((value for name, value in split.keys.items() if keys.own(name) == key), "")


def _items(value: Value) -> list[str]:
    parts = re.split(r"[,\n]", value) if isinstance(value, str) else value if isinstance(value, list) else []
    return [part.strip() for part in parts if isinstance(part, str) and part.strip() not in ("", "~", "null")]


def _dumped(value: object) -> str:
    """Write a value on one line of YAML, quoted where it must be; the words true and false are claims."""
    if value in ("true", "false"):
        return str(value)
    said = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=_WIDE)
    return said.removesuffix("\n").removesuffix("\n...").rstrip("\n")
