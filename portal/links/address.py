"""The short link to an article: how it is written, and how it is found again in what somebody wrote. Pure."""

import re
from urllib.parse import quote, urlencode

from portal.links.models import TOKEN_LENGTH

VIA, SECTION = "via", "section"
"""What stands in a short link's query: the token of the link that was sent, and a section's anchor."""
_TOKEN = re.compile(rf"[0-9A-Za-z]{{{TOKEN_LENGTH}}}")
_LINK = re.compile(
    rf"/a/[^\s/?#<>\"]{{1,200}}\?(?:[^\s#<>\"]{{0,400}}[&;])?{VIA}=([0-9A-Za-z]{{{TOKEN_LENGTH}}})(?![0-9A-Za-z])"
)


def short_path(article: str, token: str = "", section: str = "") -> str:
    """Return the path of an article's short link. token: of the link that is sent; section: the anchor to open at."""
    asked = {name: value for name, value in ((VIA, token), (SECTION, section)) if value}
    path = f"/a/{quote(article, safe='')}"
    return f"{path}?{urlencode(asked)}" if asked else path


def tokens_in(text: str) -> tuple[str, ...]:
    """Return the tokens of the short links in a text, each once, in their order; whoever typed them, in Markdown too.

    That they look like tokens does not make them ours: `store.sent` passes over those that nobody made.
    """
    return tuple(dict.fromkeys(_LINK.findall(text)))


def is_token(text: str) -> bool:
    """Whether it looks like a token, so that it is worth asking for."""
    return _TOKEN.fullmatch(text) is not None
