"""Addresses as writers give them, and the places in the tree that they mean."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from portal.content._code import is_inside, not_prose

NOWHERE = "#"
"""Where a link leads whose target is not to be seen, or is not there."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20\x7f]+")
_TARGET = re.compile(
    r"\]\([ \t]*<(?P<angle>[^<>\n]{1,1000})>"
    r"|\]\([ \t]*(?P<inline>[^\s<>()]{1,1000}(?:\([^\s()]{0,300}\))?[^\s()]{0,300})"
    r"|^[ \t]{0,3}\[[^\]\n]{1,300}\]:[ \t]*(?P<reference>[^\s<>]{1,1000})"
    r"|\b(?:src|href|source|lightbox)[ \t]*=[ \t]*\"(?P<attribute>[^\"\n]{1,1000})\"",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads. `target` is a path in the tree, or with a leading slash one of the writer's old site."""

    target: str
    anchor: str = ""

    def href(self) -> str:
        """Return the address as it stands in rendered HTML until it is resolved: `kb:path#anchor`."""
        anchor = f"#{quote(self.anchor)}" if self.anchor else ""
        return f"kb:{quote(self.target)}{anchor}"


class OutsideTree(Exception):
    """The address climbs out of the content."""


def scheme_of(address: str) -> str:
    """Return the scheme in lower case, "" for a relative address; looks through blanks and control characters."""
    match = _SCHEME.match(_BLANKS.sub("", address))
    return match[0][:-1].lower() if match else ""


def place(source: str, address: str) -> Place:
    """Read a relative or rooted address written in the file `source`. Queries are dropped. Raises OutsideTree."""
    plain, _, anchor = address.replace("\\", "/").partition("#")
    plain = unquote(plain.partition("?")[0]).replace("\\", "/")
    anchor = unquote(anchor).strip()
    if "\0" in plain + anchor:
        raise OutsideTree
    if plain.startswith("/"):
        return Place("/" + posixpath.normpath("/" + plain.lstrip("/")).lstrip("/"), anchor)
    if plain.startswith("~/"):
        plain, source = plain[2:], ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), plain))
    if path == ".." or path.startswith(("../", "/")):
        raise OutsideTree
    return Place("" if path == "." else path, anchor)


def rebase(text: str, inner: str, outer: str) -> str:
    """Rewrite the relative addresses in Markdown of the file `inner` so that they are right in the file `outer`."""
    here, there = posixpath.dirname(inner), posixpath.dirname(outer)
    if here == there:
        return text

    def moved(address: str) -> str:
        if address.startswith(("/", "~")):
            return address
        head, mark, tail = re.split(r"([?#]|$)", address, maxsplit=1)
        path = posixpath.relpath(posixpath.join("/", here, head), posixpath.join("/", there))
        if posixpath.normpath(posixpath.join(here, head)).startswith(".."):
            path = posixpath.join("../" * (there.count("/") + 2), head)
        return path + ("/" if head.endswith("/") else "") + mark + tail

    return _with_addresses(text, moved)


def readdress(text: str, source: str, where: Callable[[Place], str]) -> str:
    """Put the addresses that `where` gives in the place of those that lead into the tree, in Markdown of `source`."""

    def found(address: str) -> str:
        try:
            return where(place(source, address))
        except OutsideTree:
            return NOWHERE

    return _with_addresses(text, found)


def _with_addresses(text: str, change: Callable[[str], str]) -> str:
    """Change every address in prose but whole ones and mere anchors."""
    spans = not_prose(text)

    def changed(match: re.Match[str]) -> str:
        address = match[match.lastgroup or 0]
        if is_inside(spans, match.start()) or scheme_of(address) or address.startswith(("//", "#")):
            return match[0]
        start, end = match.span(match.lastgroup or 0)
        return match[0][: start - match.start()] + change(address) + match[0][end - match.start() :]

    return _TARGET.sub(changed, text)
