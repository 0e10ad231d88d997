"""Sections of a judged document: its Markdown cut at headings, as articles are cut; or whole, for plain BM25."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portal.search.document import IndexDocument
from portal.search.evaluation.beir import Document
from portal.text import without_controls

Cut = Callable[[str, Document], Iterator[IndexDocument]]
"""From an article's id and a document to its sections."""

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?")
_CLOSING = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_RULE = re.compile(r"^[|:\-=*_ \t]{3,}$|^[ \t]*(?:>[ \t]*)+", re.MULTILINE)
_SIGNS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`+")


@dataclass(frozen=True, slots=True)
class _Part:
    """A heading and the lines below it; depth 0 and no heading for what stands before the first."""

    depth: int
    heading: str
    lines: list[str]


def cut_at_headings(article: str, document: Document) -> Iterator[IndexDocument]:
    """Cut a document as the product cuts an article: a section for each heading, plain text is one section.

    A first `# heading` is the page's own and begins no section. Sections know the headings above theirs.
    """
    first, *rest = _parts(document.text)
    own = ""
    if not "".join(first.lines).strip() and rest and rest[0].depth == 1:
        own, first, rest = rest[0].heading, _Part(0, "", rest[0].lines), rest[1:]
    above: list[_Part] = []
    found: list[tuple[str, str]] = []
    for part in (first, *rest):
        above = [parent for parent in above if parent.depth < part.depth]
        body = _tidy("\n".join(part.lines))
        if body or part.heading:
            chain = [parent.heading for parent in above] + [part.heading or own]
            found.append(("\n".join(filter(None, chain)), body))
        above += [part] if part.heading else []
    for number, (headings, body) in enumerate(found or [(own, "")]):
        yield _section(article, document.title, headings, body, anchor=f"s{number}" if number else "")


def keep_whole(article: str, document: Document) -> Iterator[IndexDocument]:
    """Give a document as one section, title and text in one field: what plain BM25 is measured on."""
    yield _section(article, "", "", f"{document.title}\n{document.text}")


def _parts(text: str) -> Iterator[_Part]:
    """Cut text at its headings; a `#` within a code fence is none."""
    part = _Part(0, "", [])
    fence = ""
    for line in _without_comments(text).splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and (heading := _HEADING.fullmatch(line)):
            yield part
            part = _Part(len(heading[1]), _tidy(_CLOSING.sub("", heading[2] or "")), [])
        else:
            part.lines.append(line)
    yield part


def _without_comments(text: str) -> str:
    # Looked for behind the last end, each that is left open would cost the way to the end of the text.
    closed, end, rest = text.rpartition("-->")
    return _COMMENT.sub(" ", closed + end) + rest


def _tidy(text: str) -> str:
    """Take Markdown's signs out and leave the words: a link's text, an image's description, code as it is."""
    plain = _RULE.sub("", _LINK.sub(r"\1", _IMAGE.sub(r"\1", text)))
    return _SIGNS.sub("", plain).replace("|", " \u00b7 ").strip()


def _section(article: str, title: str, headings: str, body: str, *, anchor: str = "") -> IndexDocument:
    return IndexDocument(
        article=article,
        anchor=anchor,
        title=without_controls(title),
        aka="",
        headings=without_controls(headings),
        tags=(),
        topic="",
        summary="",
        body=without_controls(body),
    )
