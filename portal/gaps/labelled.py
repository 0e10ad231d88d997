"""Labelled queries: what is asked, and which need each belongs to, from a file of JSON lines, packed or not."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.errors import Invalid

NONE = "__none__"
"""Label of what belongs to no need."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One query; `id` is its line's number where the file gives none."""

    id: str
    text: str
    label: str


def read_labelled(file: Path) -> list[Labelled]:
    """Read `{"text": …, "label": …}` lines. Raises Invalid with file and line for what can't be used."""
    found = [_row(line, f"{file}:{number}", number) for number, line in _lines(file)]
    if not found:
        raise Invalid(
            f'{file} has no lines. Each is to be such as {{"text": "where is my parcel", "label": "parcel"}}.'
        )
    return found


def _row(line: str, where: str, number: int) -> Labelled:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise Invalid(f"{where}: this line is no JSON: {error}.") from error
    text, label = (fields.get(name) if isinstance(fields, dict) else None for name in ("text", "label"))
    if not isinstance(text, str) or not text.strip() or not isinstance(label, str) or not label:
        raise Invalid(f"{where}: give a text and a label, both in quotes and not empty.")
    return Labelled(str(fields.get("id", number)), text, label)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        raw = file.read_bytes()
        text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise Invalid(f"{file} can't be read: {error}.") from error
    yield from ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
