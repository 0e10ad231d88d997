"""Links and images of a rendered tree: where they lead is checked, and what leads into the tree becomes `kb:`."""

import re
from dataclasses import dataclass, field

from portal.content._findings import Findings
from portal.content._places import OutsideTree, place, scheme_of
from portal.content._tree import Node
from portal.content._words import Words
from portal.content.rendered import Link

_ID = re.compile(r"[^\s\"'<>&`]{1,200}")
_SOUND = {"https", "http", "mailto", "tel"}


@dataclass(slots=True)
class Addresses:
    """Rewrites the addresses of one article; `links` are those that lead into the tree, in order."""

    path: str
    findings: Findings
    words: Words
    links: list[Link] = field(default_factory=list)

    def settle(self, root: Node) -> None:
        """Rewrite all links and images below `root`, in order."""
        linked: set[int] = set()
        for node in list(root.walk()):
            if node.tag == "a" and "href" in node.attributes:
                linked.update(id(below) for below in node.walk() if below.tag == "img")
                self._link(node)
            elif node.tag == "img":
                self._image(node, is_linked=id(node) in linked)

    def _link(self, node: Node) -> None:
        href = node.attributes["href"].strip()
        kept: dict[str, str] = {
            name: node.attributes[name] for name in ("title", "class", "id", "aria-label") if name in node.attributes
        }
        scheme = "https" if href.startswith("//") else scheme_of(href)
        if href.startswith("#"):
            node.attributes = {**kept, "href": href}
        elif scheme in _SOUND:
            address = f"https:{href}" if href.startswith("//") else href
            node.attributes = {**kept, "href": address}
            if scheme.startswith("http"):
                node.attributes["rel"] = "noopener noreferrer"
        elif scheme:
            self._to_text(node, href, f"links of the kind {scheme}: are not shown")
        else:
            self._inside(node, href, kept)

    def _inside(self, node: Node, href: str, kept: dict[str, str]) -> None:
        try:
            there = place(self.path, href)
        except OutsideTree:
            self._to_text(node, href, f"the link {href!r} leads out of the content")
            return
        if not href:
            node.become("", {}, node.children)
            return
        self.links.append(Link(there.target, there.anchor, self.findings.lines.line_of(href)))
        node.attributes = {**kept, "href": there.href()}

    def _to_text(self, node: Node, piece: str, what: str) -> None:
        self.findings.warn(piece, what, "Give an address in the content, or one with https:.")
        node.become("", {}, node.children)

    def _image(self, node: Node, *, is_linked: bool) -> None:
        source, alt = node.attributes.get("src", "").strip(), node.attributes.get("alt", "")
        scheme = "https" if source.startswith("//") else scheme_of(source)
        if scheme in {"http", "https"} and not is_linked:
            address = f"https:{source}" if source.startswith("//") else source
            node.become("a", {"href": address, "rel": "noopener noreferrer"}, [alt.strip() or self.words.image])
            return
        try:
            there = None if scheme or not source else place(self.path, source)
        except OutsideTree:
            there = None
            self.findings.warn(source, f"the image {source!r} lies outside the content", "Move it into the content.")
        if there is None or there.target.endswith("/") or not there.target:
            node.become("", {}, [alt])
            return
        self.links.append(Link(there.target, "", self.findings.lines.line_of(source), is_image=True))
        sizes = {name: node.attributes[name] for name in ("title", "width", "height") if node.attributes.get(name)}
        node.attributes = {"src": there.href(), "alt": alt, "loading": "lazy", "decoding": "async", **sizes}


def targets(root: Node, taken: set[str]) -> None:
    """Make anchors of the writer's `<a name="x">`; the name of one that is taken already, or unfit, is dropped."""
    for node in list(root.walk()):
        if node.tag == "p" and not node.text().strip() and all(below.tag in {"p", "a"} for below in node.walk()):
            node.become("", {}, node.children)
        if node.tag != "a" or "href" in node.attributes:
            continue
        name = node.attributes.get("id") or node.attributes.get("name") or ""
        if _ID.fullmatch(name) and name not in taken:
            taken.add(name)
            node.attributes = {"id": name, "class": "target"}
        else:
            node.become("", {}, node.children)
