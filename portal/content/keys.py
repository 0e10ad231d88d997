"""Keys: the names of front matter, as people and other tools spell them."""

import re
from functools import lru_cache

KNOWN = (
    "id", "title", "summary", "aka", "tags", "topic", "products", "stage", "audience", "status", "draft", "published",
    "publish_at", "until", "review_by", "owner", "aliases", "lang", "translation_of", "order", "kind", "closes",
)  # fmt: skip
"""Our own keys, as the manual names them."""

FOREIGN = {
    "summary": ("description",),
    "aka": ("keywords", "ms.search.keywords", "ms.search.keyword"),
    "topic": ("category", "categories"),
    "aliases": ("slug", "permalink", "redirect_from", "redirects"),
    "lang": ("language", "locale"),
    "publish_at": ("publish_date", "published_at", "published_on"),
    "until": ("expiry_date", "unpublish_at"),
    "visibility": ("visibility",),
    "closed": ("private", "internal", "hidden", "unlisted"),
    "archived": ("archived",),
}
"""What other tools' keys mean here. The last three are theirs alone and can only hide."""

_DECIDING = frozenset({
    "audience", "status", "draft", "published", "publish_at", "until", "visibility", "closed", "archived",
})  # fmt: skip
_SLIPPERY = {"audience": 2, "status": 2, "published": 2, "publishat": 2, "draft": 1, "until": 1}
"""How many slips still leave each of our own hiding keys recognisable."""
_REAL_WORDS = frozenset({
    "publisher", "publishers", "publish", "publishing", "publishedby", "republished", "polished", "publishto",
    "state", "states", "stats", "statue", "static", "stages", "starts", "unit", "units", "craft", "graft", "raft",
    "drift", "drafter",
})  # fmt: skip
"""Words of their own that happen to be near."""


def plain(key: str) -> str:
    """Fold a key's spelling: `Review-By`, `review_by` and `reviewBy` are one."""
    return re.sub(r"[\s_-]+", "", key.casefold())


_OWN = {plain(key): key for key in KNOWN}
_UNDERSTOOD = {plain(key): meaning for meaning, foreign_keys in FOREIGN.items() for key in foreign_keys}


def own(key: str) -> str | None:
    """Return which of our keys this is."""
    return _OWN.get(plain(key))


def foreign(key: str) -> str | None:
    """Return what another tool's key means here."""
    return _UNDERSTOOD.get(plain(key))


def decides_who_sees(key: str) -> bool:
    """Whether the key bears on visibility, as itself or as a likely slip of one that does."""
    return own(key) in _DECIDING or foreign(key) in _DECIDING or slip_of(key) is not None


@lru_cache(maxsize=1024)
def slip_of(key: str) -> str | None:
    """Return the hiding key that an unknown key is likely a slip of, such as `audiance`; None for another word.

    Keys with a dot (`ms.audience`) belong to other tools and are never slips.
    """
    word = plain(key)
    if "." in word or word in _REAL_WORDS or word in _OWN or word in _UNDERSTOOD:
        return None
    for target, most in _SLIPPERY.items():
        if abs(len(word) - len(target)) <= most and _distance(word, target) <= most:
            return _OWN[target]
    return None


def _distance(word: str, target: str) -> int:
    """Count letters left out, put in, exchanged or swapped (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(target) + 1))
    for i, letter in enumerate(word, 1):
        row = [i]
        for j, wanted in enumerate(target, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == target[j - 2] and word[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
