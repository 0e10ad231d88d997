"""Past queries: what enough people asked with success, to be offered to whoever begins to type the same.

`Overlay.asked` has the wordings, for readers of every level: a wording may name what only staff may know of. So one
is offered only where each of its words is among the words of what this reader may see offered anyway.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator

from portal.search.word_places import LONGEST_TYPED, words_typed
from portal.text import one_line

MOST_READ = 1000
"""Wordings of a language that are looked at, the most asked first."""


class PastQueries:
    """The wordings of one language, most asked first; never changed, so safe for threads."""

    def __init__(self, wordings: tuple[str, ...]) -> None:
        """wordings: as they were typed."""
        self.wordings = wordings
        clean = [one_line(text) for text in wordings[:MOST_READ] if len(text) <= LONGEST_TYPED]
        self._asked = [(text, words_typed(text)) for text in clean]
        self._words = sorted({(word, place) for place, (_, words) in enumerate(self._asked) for word in words})

    def going_on_from(self, typed: list[str], knows: Callable[[str], bool]) -> Iterator[str]:
        """Yield wordings that have all words typed, the last perhaps begun: first those that begin so.

        knows: whether this reader may be shown a word.
        """
        *whole, last = typed
        first, end = bisect_left(self._words, (last,)), bisect_left(self._words, (last + "\U0010ffff",))
        places = sorted({place for _, place in self._words[first:end]})
        for place in sorted(places, key=lambda place: not _begin(self._asked[place][1], typed)):
            text, words = self._asked[place]
            if words != typed and set(whole) <= set(words) and all(map(knows, words)):
                yield text


def _begin(words: list[str], typed: list[str]) -> bool:
    *whole, last = typed
    return words[: len(whole)] == whole and "".join(words[len(whole) : len(typed)]).startswith(last)
