"""The ranking by words once more, as plainly as it can be written: every section looked at, for every query.

It shares the cutting into words with the search and nothing else: no index, no arrays, no impacts. The formula is
that of `portal.search.weighing` and `portal.search.ranking`, written from their docstrings.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from whoosh.lang.stopwords import stoplists

from portal.search.document import IndexDocument
from portal.search.parts import Parts
from portal.search.words.languages import words

K1, B = 1.2, 0.75
BOOSTS = {"title": 1.2, "aka": 1.2, "tags": 1.0, "summary": 1.0, "headings": 1.0, "body": 1.0}
COVERAGE, WEAK = 0.15, 0.5
OF_THE_ARTICLE = ("title", "aka", "tags", "summary")
OF_THE_SECTION = ("headings", "body")
UNDERSTOOD = Parts(meaning=False, correction=False, synonyms=False, compounds=False, titles=False)
"""The parts that are worked out here too."""
Counts = dict[str, Counter[str]]
"""How often which word stands, by field."""


@dataclass(frozen=True, slots=True)
class _Field:
    """What BM25 needs of a field: how many texts, their mean length in words where there are any, who has a word."""

    of: int
    mean: float
    holders: Counter[str]


class Slowly:
    """Ranks the articles of one collection."""

    def __init__(self, documents: Iterable[IndexDocument], lang: str) -> None:
        """documents: the sections of each article follow one another."""
        self._lang = lang
        self._articles: dict[str, Counts] = {}
        self._sections: list[tuple[str, Counts]] = []
        for one in documents:
            own = {"title": one.title, "aka": one.aka, "tags": "\n".join(one.tags), "summary": one.summary}
            if one.article not in self._articles:
                self._articles[one.article] = {name: self._count(text) for name, text in own.items()}
            texts = {"headings": one.headings, "body": one.body}
            self._sections.append((one.article, {name: self._count(text) for name, text in texts.items()}))
        self._fields = {name: _over(name, list(self._articles.values())) for name in OF_THE_ARTICLE}
        self._fields |= {name: _over(name, [counts for _, counts in self._sections]) for name in OF_THE_SECTION}
        self._stop = {word.text for entry in stoplists.get(lang, ()) for word in words(entry, lang)}

    def scores(self, text: str) -> dict[str, float]:
        """Return the score of each article that has a word, which is that of its best section."""
        typed = list(dict.fromkeys(word.text for word in words(text, self._lang)))
        strong = [word for word in typed if word not in self._stop] or typed
        weak = [word for word in typed if word not in strong]
        best: dict[str, float] = {}
        for article, counts in self._sections:
            score = self._score(self._articles[article], counts, strong, weak)
            if score > best.get(article, 0.0):
                best[article] = score
        return best

    def _score(self, article: Counts, section: Counts, strong: Sequence[str], weak: Sequence[str]) -> float:
        met = sum(any(counts[word] for counts in (*article.values(), *section.values())) for word in strong)
        if not met:
            return 0.0
        total = sum(self._gain(article | section, word) for word in strong)
        total += WEAK * sum(self._gain(article | section, word) for word in weak)
        share: float = (met / len(strong)) ** COVERAGE
        return total * share

    def _gain(self, told: Counts, word: str) -> float:
        """Return what a word adds: BM25 in each field by itself, added up with the fields' boosts."""
        total = 0.0
        for name, counts in told.items():
            count, field = counts[word], self._fields[name]
            if count:
                holders = field.holders[word]
                idf = log(1 + (field.of - holders + 0.5) / (holders + 0.5))
                length = 1 - B + B * counts.total() / field.mean
                total += BOOSTS[name] * idf * count * (K1 + 1) / (count + K1 * length)
        return total

    def _count(self, text: str) -> Counter[str]:
        return Counter(word.text for word in words(text, self._lang))


def _over(name: str, texts: Sequence[Counts]) -> _Field:
    lengths = [length for counts in texts if (length := counts[name].total())]
    holders = Counter(word for counts in texts for word in counts[name])
    return _Field(len(texts), sum(lengths) / len(lengths) if lengths else 1.0, holders)
