"""Puts Markdown as GitHub reads it into the stricter layout that Python-Markdown reads.

Python-Markdown wants four blanks for each level of a list and an empty line around most blocks. GitHub
goes by where an item's text begins, and lets blocks follow each other. This walks the source line by line,
keeps the open list items, quotations and fences as CommonMark does, and writes the same blocks out in the
strict layout. It neither adds nor takes words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.content._lines import (
    BOX,
    FENCE,
    HEADING,
    HTML,
    ITEM_OPENER,
    MARKER,
    RULE,
    RULER,
    fitting,
    is_lazy,
    reopened,
    spread,
)
from portal.content._tags import BLOCKS

DEEPEST = 60
"""Levels of quotations followed; deeper ones are passed on as they are, to fail in the parser's own way."""


@dataclass(slots=True)
class _Item:
    content: int
    """Column where the item's text begins."""
    kind: str
    """"ul", "ol", or "box" for what is indented below a line such as `!!! note`."""
    has_more: bool = False
    """Whether a second block has begun in it."""


def strict(text: str) -> str:
    """Return `text` with its blocks in Python-Markdown's layout."""
    return "\n".join(_Walk().walk(text.split("\n"), 0))


class _Walk:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.items: list[_Item] = []
        self.last = "blank"
        """What the line before was: blank, text, item, table, heading, quote, fence, html, box or code."""

    def walk(self, lines: list[str], depth: int) -> list[str]:
        index = 0
        while index < len(lines):
            line = spread(lines[index])
            stripped = line.lstrip(" ")
            indent = len(line) - len(stripped)
            if not stripped.strip():
                self._blank()
                index += 1
            elif depth < DEEPEST and stripped.startswith(">") and not self._is_code(indent):
                index = self._quote(lines, index, indent, depth)
            elif self._opens_fence(stripped):
                index = self._fence(lines, index, indent, stripped)
            elif (html := HTML.match(stripped)) and html["name"].lower() in BLOCKS and not self._is_code(indent):
                index = self._html(lines, index, indent)
            else:
                if "|" in stripped and index + 1 < len(lines) and RULER.match(lines[index + 1].strip()):
                    lines[index + 1] = fitting(lines[index + 1], stripped)
                rest = self._line(indent, stripped, lines[index + 1] if index + 1 < len(lines) else "")
                index = index if rest else index + 1
                if rest:
                    lines[index] = rest
        return self.out

    def _blank(self) -> None:
        self.out.append("")
        self.last = "blank"

    def _opens_fence(self, stripped: str) -> bool:
        return bool(FENCE.match(stripped))

    def _base(self) -> int:
        return self.items[-1].content if self.items else 0

    def _is_code(self, indent: int) -> bool:
        items = [item for item in self.items if item.content <= indent]
        return indent - (items[-1].content if items else 0) >= 4 and self.last in {"blank", "code"}  # noqa: PLR2004

    def _close(self, indent: int) -> _Item | None:
        """Close the items that a line at `indent` is not part of; return the outermost closed."""
        closed = None
        while self.items and indent < self.items[-1].content:
            closed = self.items.pop()
        return closed

    def _emit(self, text: str, kind: str, *, apart: bool = False) -> None:
        """Write a line at the present level; `apart` puts an empty line before it where none is."""
        if apart and self.last != "blank":
            self.out.append("")
        if self.items and (apart or self.last == "blank"):
            self.items[-1].has_more = True
        self.out.append("    " * len(self.items) + text)
        self.last = kind

    def _line(self, indent: int, stripped: str, following: str) -> str:
        """Write one line; return what of it is still to be read as a line of its own, or ""."""
        marker = None if RULE.match(stripped) else MARKER.match(stripped)
        if marker and self._begins_item(indent, marker):
            return self._item(indent, marker)
        if BOX.match(stripped) and not self._is_code(indent):
            self._close(indent)
            self._emit(stripped, "box", apart=not stripped.startswith(":") and self.last != "box")
            self.items.append(_Item(indent + 4, "box"))
        elif HEADING.match(stripped) or (RULE.match(stripped) and self.last != "text"):
            self._close(indent)
            self._emit(stripped, "heading", apart=True)
        elif self.last in {"text", "item"} and indent < self._base():
            self._emit(stripped, "text")
        else:
            self._text(indent, stripped, following)
        return ""

    def _text(self, indent: int, stripped: str, following: str) -> None:
        self._close(indent)
        extra = indent - self._base()
        if extra >= 4 and self.last in {"blank", "code"}:  # noqa: PLR2004 - CommonMark's indented code
            self._emit(" " * extra + stripped, "code")
        elif "|" in stripped and "|" in following and RULER.match(following.strip(" >\t")):
            self._emit(stripped, "table", apart=True)
        else:
            kind = "table" if self.last == "table" else "text"
            self._emit(stripped, kind, apart=self.last in {"heading", "quote", "fence", "html", "code"})

    def _begins_item(self, indent: int, marker: re.Match[str]) -> bool:
        """Whether a list item may begin here, by CommonMark's rules for what ends a paragraph."""
        level = [item for item in self.items if item.content <= indent]
        if indent - (level[-1].content if level else 0) >= 4:  # noqa: PLR2004 - that is code, or more of a paragraph
            return False
        is_sibling = len(level) < len(self.items)
        if self.last not in {"text", "item"} or is_sibling:
            return True
        return bool(marker["rest"].strip()) and marker["number"] in {None, "1"}

    def _item(self, indent: int, marker: re.Match[str]) -> str:
        before = self.items[-1] if self.items else None
        sibling = self._close(indent)
        kind = "ol" if marker["number"] else "ul"
        is_next = sibling is not None and sibling.kind == kind
        parent = self.items[-1] if self.items else None
        is_first_below = (
            parent is before and parent is not None and not parent.has_more and self.last in {"text", "item"}
        )
        mark = f"{marker['number']}." if marker["number"] else "-"
        rest, gap = marker["rest"], marker["gap"]
        wide = len(gap) > 4  # noqa: PLR2004 - more is code within the item
        content = indent + len(marker["mark"]) + (1 if wide or not rest else len(gap))
        is_apart = bool(FENCE.match(rest)) or rest.startswith(">")
        self._emit(
            f"{mark:<3} {ITEM_OPENER if is_apart else rest}",
            "item",
            apart=(not is_next and not is_first_below) or self.last in {"fence", "quote", "html", "heading"},
        )
        self.items.append(_Item(content, kind))
        return " " * content + rest if is_apart else ""

    def _quote(self, lines: Sequence[str], index: int, indent: int, depth: int) -> int:
        self._close(indent)
        inner: list[str] = []
        while index < len(lines):
            stripped = spread(lines[index]).lstrip(" ")
            if stripped.startswith(">"):
                inner.append(stripped[2:] if stripped.startswith("> ") else stripped[1:])
            elif is_lazy(stripped, inner):
                inner.append(stripped)
            else:
                break
            index += 1
        written = _Walk().walk(inner, depth + 1)
        for number, line in enumerate(written):
            self._emit(f"> {line}" if line else ">", "quote", apart=number == 0)
        return index

    def _fence(self, lines: Sequence[str], index: int, indent: int, stripped: str) -> int:
        self._close(indent)
        opening = FENCE.match(stripped)
        mark = opening[0] if opening else "```"
        self._emit(stripped, "fence", apart=True)
        closing = re.compile(rf"[ \t]*{mark[0]}{{{len(mark)},}}[ \t]*$")
        for number in range(index + 1, len(lines)):
            line = spread(lines[number])
            if closing.match(line):
                self._emit(mark, "fence")
                return number + 1
            shift = min(indent, len(line) - len(line.lstrip(" ")))
            self._emit(line[shift:], "fence")
        self._emit(mark, "fence")
        return len(lines)

    def _html(self, lines: Sequence[str], index: int, indent: int) -> int:
        """Pass raw HTML on up to the next empty line; what follows in a wrapper still open is Markdown again."""
        self._close(indent)
        end = index
        is_verbatim = "<pre" in lines[index].lower()
        while end < len(lines) and (lines[end].strip() or is_verbatim):
            is_verbatim = is_verbatim and "</pre" not in lines[end].lower()
            end += 1
        chunk = "\n".join(lines[index:end])
        for number, line in enumerate(reopened(chunk).split("\n")):
            shift = min(indent, len(line) - len(line.lstrip(" ")))
            self._emit(line[shift:], "html", apart=number == 0 and self.last != "html")
        return end
