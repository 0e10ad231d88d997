"""Headings of a rendered tree: their levels, their anchors, and the one that repeats the title."""

import re
import unicodedata

from portal.content._tags import PAGE_IDS
from portal.content._tree import Node
from portal.content._words import Words
from portal.text import one_line

_LEVELS = {f"h{level}" for level in range(1, 7)}
_GIVEN_ID = re.compile(r"[ \t]*\{:?[ \t]*#(?P<id>[^\s{}\"'<>&`]{1,200})[^{}]{0,200}\}[ \t]*$")


def take_title(root: Node) -> str:
    """Take a first `<h1>` out of the tree and return its text; "" where the body begins otherwise."""
    for child in root.children:
        if isinstance(child, str):
            if child.strip():
                return ""
        elif child.tag == "h1":
            title = one_line(_GIVEN_ID.sub("", child.text()))
            child.become("", {}, [node for node in child.walk() if node.tag == "a" and "href" not in node.attributes])
            return title
        elif child.text().strip() or any(node.tag == "img" for node in child.walk()):
            return ""
    return ""


def settle(root: Node, words: Words) -> set[str]:
    """Give each heading its level and its anchor; return all anchors."""
    taken = set(PAGE_IDS)
    given: list[tuple[Node, str]] = []
    for node in list(root.walk()):
        if node.tag not in _LEVELS:
            continue
        node.tag = "h2" if node.tag == "h1" else node.tag
        wanted = _own_id(node)
        text = one_line(node.text())
        if not text:
            node.become("", {}, node.children)
            continue
        anchor = _unique(github_anchor(text), taken)
        given.append((node, wanted))
        node.attributes = {"id": anchor}
        permalink = {"class": "anchor", "href": f"#{anchor}", "aria-label": words.link_to.format(text)}
        node.children.append(Node("a", permalink))
    for node, wanted in given:
        if wanted and wanted not in taken:
            node.children.insert(0, Node("a", {"name": wanted}))
    return taken - PAGE_IDS


def github_anchor(heading: str) -> str:
    """Return the anchor that GitHub gives: small letters, blanks to hyphens, no punctuation; any script."""
    kept = (c for c in heading.strip().lower() if c in "-_ " or unicodedata.category(c)[0] in "LMN")
    return "".join(kept).replace(" ", "-") or "section"


def _unique(anchor: str, taken: set[str]) -> str:
    found, number = anchor, 0
    while found in taken:
        number += 1
        found = f"{anchor}-{number}"
    taken.add(found)
    return found


def _own_id(node: Node) -> str:
    """Return the id that the writer gave, as an attribute or as `{#id}`, which is taken out of the text."""
    last = node.children[-1] if node.children else ""
    match = _GIVEN_ID.search(last) if isinstance(last, str) else None
    if match and isinstance(last, str):
        node.children[-1] = last[: match.start()]
    return match["id"] if match else node.attributes.get("id", "")
