"""Analysed: the words of texts that are asked for several times in a row, as while an article is indexed."""

from functools import lru_cache

from portal.search.words.languages import Word, words

_KEPT = 256


@lru_cache(maxsize=_KEPT)
def analysed(text: str, lang: str) -> tuple[Word, ...]:
    """Return all words of a text, in order, as `languages.words` gives them."""
    return tuple(words(text, lang))
