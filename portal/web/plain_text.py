"""Plain text on a page: what somebody wrote, as they wrote it, with its addresses made into links."""

import re

from markupsafe import Markup, escape

_ADDRESS = re.compile(r"https?://[^\s<>\"'\u201c\u201d\u00ab\u00bb]{1,2000}")
_TRAILING = ".,;:!?)]}*_"
"""What ends a sentence rather than an address."""
_LONGEST_SHOWN = 80


def with_links(text: str) -> Markup:
    """Return a text for a page: escaped, line ends kept by its stylesheet, each https or http address a link.

    What it leads to is not told where it was read, and search engines give it no weight.
    """
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = _bare(found[0])
        parts += [escape(text[end : found.start()]), _link(address)]
        end = found.start() + len(address)
    return Markup().join([*parts, escape(text[end:])])


def _bare(address: str) -> str:
    """Return an address without what follows it in a sentence; a bracket stays that was opened within it."""
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _link(address: str) -> Markup:
    shown = address if len(address) <= _LONGEST_SHOWN else address[: _LONGEST_SHOWN - 1] + "\u2026"
    return Markup('<a href="{}" rel="nofollow noopener noreferrer">{}</a>').format(address, shown)
