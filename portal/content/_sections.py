"""Sections: the plain text of finished HTML, cut at its headings."""

from collections.abc import Iterator

from portal.content._tags import BLOCKS
from portal.content._tree import Node
from portal.content.rendered import Section

_HEADINGS = {"h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_NO_WORDS = frozenset({"footnote-ref", "footnote-backref"})
_CELLS = frozenset({"td", "th"})
_ENDS = BLOCKS - _CELLS
_END = "\x1e"
"""A line end around a block; as text, line ends are blanks."""


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
        text = " ".join("".join(part for part in _pieces_of_text(piece)).split())
        head, parts = (piece.attributes.get("id", ""), text, _HEADINGS[piece.tag]), []
    found.append(Section(*head, _plain(parts)))
    return tuple(section for section in found if section.depth or section.text)


def _pieces(root: Node) -> Iterator[Node | str]:
    """Yield text, line ends around blocks, and headings as they are."""
    stack: list[Node | str] = [root]
    while stack:
        thing = stack.pop()
        if isinstance(thing, str):
            yield thing if thing == _END else thing.replace("\n", " ")
        elif thing.tag in _HEADINGS:
            yield thing
        elif thing.tag in {"br", "img", "input"} or _NO_WORDS.intersection(thing.classes()):
            yield " "
        else:
            edge = _END if thing.tag in _ENDS else " " if thing.tag in _CELLS else ""
            yield edge
            stack.append(edge)
            stack.extend(reversed(thing.children))


def _pieces_of_text(heading: Node) -> Iterator[str]:
    return (piece if isinstance(piece, str) else piece.text() for piece in heading.children)


def _plain(parts: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(parts).split(_END))
    return "\n".join(line for line in lines if line)
