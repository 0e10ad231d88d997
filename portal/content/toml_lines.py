"""TOML lines: where a key stands in the text, as TOML's reader keeps none."""

import re
from collections import Counter
from collections.abc import Iterator

_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
_TOP = ("", 0)


def line_of(source: str, table: str, number: int, key: str) -> int:
    """Return the line of a key, else of its table, else 1.

    table, number: which table it stands in, such as the 2nd (1) `[[topics]]`; the top one has no name.
    """
    here = (table, number) if table else _TOP
    shown = f"{table}.{key}" if table else key
    own = 1
    for line, (inside, is_header, row) in enumerate(_rows(source), 1):
        if is_header and inside[0] == shown:
            return line
        if inside == here and not is_header and _begins(row, key):
            return line
        if inside == _TOP and table and _begins(row, table):
            own = line
            if _begins(row, f"{table}.{key}"):
                return line
        if inside == here and is_header:
            own = line
    return own


def _rows(source: str) -> Iterator[tuple[tuple[str, int], bool, str]]:
    """Give for each row its table, as (name, how many of that name stand above), and whether it is a header."""
    where = _TOP
    counts: Counter[str] = Counter()
    for row in source.split("\n"):
        header = _HEADER.match(row)
        if header:
            where = (header[1], counts[header[1]])
            counts[header[1]] += 1
        yield where, header is not None, row


def _begins(row: str, key: str) -> bool:
    return re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", row) is not None
