"""What Python-Markdown's HTML becomes before it is sanitised: our own alerts, tabs, tables, code and checkboxes."""

import re
from collections.abc import Callable

from portal.content._findings import Findings
from portal.content._lines import ITEM_OPENER
from portal.content._tree import Node
from portal.content._words import Words
from portal.content.dialects import ALERT, LOOKS, RESERVED

_LOOK_OF = {
    **LOOKS,
    "danger": "danger",
    "error": "danger",
    "failure": "danger",
    "bug": "danger",
    "attention": "warning",
    "hint": "tip",
    "success": "tip",
    "check": "tip",
}
_RAW = re.compile(r"\[!|:{3,}")
_ATTRIBUTE = r"(?:[.#][\w-]{1,80}|[\w-]{1,40}=(?:\"[^\"{}]{0,200}\"|'[^'{}]{0,200}'|[^\s\"'{}]{1,200}))"
_ATTRIBUTES = re.compile(rf"\{{:?[ \t]*{_ATTRIBUTE}(?:[ \t]+{_ATTRIBUTE}){{0,10}}[ \t]*\}}")
"""What kramdown and pandoc let writers set behind a link or an image; looks are ours, so it says nothing here."""
_EMBED = re.compile(
    r"<(?P<tag>iframe|video|audio|embed|object|source)\b(?P<more>[^<>]{0,2000})>(?:[^<]{0,500}</(?:iframe|object)>)?",
    re.IGNORECASE,
)
_EMBED_SOURCE = re.compile(r"\b(?:src|data)[ \t]*=[ \t]*[\"']?(?P<url>(?:https?:)?//[^\s\"'<>]{1,1000})", re.IGNORECASE)


def embeds_to_links(html: str, words: Words) -> str:
    """Put a plain link in the place of each frame, video and the like; nothing is loaded from third parties."""

    def link(match: re.Match[str]) -> str:
        source = _EMBED_SOURCE.search(match["more"])
        if not source:
            return ""
        label = words.video if match["tag"].lower() in {"video", "source"} else words.media
        return f'<p><a href="{source["url"].replace("&amp;", "&").replace("&", "&amp;")}">{label}</a></p>'

    return _EMBED.sub(link, html) if "<" in html else html


def settle(root: Node, words: Words, findings: Findings) -> None:
    """Bring every element of `root` into the form that our style sheets and scripts know."""
    nodes = list(root.walk())
    _no_marks(root, findings)
    for node in nodes:
        classes = node.classes()
        for name in classes:
            if name in _BY_CLASS:
                _BY_CLASS[name](node, words)
                break
        else:
            _BY_TAG.get(node.tag, _left)(node, words)
    for number, table in enumerate((node for node in nodes if node.tag == "table"), start=1):
        table.wrap("div", _table_box(f"{words.table} {number}"))


def _no_marks(root: Node, findings: Findings) -> None:
    """Take out of all text outside code what is left of marks: ours, `[!` and `:::`."""
    code = {id(below) for node in root.walk() if node.tag in {"code", "pre"} for below in node.walk()}
    for node in root.walk():
        _no_attribute_lists(node)
        node.attributes = {name: RESERVED.sub("", value) for name, value in node.attributes.items()}
        for index, child in enumerate(node.children):
            if not isinstance(child, str):
                continue
            if id(node) not in code and _RAW.search(child):
                findings.warn(child.strip()[:60], "a mark that is not known was taken out", "Write it as code.")
                child = _RAW.sub(lambda match: "[" if match[0] == "[!" else "", child)  # noqa: PLW2901
            node.children[index] = child.replace(ITEM_OPENER, "")


def _no_attribute_lists(node: Node) -> None:
    """Take out `{.button}` and `{:target="_blank"}` where they stand right behind a link or an image."""
    for before, index in zip(node.children, range(1, len(node.children)), strict=False):
        after = node.children[index]
        if isinstance(before, Node) and before.tag in {"a", "img"} and isinstance(after, str):
            node.children[index] = _ATTRIBUTES.sub("", after, count=1) if _ATTRIBUTES.match(after) else after


def _alerts(quote: Node, words: Words) -> None:
    """Cut a quotation at its alert marks; each becomes a box of its own."""
    parts: list[Node] = [Node("blockquote")]
    for child in quote.children:
        match = ALERT.search(child.text()) if isinstance(child, Node) and child.tag == "p" else None
        if match and match[1] in LOOKS.values():
            title = Node("p", {"class": "admonition-title"}, [getattr(words, match[1])])
            parts.append(Node("div", {"class": f"admonition {match[1]}", "role": "note"}, [title]))
        else:
            parts[-1].children.append(child)
    if len(parts) > 1:
        parts = parts if parts[0].text().strip() else parts[1:]
        quote.become("", {}, list(parts))
    else:
        quote.attributes = {}


def _admonition(node: Node, words: Words) -> None:
    named = next((name for name in node.classes() if name != "admonition"), "note")
    look = _LOOK_OF.get(named, "note")
    node.attributes = {"class": f"admonition {look}", "role": "note"}
    for title in node.elements():
        if "admonition-title" in title.classes() and title.text() == named.capitalize() and named in LOOKS:
            title.children = [getattr(words, look)]


def _details(node: Node, _: Words) -> None:
    is_open = {"open": ""} if "open" in node.attributes else {}
    looks = [_LOOK_OF[name] for name in node.classes() if name in _LOOK_OF]
    node.attributes = {**is_open, **({"class": looks[0]} if looks else {})}


def _tabs(node: Node, _: Words) -> None:
    """Tabs are sections with titles, one after the other; a script may fold them."""
    sections: list[Node | str] = []
    title = ""
    for child in node.elements():
        if child.tag == "label":
            title = child.text()
        elif "tabbed-content" in child.classes():
            head = Node("p", {"class": "tab-title"}, [title])
            sections.append(Node("section", {"class": "tab", "aria-label": title}, [head, *child.children]))
    node.become("div", {"class": "tabs", "data-behaviour": "tabs"}, sections)


def _highlighted(box: Node, _: Words) -> None:
    language = next((name for name in box.classes() if name.startswith("language-")), "")
    box.attributes = {"class": "code", "data-behaviour": "copy"}
    for node in box.walk():
        if node.tag == "pre":
            node.attributes = {"tabindex": "0"}
            node.children = [child for child in node.children if isinstance(child, str) or child.text()]
        elif node.tag == "code":
            node.attributes = {"class": language} if language else {}


def _table_box(label: str) -> dict[str, str]:
    return {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label}


def _cell(node: Node, _: Words) -> None:
    spans: dict[str, str] = {
        name: node.attributes[name] for name in ("colspan", "rowspan", "scope") if name in node.attributes
    }
    align = node.attributes.get("align", "")
    if node.tag == "th" and not node.text().strip():
        node.tag = "td"  # A header cell without words has nothing to say of its column.
        spans.pop("scope", None)
    elif node.tag == "th":
        spans.setdefault("scope", "col")
    if align in {"right", "center"}:
        spans["class"] = f"align-{align}"
    node.attributes = spans


def _checkbox(node: Node, words: Words) -> None:
    if node.attributes.get("type") != "checkbox":
        node.become("", {}, [])
        return
    is_done = "checked" in node.attributes
    label = words.done if is_done else words.to_do
    checked = {"checked": ""} if is_done else {}
    node.attributes = {"type": "checkbox", "disabled": "", **checked, "aria-label": label}


def _footnote_back(node: Node, words: Words) -> None:
    node.attributes = {"class": "footnote-backref", "href": node.attributes.get("href", ""), "aria-label": words.back}


def _code(node: Node, _: Words) -> None:
    if "tabindex" not in node.attributes:
        node.attributes = {"tabindex": "0"}
        node.wrap("div", {"class": "code", "data-behaviour": "copy"})


def _left(_node: Node, _words: Words) -> None:
    """Leave an element as it is."""


_BY_CLASS: dict[str, Callable[[Node, Words], None]] = {
    "admonition": _admonition,
    "tabbed-set": _tabs,
    "highlight": _highlighted,
    "footnote-backref": _footnote_back,
}
_BY_TAG: dict[str, Callable[[Node, Words], None]] = {
    "blockquote": _alerts,
    "details": _details,
    "pre": _code,
    "th": _cell,
    "td": _cell,
    "input": _checkbox,
}
