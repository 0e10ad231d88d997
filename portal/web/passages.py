"""Passages: a few sentences of an article to be quoted with a link to it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from portal.content.page import Page
from portal.text import cut, fold, one_line

LONGEST = 420
"""Characters quoted, as many as an answer above the hits has."""
SHORTEST = 40
"""Characters under which a paragraph says too little alone, and the next one is taken with it."""
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {"p", "li", "dt", "dd", "td", "th", "tr", "pre", "blockquote", "div", "ul", "ol", "table", "section"}
)
_LETTERS_OF_A_WORD = 4
"""Shorter words say little about what a message is about."""


def passage(page: Page, anchor: str, about: str) -> str:
    """Return the paragraph of a section that has most words in common with a message; the summary without any text.

    anchor: the section's, empty for what stands before all headings. about: the message; the first paragraph is taken
    where it says nothing.
    """
    reader = _Paragraphs(anchor)
    reader.feed(page.html)
    reader.close()
    paragraphs = _long_enough(reader.paragraphs())
    if not paragraphs:
        return cut(one_line(page.card.summary), LONGEST)
    wanted = _words(about)
    best = max(paragraphs, key=lambda one: (len(_words(one) & wanted), -paragraphs.index(one)))
    return cut(best, LONGEST)


def _long_enough(paragraphs: list[str]) -> list[str]:
    """Put short paragraphs before the next one."""
    joined: list[str] = []
    waiting = ""
    for one in paragraphs:
        waiting = f"{waiting} {one}".strip()
        if len(waiting) >= SHORTEST:
            joined.append(waiting)
            waiting = ""
    return [*joined, waiting] if waiting else joined


def _words(text: str) -> set[str]:
    return {word for word in fold(text).split() if len(word) >= _LETTERS_OF_A_WORD}


@dataclass
class _Paragraphs(HTMLParser):
    """Collects the text of one section, cut at its blocks."""

    anchor: str
    _is_here: bool = False
    _in_heading: bool = False
    _parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._is_here = not self.anchor

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HEADINGS:
            self._in_heading = True
            self._is_here = bool(self.anchor) and dict(attrs).get("id") == self.anchor
        elif tag in _BLOCKS:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._in_heading = False
        elif tag in _BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._is_here and not self._in_heading:
            self._parts.append(data.replace("\n", " "))

    def paragraphs(self) -> list[str]:
        """Return what was collected."""
        lines = (one_line(line) for line in "".join(self._parts).split("\n"))
        return [line for line in lines if line]
