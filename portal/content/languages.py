"""Languages: their tags, as people write them in folders, suffixes and front matter."""

import re
from collections.abc import Collection
from functools import lru_cache

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?")
_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_ISO_639_1 = frozenset(_TWO_LETTERS.split())


@lru_cache(maxsize=4096)
def normalise(tag: str) -> str | None:
    """Write a tag as BCP 47 does (`pt_br` is `pt-BR`, `zh-hans` is `zh-Hans`); None when it is no language tag.

    Two letters must be a language of ISO 639-1; three are taken on trust.
    """
    found = _TAG.fullmatch(tag.strip())
    if not found or (len(found[1]) == 2 and found[1].lower() not in _ISO_639_1):  # noqa: PLR2004 - as the docstring says
        return None
    parts = (found[1].lower(), (found[2] or "").title(), (found[3] or "").upper())
    return "-".join(part for part in parts if part)


def in_path(word: str, languages: Collection[str]) -> str | None:
    """Return the language that a folder or suffix names, spelt as in `languages`; None when it is another word.

    Without `languages` a lower-case two-letter code of ISO 639-1, with or without a region, is one.
    """
    tag = normalise(word)
    if tag is None:
        return None
    if languages:
        return next((language for language in languages if language.lower() == tag.lower()), None)
    return tag if len(tag.partition("-")[0]) == 2 and word[:2].islower() else None  # noqa: PLR2004 - two letters


def closest(tag: str, languages: Collection[str]) -> str:
    """Return the one of `languages` that `tag` means: itself, else its base language, else `tag` unchanged."""
    by_lower = {language.lower(): language for language in languages}
    return by_lower.get(tag.lower()) or by_lower.get(tag.partition("-")[0].lower()) or tag
