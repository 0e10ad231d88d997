"""The text of a mail's HTML: what a reader would see of it, and nothing that could run, load or spy."""

import re
from html.parser import HTMLParser

MOST_HTML = 400_000
"""Characters of HTML that are read; a page of text with its styles has some ten thousand."""
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "iframe", "svg", "select"})
_BLOCKS = frozenset({
    "address", "article", "blockquote", "dd", "div", "dl", "dt", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_APART = frozenset({"p", "table", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_WEB = ("https://", "http://", "mailto:")
_DEEPEST_QUOTE = 10
_NO_TAG = re.compile(r"<(?!/?[a-zA-Z][^<>]*>)")
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")


def text_of(html: str) -> str:
    """Return the text of HTML. Quotes get `> `, links their address, pictures nothing: none is ever loaded."""
    reader = _Reader()
    reader.feed(_NO_TAG.sub("&lt;", _without_declarations(html[:MOST_HTML])))
    reader.close()
    return reader.text()


def _without_declarations(html: str) -> str:
    """Take out comments and the like: the library reads those that nobody closes again and again to the end."""
    kept, at = [], 0
    while (begins := html.find("<!", at)) >= 0:
        kept.append(html[at:begins])
        end = "-->" if html.startswith("<!--", begins) else ">"
        ends = html.find(end, begins)
        at = ends + len(end) if ends >= 0 else len(html)
    return "".join(kept) + html[at:]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line = ""
        self.quotes = 0
        self.silent: list[str] = []
        self.pre = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.silent or tag in _SILENT or "hidden" in given or _HIDDEN.search(given.get("style") or ""):
            if tag not in _VOID and (not self.silent or tag == self.silent[-1]):
                self.silent.append(tag)
            return
        if tag == "br":
            self._end_line()
        elif tag in _BLOCKS:
            self._begin_block(tag)
        elif tag in {"td", "th"} and self.line.strip():
            self.line += " "
        if tag == "a":
            self.links.append((given.get("href") or "", len(self.line)))
        if tag == "li":
            self.line = "- "

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        if tag == "a" and self.links:
            self._end_link(*self.links.pop())
        if tag in _BLOCKS:
            self._begin_block("")
            self.quotes -= tag == "blockquote" and self.quotes > 0
            self.pre -= tag == "pre" and self.pre > 0
            if tag in _APART:
                self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if not self.pre:
            said = _BLANKS.sub(" ", data)
            self.line += said.lstrip(" ") if self.line.endswith(" ") or not self.line else said
            return
        first, *rest = data.split("\n")
        self.line += first
        for one in rest:
            self._end_line()
            self.line = one

    def text(self) -> str:
        """Return all of it, with never more than one blank line in a row."""
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip()

    def _begin_block(self, tag: str) -> None:
        if self.line.strip():
            self._end_line()
        self.line = ""
        if tag in _APART and self.lines and self.lines[-1]:
            self.lines.append("")
        self.quotes += tag == "blockquote"
        self.pre += tag == "pre"

    def _end_line(self) -> None:
        mark = "> " * min(self.quotes, _DEEPEST_QUOTE)
        self.lines.append((mark + self.line).rstrip())
        self.line = ""

    def _end_link(self, address: str, began: int) -> None:
        """Say where a link leads, unless its words do."""
        said = self.line[began:].strip()
        if address.startswith(_WEB) and address.removeprefix("mailto:") not in said and said:
            self.line += f" ({address})"
