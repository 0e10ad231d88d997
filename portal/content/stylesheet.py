"""Stylesheet: the company's own rules, made safe to send: they ask no other host for anything, and end where they end.

Every address becomes that of a file in the content; what can't be found is reported, and nothing is asked for.
What is sent is written from what was understood, never copied (decision 15).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from portal.content import css
from portal.content.css import Node
from portal.content.problem import Problem, Severity

NOTHING = "about:invalid"
"""What CSS names as the address of nothing (CSS Values 4, url() with an invalid address)."""
DEEPEST = 64
"""Blocks and functions within each other; people write five, and `css.write` has an end."""
_IS_ADDRESS = frozenset({"url", "src"})
_TAKES_ADDRESSES = _IS_ADDRESS | {"image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"}
_NAMES_KINDS = frozenset({"type", "format", "tech"})
"""Within the above, functions whose strings are kinds of files."""
_DROPPED = {
    "import": "Put the rules themselves into this file; pages make no request to load others.",
    "namespace": "Take it out: pages are HTML, where selectors need none.",
    "charset": "",
}
"""Rules that are left out, and what to do instead; empty where nothing is lost."""


class Unusable(Exception):
    """An address that the stylesheet can't have."""

    def __init__(self, what: str, mend: str) -> None:
        """Say what is wrong and how to mend it, as `Problem` does."""
        super().__init__(what)
        self.what, self.mend = what, mend


@dataclass(frozen=True, slots=True)
class _Writing:
    """A stylesheet being written anew."""

    path: str
    find: Callable[[str], str]
    problems: list[Problem] = field(default_factory=list)

    def warn(self, node: Node, what: str, mend: str) -> None:
        """Note what was left out."""
        self.problems.append(Problem(self.path, node.source_line, what, mend, Severity.WARNING))


def rewrite(path: str, source: str, find: Callable[[str], str]) -> tuple[str, tuple[Problem, ...]]:
    """Return a stylesheet with every address settled, and what had to be left out, by line. Never fails.

    source: as decoded from UTF-8.
    find: returns the URL path of what an address means; raises Unusable.
    What is left open is closed, so that whatever comes after it is read as it stands; `</style` is never in it.
    """
    writing = _Writing(path, find)
    nodes, opened = css.parse(source)
    for node in opened[:DEEPEST]:
        _note_open(writing, node)
    return css.write(_settled(writing, nodes)), tuple(sorted(writing.problems))


def _note_open(writing: _Writing, node: Node) -> None:
    if node.type == "comment":
        writing.warn(node, "the comment is never closed, so it is closed at the end", "Write */ behind it.")
        return
    sign = f"{node.name}(" if node.type == "function" else node.type[0]
    writing.warn(node, f"`{sign}` is never closed, so it is closed at the end", "Close it where it ends.")


def _settled(writing: _Writing, nodes: list[Node], around: str = "", depth: int = 0) -> list[Node]:
    """Return the nodes as they may be sent.

    around: the function in which strings are addresses; empty where they are words.
    """
    return [_settled_one(writing, node, around, depth) for node in _without_dropped(writing, nodes)]


def _without_dropped(writing: _Writing, nodes: list[Node]) -> Iterator[Node]:
    """Leave out rules that draw in other stylesheets or say what we say, up to their end."""
    rest = iter(nodes)
    for node in rest:
        if node.type != "at-keyword" or node.lower_value not in _DROPPED:
            yield node
            continue
        if mend := _DROPPED[node.lower_value]:
            writing.warn(node, f"@{node.lower_value} is not allowed, so it is left out", mend)
        next((passed for passed in rest if passed == ";" or passed.type == "{} block"), None)
        yield css.blank(at=node)


def _settled_one(writing: _Writing, node: Node, around: str, depth: int) -> Node:
    if node.type == "url":
        return css.url(_address(writing, node))
    if node.type == "string" and around:
        return _for(around, _address(writing, node))
    if node.type == "error":
        return _instead_of_error(writing, node, around)
    if css.inside(node) is not None:
        return _settled_block(writing, node, around, depth)
    return node


def _settled_block(writing: _Writing, node: Node, around: str, depth: int) -> Node:
    if depth == DEEPEST:
        what = f"{DEEPEST} brackets are open around this one, so it is left out"
        writing.warn(node, what, "Write it with fewer brackets within each other.")
        return css.blank(at=node)
    if node.type != "function":
        node.content = _settled(writing, node.content, around, depth + 1)
        return node
    if node.lower_name in _TAKES_ADDRESSES | _NAMES_KINDS:
        around = "" if node.lower_name in _NAMES_KINDS else node.lower_name
    node.arguments = _settled(writing, node.arguments, around, depth + 1)
    return node


def _instead_of_error(writing: _Writing, node: Node, around: str) -> Node:
    """Note what can't be read; return what browsers make of it, which is nothing."""
    if node.kind in {"}", ")", "]"}:
        what = f"`{node.kind}` closes nothing, so it is left out"
        writing.warn(node, what, "Take it out, or open it before.")
    elif node.kind == "bad-string":
        writing.warn(node, "a string does not end on its line, so it is left out", "Write its closing quote.")
        if around:
            return _for(around, css.string(NOTHING, at=node))
    else:
        writing.warn(node, "the address in url() can't be read, so it is left out", "Write it between quotes.")
        return css.url(css.string(NOTHING, at=node))
    return css.blank(at=node)


def _address(writing: _Writing, node: Node) -> Node:
    address = node.value.strip()
    if not address or address.startswith("#"):
        return css.string(address, at=node)
    try:
        return css.string(writing.find(address), at=node)
    except Unusable as why:
        writing.warn(node, why.what, why.mend)
        return css.string(NOTHING, at=node)


def _for(around: str, address: Node) -> Node:
    return address if around in _IS_ADDRESS else css.url(address)
