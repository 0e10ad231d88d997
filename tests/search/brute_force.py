"""The score of every section in plain Python, from what the docstrings of weighing, ranking and blending promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from portal.search.blending import IN_KEYWORDS, IN_QUESTIONS, LEAST, MEANT, NEARLY, TITLE
from portal.search.document import IndexDocument
from portal.search.meaning.encoder import Encoder
from portal.search.query import parse
from portal.search.ranking import COVERAGE, UNKNOWN_PEAK, WEAK
from portal.search.schema import schema_for
from portal.search.weighing import BOOSTS
from portal.search.words.languages import words

K1, B = 1.2, 0.75


@dataclass(frozen=True)
class Field:
    """One field of all texts that have it: of sections, or of articles."""

    boost: float
    texts: list[list[str]]

    def gain(self, word: str, unit: int) -> float:
        own = self.texts[unit]
        lengths = [len(text) for text in self.texts if text]
        count, holders = own.count(word), sum(word in text for text in self.texts)
        if not count:
            return 0.0
        rarity = log(1 + (len(self.texts) - holders + 0.5) / (holders + 0.5))
        relative = len(own) / (sum(lengths) / len(lengths))
        return self.boost * rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * relative))


class Collection:
    """All documents, cut into words."""

    def __init__(self, documents: Sequence[IndexDocument]) -> None:
        self.documents = documents
        self.articles = list(dict.fromkeys(one.article for one in documents))
        first = [next(one for one in documents if one.article == article) for article in self.articles]
        self._sections = [
            Field(BOOSTS[name], [_cut(getattr(one, name)) for one in documents]) for name in ("headings", "body")
        ]
        told = {name: [getattr(one, name) for one in first] for name in ("title", "aka", "summary")}
        told["tags"] = ["\n".join(one.tags) for one in first]
        self._articles = [Field(BOOSTS[name], [_cut(text) for text in texts]) for name, texts in told.items()]
        self._names = [{tuple(_cut(name)) for name in (one.title, *one.aka.split("\n"))} for one in first]

    def scores(self, text: str, encoder: Encoder | None = None) -> dict[str, float]:
        """Return the score of each article that is a hit."""
        asked = parse(text, schema_for("en"), "en")
        if not any(one.title or one.headings or one.body for one in self.documents):
            encoder = None  # nothing of the whole collection has a vector
        share = (IN_QUESTIONS if asked.weak else IN_KEYWORDS) if encoder else 0.0
        ideal = sum(map(self._peak, asked.words)) or 1e-6
        found: dict[str, float] = {}
        nearness = [_nearness(text, one, encoder) if encoder else 0.0 for one in self.documents]
        least = max(min(MEANT, NEARLY * max(nearness)), LEAST)
        for section, document in enumerate(self.documents):
            near = nearness[section]
            if not self._is_hit(section, asked.words) and near < least:
                continue
            said = self._words(section, asked.words, asked.weak) if self._is_hit(section, asked.words) else 0.0
            score = (1 - share) * said / ideal + share * near
            if tuple(_cut(text)) in self._names[self._of(section)]:
                score += TITLE
            found[document.article] = max(found.get(document.article, 0.0), score)
        return found

    def _of(self, section: int) -> int:
        return self.articles.index(self.documents[section].article)

    def _is_first(self, section: int) -> bool:
        return section == 0 or self._of(section - 1) != self._of(section)

    def _section_gain(self, word: str, section: int) -> float:
        return sum(field.gain(word, section) for field in self._sections)

    def _article_gain(self, word: str, article: int) -> float:
        return sum(field.gain(word, article) for field in self._articles)

    def _gain(self, word: str, section: int) -> float:
        return self._section_gain(word, section) + self._article_gain(word, self._of(section))

    def _is_hit(self, section: int, strong: Sequence[str]) -> bool:
        """Whether it has a strong word itself, or is the first one of an article that has."""
        return any(
            self._section_gain(word, section)
            or (self._is_first(section) and self._article_gain(word, self._of(section)))
            for word in strong
        )

    def _words(self, section: int, strong: Sequence[str], weak: Sequence[str]) -> float:
        gains = [self._gain(word, section) for word in strong]
        met = sum(gain > 0 for gain in gains) / len(gains)
        return float((sum(gains) + WEAK * sum(self._gain(word, section) for word in weak)) * met**COVERAGE)

    def _peak(self, word: str) -> float:
        in_sections = [self._section_gain(word, section) for section in range(len(self.documents))]
        in_articles = [self._article_gain(word, article) for article in range(len(self.articles))]
        rarest = log(1 + (len(self.documents) - 0.5) / 1.5)
        return max(in_sections) + max(in_articles) or UNKNOWN_PEAK * rarest


def _cut(text: str) -> list[str]:
    return [word.text for word in words(text, "en")]


def _nearness(text: str, document: IndexDocument, encoder: Encoder) -> float:
    """Return how near a section of one passage is: half by its text below its heading, half by the heading alone."""
    parts = [document.title, document.headings]
    head = ". ".join(dict.fromkeys(part for part in parts if part))
    whole_text = f"{head}. {document.body}" if head and document.body else head or document.body
    texts = [text, whole_text, head or whole_text]
    asked, whole, above = encoder.encode(texts).astype(np.float16).astype(float).tolist()
    asked = encoder.encode([text])[0].tolist()
    return sum(a * (b + c) / 2 for a, b, c in zip(asked, whole, above, strict=True))
