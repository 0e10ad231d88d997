"""Links: `kb:` targets made into addresses, for one reading level.

What a level may not see is not linked for it: its reader gets the words alone.
"""

import hashlib
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote, unquote, urlsplit

from portal.content._places import NOWHERE, Place, readdress
from portal.text import slugify

_ANCHOR = re.compile(r'<a\b([^>]*?) href="kb:([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_IMAGE = re.compile(r'<img\b([^>]*?) src="kb:([^"]*)"([^>]*)>')
_ALT = re.compile(r'\balt="([^"]*)"')
_OUR_PATH = re.compile(r"/([A-Za-z-]{2,15})/articles/(.+)")
_SUFFIXES = ("", ".md", ".mdx", ".markdown", "/index.md", "/README.md")


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that articles show or offer; sizes in pixels, 0 where unknown."""

    key: str
    name: str
    width: int = 0
    height: int = 0

    @property
    def url(self) -> str:
        """Path of the file."""
        return f"/assets/{self.key}/{quote(self.name)}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything is that one level may see, by path in the tree."""

    articles: Mapping[str, str]
    media: Mapping[str, Medium]

    def fingerprint(self) -> str:
        """Name this state; pages made under the same one need no new links."""
        parts = [repr(sorted(self.articles.items())), repr(sorted(self.media.items(), key=lambda item: item[0]))]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]

    def resolve(self, html: str) -> str:
        """Return sanitised HTML with every `kb:` target made an address, or plain words where there is none."""
        return _IMAGE.sub(self._image, _ANCHOR.sub(self._anchor, html)) if "kb:" in html else html

    def in_markdown(self, text: str, path: str) -> str:
        """Return the Markdown of the file `path` with today's addresses in it; articles are linked as Markdown too."""
        return readdress(text, path, self._address)

    def _address(self, there: Place) -> str:
        target = find_target(there.target, self.articles, self.media)
        if target is None:
            return NOWHERE
        url = f"{self.articles[target]}.md" if target in self.articles else self.media[target].url
        return f"{url}#{quote(there.anchor)}" if there.anchor else url

    def _anchor(self, match: re.Match[str]) -> str:
        before, raw, after, words = match.groups()
        path, _, anchor = unescape(raw).partition("#")
        target = find_target(unquote(path), self.articles, self.media)
        if target is None:
            return f'<span class="broken-link">{words}</span>'
        url = self.articles.get(target) or self.media[target].url
        return f'<a{before} href="{escape(url + (f"#{anchor}" if anchor else ""))}"{after}>{words}</a>'

    def _image(self, match: re.Match[str]) -> str:
        before, raw, after = match.groups()
        target = find_target(unquote(unescape(raw).partition("#")[0]), self.media)
        if target is None:
            alt = _ALT.search(before + after)
            return f'<span class="missing-image">{alt[1] if alt else ""}</span>'
        medium = self.media[target]
        size = f' width="{medium.width}" height="{medium.height}"' if medium.width and medium.height else ""
        return f'<img{before} src="{escape(medium.url)}"{size}{after}>'


def alias_place(alias: str, lang: str) -> tuple[str, str]:
    """Return what an alias stands for: language and slug, or no language and a whole path of a former help centre.

    `old-name` and `/en/articles/old-name` are slugs; `/hc/123-old` and `https://old.example.com/hc/123-old` are paths.
    """
    path = unquote(urlsplit(alias).path).rstrip("/")
    ours = _OUR_PATH.fullmatch(path)
    if ours:
        return ours[1], ours[2]
    if path.startswith("/"):
        return "", path
    return lang, "/".join(slugify(segment) for segment in path.split("/") if segment)


def find_target(target: str, *known: Container[str]) -> str | None:
    """Return the path in the tree that a link means: as written, or with a suffix that was left out."""
    path = target.strip("/")
    stem = path.removesuffix(".html").removesuffix(".htm")
    guesses = (base + suffix for base in dict.fromkeys((path, stem)) if base for suffix in _SUFFIXES)
    return next((guess for guess in guesses if any(guess in place for place in known)), None)
