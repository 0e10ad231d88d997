"""Word tools that more than one room needs."""

import re
import unicodedata

_APART = re.compile(r"[^\w]+", re.UNICODE)
_SPACE = re.compile(r"\s+")
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def slugify(text: str, *, limit: int = 80) -> str:
    """Make one segment of a URL: lower case, letters of any script kept, the rest hyphens.

    limit: characters; cut at a hyphen where there is one. Never empty: nothing left gives "untitled".
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("_", "-")
    slug = _APART.sub("-", folded.replace("'", "").replace("\u2019", "")).strip("-")
    if len(slug) > limit:
        slug = slug[:limit].rpartition("-")[0] or slug[:limit]
    return slug or "untitled"


def one_line(text: str) -> str:
    """Fold all white space to single blanks and drop what must never reach a page as text."""
    return _SPACE.sub(" ", without_controls(text)).strip()


def without_controls(text: str) -> str:
    """Drop control characters, direction overrides and lone surrogates; keep line ends and tabs."""
    return _UNSAFE.sub("", text)


def fold(text: str) -> str:
    """Return text as it is compared while typing: no accents, no case, single blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return one_line("".join(c for c in apart if not unicodedata.combining(c)))


def cut(text: str, limit: int) -> str:
    """Shorten to at most `limit` characters, at a word, with an ellipsis where something is gone."""
    if len(text) <= limit:
        return text
    return (text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]).rstrip(" ,;:.") + "\u2026"
