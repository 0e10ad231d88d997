"""Counts: how often which word stands in which field of which section or article, sorted by word.

This is what BM25F needs to know. It is written beside the Whoosh index, so that after an edit only the changed
articles are cut into words again; everything that depends on the whole is worked out anew from the counts.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from portal.search.document import IndexDocument
from portal.search.schema import ARTICLE_FIELDS, SECTION_FIELDS, exact
from portal.search.words.analysed import analysed

ARTICLE_KINDS = (*ARTICLE_FIELDS, "filters")
"""Fields that speak for an article as a whole, by number; `filters` holds what can be filtered by, and no score."""
SECTION_KINDS = SECTION_FIELDS
MOST_COUNTED = 65_535


@dataclass(frozen=True, slots=True)
class Rows:
    """One row for each word, unit and field: `at[w]:at[w + 1]` are word w's rows, by unit, then by field."""

    at: NDArray[np.int64]
    units: NDArray[np.int32]
    fields: NDArray[np.uint8]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]
    """(field, unit): words, forms counted."""


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts of one index. Sections of an article follow one another; words are sorted."""

    words: tuple[str, ...]
    articles: tuple[str, ...]
    """Ids by article number."""
    first_section: NDArray[np.int32]
    article_of: NDArray[np.int32]
    by_section: Rows
    by_article: Rows


def filter_word(field: str, value: str) -> str:
    """Return the word that stands for a filter's value; no text has such a word, for it has a control sign."""
    return f"\x01{field}\x1f{exact(field, value)}"


def title_key(mains: Sequence[str]) -> str:
    """Return what two titles of the same words have in common, as the value of the filter `title`."""
    return " ".join(mains)


def count(documents: Iterable[IndexDocument], lang: str) -> Counts:
    """Count the words of articles; the sections of each follow one another."""
    tally = Tally(lang)
    for _, sections in groupby(documents, key=lambda one: one.article):
        tally.add(list(sections))
    return tally.counts()


class Tally:
    """Counts while articles come in."""

    def __init__(self, lang: str) -> None:
        """lang: BCP 47 tag."""
        self._lang = lang
        self._numbers: dict[str, int] = {}
        self._articles: list[str] = []
        self._article_of: list[int] = []
        self._first: list[int] = []
        self._rows: dict[bool, tuple[list[int], list[int], list[int], list[int]]] = {
            is_article: ([], [], [], []) for is_article in (False, True)
        }
        self._lengths: dict[bool, list[list[int]]] = {False: [], True: []}

    def add(self, sections: Sequence[IndexDocument]) -> None:
        """Count one article's sections, all of them, in order."""
        first, article = sections[0], len(self._articles)
        self._first.append(len(self._article_of))
        self._articles.append(first.article)
        texts = {"title": first.title, "aka": first.aka, "tags": "\n".join(first.tags), "summary": first.summary}
        filters = _filters(first, self._lang)
        told = [self._words(texts[name]) for name in ARTICLE_FIELDS] + [Counter(filters)]
        self._put(article, told, is_article=True)
        for one in sections:
            self._put(len(self._article_of), [self._words(one.headings), self._words(one.body)], is_article=False)
            self._article_of.append(article)

    def counts(self) -> Counts:
        """Return what was counted so far."""
        ordered = sorted(self._numbers)
        rank = np.empty(len(ordered), np.int64)
        rank[[self._numbers[word] for word in ordered]] = np.arange(len(ordered))
        rows = {
            is_article: _sorted_rows(rank, self._rows[is_article], self._lengths[is_article], is_article=is_article)
            for is_article in (False, True)
        }
        return Counts(
            tuple(ordered),
            tuple(self._articles),
            np.array(self._first, np.int32),
            np.array(self._article_of, np.int32),
            rows[False],
            rows[True],
        )

    def _words(self, text: str) -> Counter[str]:
        return Counter([word.text for word in analysed(text, self._lang)])

    def _put(self, unit: int, told: Sequence[Mapping[str, int]], *, is_article: bool) -> None:
        numbers, units, fields, counts = self._rows[is_article]
        for field, counted in enumerate(told):
            numbers += [self._numbers.setdefault(word, len(self._numbers)) for word in counted]
            units += [unit] * len(counted)
            fields += [field] * len(counted)
            counts += counted.values()
        self._lengths[is_article].append([sum(counted.values()) for counted in told])


def _filters(first: IndexDocument, lang: str) -> list[str]:
    names = [first.title, *first.aka.split("\n")]
    given = [("title", title_key([word.text for word in analysed(name, lang) if word.is_main])) for name in names]
    given += [("topic", first.topic), ("stage", first.stage)]
    given += [("tag", tag) for tag in first.tags] + [("product", product) for product in first.products]
    return [filter_word(field, value) for field, value in given if value]


def _sorted_rows(
    rank: NDArray[np.int64], rows: tuple[list[int], ...], lengths: list[list[int]], *, is_article: bool
) -> Rows:
    numbers, units, fields, counts = (np.array(part, np.int64) for part in rows)
    ranked = rank[numbers] if len(numbers) else numbers
    order = np.argsort(ranked, kind="stable")  # they came by unit, then by field
    at = np.zeros(len(rank) + 1, np.int64)
    np.cumsum(np.bincount(ranked, minlength=len(rank)), out=at[1:])
    width = len(ARTICLE_KINDS if is_article else SECTION_KINDS)
    return Rows(
        at,
        units[order].astype(np.int32),
        fields[order].astype(np.uint8),
        np.minimum(counts[order], MOST_COUNTED).astype(np.uint16),
        np.array(lengths, np.int32).reshape(-1, width).T.copy(),
    )


def replace_articles(counts: Counts, removed: Collection[str], fresh: Counts) -> Counts:
    """Return counts without the articles `removed`, and with those of `fresh` behind the others.

    Words that stand nowhere any more are gone. Numbers of sections and articles that stay close up, in their order.
    """
    kept_articles = np.array([one not in removed for one in counts.articles], bool)
    kept_sections = kept_articles[counts.article_of] if len(kept_articles) else np.zeros(0, bool)
    said, old_rank, new_rank = _joined_words(counts.words, fresh.words)
    ranks = (old_rank, new_rank, len(said))
    by_section = _joined_rows(counts.by_section, kept_sections, fresh.by_section, ranks)
    by_article = _joined_rows(counts.by_article, kept_articles, fresh.by_article, ranks)
    said, by_section, by_article = _without_idle_words(said, by_section, by_article)
    articles = (*(one for one, kept in zip(counts.articles, kept_articles, strict=True) if kept), *fresh.articles)
    renumbered = np.cumsum(kept_articles) - 1
    article_of = np.concatenate(
        [renumbered[counts.article_of[kept_sections]], fresh.article_of + int(kept_articles.sum())]
    )
    first_section = np.searchsorted(article_of, np.arange(len(articles)))
    return Counts(said, articles, first_section.astype(np.int32), article_of.astype(np.int32), by_section, by_article)


def _joined_words(
    old: tuple[str, ...], new: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]:
    """Return both vocabularies as one, and the place in it of each old and each new word."""
    known = set(old)
    added = [word for word in new if word not in known]
    joined = sorted([*old, *added]) if added else list(old)
    place = {word: number for number, word in enumerate(joined)}
    old_rank = np.fromiter((place[word] for word in old), np.int64, len(old)) if added else np.arange(len(old))
    return tuple(joined), old_rank, np.fromiter((place[word] for word in new), np.int64, len(new))


def _joined_rows(
    old: Rows, kept: NDArray[np.bool_], new: Rows, ranks: tuple[NDArray[np.int64], NDArray[np.int64], int]
) -> Rows:
    """Put the new rows of each word behind its old ones: their units come after all others."""
    old_rank, new_rank, many = ranks
    stays = kept[old.units] if len(old.units) else np.zeros(0, bool)
    old_word = np.repeat(old_rank, np.diff(old.at))[stays]
    new_word = np.repeat(new_rank, np.diff(new.at))
    places = np.searchsorted(old_word, new_word, side="right")
    close_up = (np.cumsum(kept) - 1).astype(np.int32)
    shift = np.int32(kept.sum())
    at = np.zeros(many + 1, np.int64)
    tally = np.bincount(old_word, minlength=many) + np.bincount(new_word, minlength=many)
    np.cumsum(tally, out=at[1:])
    return Rows(
        at,
        np.insert(close_up[old.units[stays]] if len(close_up) else old.units[stays], places, new.units + shift),
        np.insert(old.fields[stays], places, new.fields),
        np.insert(old.counts[stays], places, new.counts),
        np.concatenate([old.lengths[:, kept], new.lengths], axis=1),
    )


def _without_idle_words(said: tuple[str, ...], *rows: Rows) -> tuple[tuple[str, ...], Rows, Rows]:
    used = (np.diff(rows[0].at) > 0) | (np.diff(rows[1].at) > 0)
    if used.all():
        return said, rows[0], rows[1]
    ends = np.concatenate([[True], used])
    first, second = (Rows(one.at[ends], one.units, one.fields, one.counts, one.lengths) for one in rows)
    return tuple(word for word, is_used in zip(said, used.tolist(), strict=True) if is_used), first, second
