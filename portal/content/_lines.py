"""Kinds of Markdown lines, and small changes to single lines, for `_lists`."""

import re
from collections.abc import Sequence

MARKER = re.compile(r"(?P<mark>[-*+]|(?P<number>\d{1,9})[.)])(?P<gap>[ \t]+|$)(?P<rest>.*)")
RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")
FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})")
BOX = re.compile(r"(?:!!!|\?\?\?\+?|===[!+]{0,2})[ \t]+\S|\[\^[^\]]{1,100}\]:|:[ \t]{3}")
HTML = re.compile(r"</?(?P<name>[a-z][a-z0-9]*)(?=[\s/>]|$)", re.IGNORECASE)
WRAPPER = re.compile(
    r"<(?P<name>details|div|section|article|aside|center|figure|blockquote)\b(?P<rest>[^<>]*)>", re.IGNORECASE
)
RULER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*\|?[ \t]*$")
CELL_END = re.compile(r"(?<!\\)\|")
ITEM_OPENER = "\ufdd4"
"""Stands in an item that begins with a fence or a quotation, which Python-Markdown would not see behind the marker."""


def fitting(ruler: str, head: str) -> str:
    """Give a table's ruler as many cells as its head has; a miscounted one would leave the whole table raw."""
    cells = len(CELL_END.findall(_bare(head))) + 1
    given = [cell for cell in _bare(ruler).split("|") if cell.strip()]
    if "|" not in ruler or (len(given) == cells and "||" not in ruler):
        return ruler
    lead = ruler[: len(ruler) - len(ruler.lstrip())]
    return f"{lead}|{'|'.join([*given, *['---'] * cells][:cells])}|"


def _bare(row: str) -> str:
    return row.strip().removeprefix("|").removesuffix("|")


def reopened(chunk: str) -> str:
    """Let Markdown be read again within each wrapper that a piece of raw HTML opens and does not close."""

    def opened(match: re.Match[str]) -> str:
        name = match["name"].lower()
        is_closed = small.count(f"<{name}") <= small.count(f"</{name}")
        if is_closed or "markdown" in match["rest"]:
            return match[0]
        return f'<{match["name"]}{match["rest"]} markdown="1">'

    small = chunk.lower()
    return WRAPPER.sub(opened, chunk)


def is_lazy(stripped: str, inner: Sequence[str]) -> bool:
    """Whether a line without `>` carries the last paragraph of a quotation on."""
    last = inner[-1] if inner else ""
    starts = (MARKER, RULE, HEADING, FENCE, HTML, BOX)
    if not stripped.strip() or not last.strip() or "|" in stripped:
        return False
    return not any(start.match(stripped) for start in starts) and not FENCE.match(last.lstrip("> "))


def spread(line: str) -> str:
    """Turn tabs at a line's start into blanks, four to a stop."""
    lead = line[: len(line) - len(line.lstrip(" \t"))]
    return lead.expandtabs(4) + line[len(lead) :] if "\t" in lead else line
