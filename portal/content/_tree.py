"""A small tree of well-formed HTML: read, changed, written. No parser of wild HTML; nh3 has been there before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape

from portal.content._tags import VOID

_TOKEN = re.compile(r"<(?P<end>/)?(?P<tag>[a-z][a-z0-9]*)(?P<attributes>(?:\s+[^\s=\"<>/]+(?:=\"[^\"]*\")?)*)\s*/?>")
_ATTRIBUTE = re.compile(r"([^\s=\"<>/]+)(?:=\"([^\"]*)\")?")


@dataclass(slots=True, eq=False)
class Node:
    """An element; `children` are elements and text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    def classes(self) -> list[str]:
        """Return its class names."""
        return self.attributes.get("class", "").split()

    def elements(self) -> "Iterator[Node]":
        """Yield the elements directly below."""
        return (child for child in self.children if isinstance(child, Node))

    def walk(self) -> "Iterator[Node]":
        """Yield this element and all below, each before those it holds."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed([child for child in node.children if isinstance(child, Node)]))

    def become(self, tag: str, attributes: dict[str, str], children: "list[Node | str]") -> None:
        """Turn into another element in the same place."""
        self.tag, self.attributes, self.children = tag, attributes, children

    def wrap(self, tag: str, attributes: dict[str, str]) -> None:
        """Put a new element around this one, in its place."""
        self.become(tag, attributes, [Node(self.tag, self.attributes, self.children)])

    def text(self) -> str:
        """Return the text of all below, as it stands."""
        stack: list[Node | str] = [self]
        parts: list[str] = []
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                parts.append(node)
            else:
                stack.extend(reversed(node.children))
        return "".join(parts)


def parse(html: str) -> Node:
    """Read HTML as nh3 writes it. The root is a nameless element."""
    root = Node("")
    open_ones = [root]
    done = 0
    for match in _TOKEN.finditer(html):
        if match.start() > done:
            open_ones[-1].children.append(unescape(html[done : match.start()]))
        done = match.end()
        tag = match["tag"]
        if not match["end"]:
            attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match["attributes"])}
            node = Node(tag, attributes)
            open_ones[-1].children.append(node)
            if tag not in VOID:
                open_ones.append(node)
        elif len(open_ones) > 1 and open_ones[-1].tag == tag:
            open_ones.pop()
    if done < len(html):
        open_ones[-1].children.append(unescape(html[done:]))
    return root


def write(root: Node) -> str:
    """Return the tree as HTML. An element without a name stands for what it holds."""
    parts: list[str] = []
    stack: list[Node | str | _End] = [root]
    while stack:
        thing = stack.pop()
        if isinstance(thing, str):
            parts.append(escape(thing, quote=False))
        elif isinstance(thing, _End):
            parts.append(f"</{thing.tag}>")
        else:
            if thing.tag:
                given = "".join(f' {name}="{escape(value)}"' for name, value in thing.attributes.items())
                parts.append(f"<{thing.tag}{given}>")
            if thing.tag and thing.tag not in VOID:
                stack.append(_End(thing.tag))
            stack.extend(reversed(thing.children))
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _End:
    """An end tag still to be written."""

    tag: str
