"""A larger collection than there is: the real one's articles again and again, with other words in them."""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks.material import Repository
from portal.clock import now
from portal.content.compiled import CompiledStore
from portal.pipeline import check
from portal.search.document import IndexDocument
from portal.search.level_index import documents_of
from portal.settings import Settings

COMMON = 500
"""The words that stand most often in the collection; these stay as they are in every copy, as they would."""
HOW = (
    f"Sections beyond the collection's own are its articles again: in each copy every word but the {COMMON} most "
    "frequent has, with a chance of one half, an ending of that copy, so that the vocabulary grows too. "
    "Vectors of sections are made up; queries are encoded."
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_LETTERS = "bdfgklmprv"


class Article(NamedTuple):
    """All sections of one article."""

    sections: tuple[IndexDocument, ...]


def articles_of(repository: Repository, data: Path, lang: str) -> list[Article]:
    """Compile a collection, publishing nothing, and cut its articles in one language as an index gets them."""
    settings = Settings(content=str(repository.folder), data=data)
    base = check(settings, at=now())
    with CompiledStore(data / "cache" / "checked.sqlite") as store:
        entries = [entry for entry in base.entries.values() if entry.article.lang == lang]
        return [
            Article(tuple(documents_of(entry, store.rendered(entry.article.path, entry.article.blob))))
            for entry in entries
        ]


def grown(articles: Sequence[Article], wanted: int) -> list[IndexDocument]:
    """Return whole articles, in an order drawn once, until there are `wanted` sections; then changed copies of them."""
    order = random.Random(11).sample(articles, len(articles))
    common = _most_frequent(articles)
    documents: list[IndexDocument] = []
    for copy, article in _without_end(order):
        if len(documents) >= wanted:
            break
        documents += [_changed(one, copy, common) for one in article.sections] if copy else article.sections
    return documents


def _without_end(articles: Sequence[Article]) -> Iterator[tuple[int, Article]]:
    copy = 0
    while True:
        yield from ((copy, article) for article in articles)
        copy += 1


def _most_frequent(articles: Sequence[Article]) -> frozenset[str]:
    counts = Counter(
        word.casefold() for article in articles for one in article.sections for word in _WORD.findall(one.body)
    )
    return frozenset(word for word, _ in counts.most_common(COMMON))


def _changed(document: IndexDocument, copy: int, common: frozenset[str]) -> IndexDocument:
    """Return another article's section that says something like it; the same word always changes alike in one copy."""
    ending = "zo" + "".join(_LETTERS[int(digit)] for digit in str(copy)) + "kt"

    def change(found: re.Match[str]) -> str:
        word = found[0]
        folded = word.casefold()
        is_kept = folded in common or _toss(folded, copy)
        return word if is_kept else f"{word}{ending}"

    def other(text: str) -> str:
        return _WORD.sub(change, text)

    return replace(
        document,
        article=f"{document.article}~{copy}",
        title=other(document.title),
        aka=other(document.aka),
        headings=other(document.headings),
        summary=other(document.summary),
        body=other(document.body),
    )


def _toss(word: str, copy: int) -> bool:
    return hashlib.blake2b(f"{copy} {word}".encode(), digest_size=1).digest()[0] % 2 == 0
