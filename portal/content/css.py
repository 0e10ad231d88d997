"""CSS: a stylesheet as a tree of tinycss2, with what was left open; no other module knows tinycss2 (decision 15)."""

import re
from typing import TypeAlias

import tinycss2  # type: ignore[import-untyped]
from tinycss2 import ast

Node: TypeAlias = ast.Node
"""A component value of CSS Syntax Level 3: a sign, a word, or a block or function with others in it."""

_END = "\n\n;"
"""Set behind a stylesheet before it is read: no escape, string or name goes past it; what holds it was left open."""
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})|.)", re.DOTALL)
_SURROGATES = range(0xD800, 0xE000)
_ENDLESS_DIGITS = re.compile(r"([0-9]{600})[0-9]+")
"""Python may refuse longer integers (`sys.int_info.str_digits_check_threshold` is 640)."""
_END_OF_STYLE = re.compile("</(?=style)", re.IGNORECASE)


def parse(source: str) -> tuple[list[Node], list[Node]]:
    """Return a stylesheet's nodes, and those of them that are never closed, outermost first. Never fails."""
    nodes = tinycss2.parse_component_value_list(_readable(source) + _END)
    return nodes, _left_open(nodes)


def write(nodes: list[Node]) -> str:
    """Write a stylesheet in which everything is closed, and `</style` never stands.

    Recursive: takes at most a few hundred blocks within each other.
    """
    return _END_OF_STYLE.sub(r"<\\/", tinycss2.serialize(nodes)).rstrip("\n") + "\n"


def inside(node: Node) -> list[Node] | None:
    """Return what a block or function holds, None for anything else."""
    found: list[Node] | None = getattr(node, "arguments" if node.type == "function" else "content", None)
    return found


def string(words: str, *, at: Node) -> Node:
    """Return a string in the place of another node."""
    signs = (f"\\{ord(sign):x} " if sign in '"\\' or ord(sign) < ord(" ") else sign for sign in words)
    return ast.StringToken(at.source_line, at.source_column, words, f'"{"".join(signs)}"')


def url(address: Node) -> Node:
    """Return a function that makes an address of a string."""
    return ast.FunctionBlock(address.source_line, address.source_column, "url", [address])


def blank(*, at: Node) -> Node:
    """Return what keeps things apart in the place of another node.

    Otherwise what stood around it could become one sign, such as the beginning of a comment.
    """
    return ast.WhitespaceToken(at.source_line, at.source_column, " ")


def _readable(source: str) -> str:
    r"""Write what tinycss2 fails at in the way that CSS understands it.

    It makes of `\d800` half a character, which UTF-8 can't write; CSS says U+FFFD. It gives up at integers of thousands
    of digits; CSS takes the largest number there is, and 600 digits are beyond that.
    """
    return _ESCAPE.sub(_whole_character, _ENDLESS_DIGITS.sub(r"\1", source))


def _whole_character(escape: re.Match[str]) -> str:
    is_half = escape[1] and int(escape[1], 16) in _SURROGATES
    return r"\00fffd" if is_half else escape[0]


def _left_open(nodes: list[Node]) -> list[Node]:
    """Take the end mark out of whatever it is in; tinycss2 closes that without a word."""
    opened = []
    while (within := inside(nodes[-1])) is not None:
        opened.append(nodes[-1])
        nodes = within
    last = nodes[-1]
    if last.type == "comment":
        last.value = last.value.removesuffix(_END)
        opened.append(last)
    elif last.type == "literal":
        nodes.pop()
    elif last.kind == "eof-in-url":
        del nodes[-2]  # an address made of the end mark; the error behind it stays
    return opened
