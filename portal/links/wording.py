"""Wording: a link as an address, as plain text, as Markdown, as HTML; alone or under a quoted passage. Pure."""

import re
from dataclasses import dataclass
from html import escape

from portal.text import one_line

_MARKDOWN = re.compile(r"([\\`*_\[\]<>])")


@dataclass(frozen=True, slots=True)
class Written:
    """One link in all ways of writing it."""

    link: str
    text: str
    markdown: str
    html: str


def written(title: str, url: str, passage: str = "") -> Written:
    """Write a link. passage: quoted above it; the address alone never has one."""
    title, passage = one_line(title), one_line(passage)
    link_markdown = f"[{_plain(title)}]({url})"
    link_html = f'<a href="{escape(url)}">{escape(title)}</a>'
    if not passage:
        return Written(url, f"{title}: {url}", link_markdown, link_html)
    return Written(
        link=url,
        text=f"> {passage}\n\n{title}: {url}",
        markdown=f"> {_plain(passage)}\n\n{link_markdown}",
        html=f"<blockquote><p>{escape(passage)}</p></blockquote>\n<p>{link_html}</p>",
    )


def _plain(words: str) -> str:
    """Write words so that Markdown shows them as they are."""
    return _MARKDOWN.sub(r"\\\1", words)
