"""Sections: the plain text of finished HTML, cut at its headings, so that a few words of it still read well."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.content._tags import BLOCKS
from portal.content._tree import Node
from portal.content._words import stand_ins
from portal.content.rendered import Section

_HEADINGS = {"h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_NO_WORDS = frozenset({"footnote-ref", "footnote-backref"})
_STAND_INS = stand_ins()
_CELLS = frozenset({"td", "th"})
_ENDS = BLOCKS - _CELLS
_TITLES = frozenset({"admonition-title", "tab-title"})
_END = "\x1e"
"""A line end around a block; as text, line ends are blanks."""
_CELL = "\x1f"
"""Stands between two cells of a table."""
_GAP = "\x1d"
"""Stands for an image and the like: a blank, but none before the comma that follows it."""
_TITLE = "\x1c"
"""Ends the name of a box or of a term, which leads on to what follows."""
_BETWEEN_CELLS = " \u00b7 "
_OWN_MARKS = dict.fromkeys(map(ord, _END + _CELL + _GAP + _TITLE), " ")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
"""Places where a line may break, and marks of byte order: nobody sees them, and words would be torn apart there."""
_BEFORE_SIGN = re.compile(rf"\s{{0,8}}{_GAP}\s?(?=[,.;:!?](?:\s|$)|[)\]\u2026\u3001\u3002])")
_LEADS_ON = frozenset(".:;!?\u2026\u3002\uff01\uff1a\uff1f")


@dataclass(frozen=True, slots=True)
class _Edge:
    """The end of an element, still to come."""

    mark: str


def sections(root: Node) -> tuple[Section, ...]:
    """Return the sections of a finished tree, in order; the first only where something stands before all headings."""
    found: list[Section] = []
    head: tuple[str, str, int] = ("", "", 0)
    parts: list[str] = []
    for piece in _pieces(root):
        if isinstance(piece, str):
            parts.append(piece)
            continue
        found.append(Section(*head, _plain(parts)))
        text = " ".join("".join(_pieces_of_text(piece)).translate(_UNSEEN).split())
        head, parts = (piece.attributes.get("id", ""), text, _HEADINGS[piece.tag]), []
    found.append(Section(*head, _plain(parts)))
    return tuple(section for section in found if section.depth or section.text)


def _pieces(root: Node) -> Iterator[Node | str]:
    """Yield text, line ends around blocks, and headings as they are."""
    stack: list[Node | str | _Edge] = [root]
    while stack:
        thing = stack.pop()
        if isinstance(thing, str):
            yield thing.translate(_OWN_MARKS)
        elif isinstance(thing, _Edge):
            yield thing.mark
        elif thing.tag in _HEADINGS:
            yield thing
        elif thing.tag == "br":
            yield " "
        elif _is_wordless(thing):
            yield _GAP
        else:
            before, after = _edges(thing)
            yield before
            stack.append(_Edge(after))
            stack.extend(reversed(thing.children))


def _is_wordless(node: Node) -> bool:
    """Whether it is an image, a mark of a footnote or the like, of which words alone would tell nobody anything."""
    if node.tag == "a" and node.text() in _STAND_INS:
        return True
    return node.tag in {"img", "input"} or bool(_NO_WORDS.intersection(node.classes()))


def _edges(node: Node) -> tuple[str, str]:
    """Return what stands for an element's beginning and its end."""
    if node.tag == "dt" or _TITLES.intersection(node.classes()):
        return _END, _TITLE + _END
    edge = _END if node.tag in _ENDS else _CELL if node.tag in _CELLS else ""
    return edge, edge


def _pieces_of_text(heading: Node) -> Iterator[str]:
    return (piece if isinstance(piece, str) else piece.text() for piece in heading.children)


def _plain(parts: list[str]) -> str:
    lines = (_line(line) for line in "".join(parts).translate(_UNSEEN).split(_END))
    return "\n".join(line for line in lines if line)


def _line(raw: str) -> str:
    """Return one line as a reader would have it: one blank between words, a sign between cells that hold something."""
    whole = _BEFORE_SIGN.sub("", raw).replace(_GAP, " ")
    cells = (" ".join(cell.split()) for cell in whole.split(_CELL))  # all marks count as white space here
    line = _BETWEEN_CELLS.join(cell for cell in cells if cell)
    return f"{line}:" if _TITLE in whole and line and line[-1] not in _LEADS_ON else line
