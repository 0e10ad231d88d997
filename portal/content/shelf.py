"""Shelf: the finished pages of one reading level, in one read-only SQLite file."""

import difflib
import heapq
import json
import threading
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from portal.content.finished_file import FinishedFile
from portal.content.page import Asset, Card, Facets, Neighbour, Page, Place, SiteFiles, TopicOnShelf, Translation
from portal.content.shelf_rows import (
    NO_TOPIC,
    article_url,
    read_card,
    read_facets,
    read_page,
    read_place,
    read_site_files,
    read_topic,
)

__all__ = ["NO_TOPIC", "Shelf", "article_url"]

NEAR_ENOUGH = 0.6
"""Least likeness (letters in common, 0-1, and share of words, 0-1) at which an address is offered for a lost one."""
MOST_RECENT = 50
"""As many of the articles that changed last are remembered."""
Answer = TypeVar("Answer")
_SHOWN = "lang = ? AND kind = 'article'"


class Shelf:
    """Read-only; safe for threads. What every page asks for is worked out once, as a shelf never changes."""

    def __init__(self, path: Path) -> None:
        """path: the file that `shelf_maker` made; its assets lie in `assets/` two folders up."""
        self._assets = path.parent.parent / "assets"
        self._file = FinishedFile(path)
        self._known: dict[tuple[str, str | None], Any] = {}
        self._learning = threading.RLock()

    def page(self, article_id: str) -> Page | None:
        """Return a whole article; None where there is none on this shelf."""
        columns = "card, page, lang, topic, place, sibling"
        row = self._file.one(f"SELECT {columns} FROM articles JOIN pages USING (id) WHERE id = ?", article_id)
        if row is None:
            return None
        card, body, lang, topic, place, sibling = row
        return Page(
            card=read_card(card),
            translations=self._translations(sibling, article_id),
            earlier=self._neighbour(lang, topic, place, step=-1),
            later=self._neighbour(lang, topic, place, step=1),
            related=self._related(article_id),
            **read_page(body),
        )

    def find(self, lang: str, slug: str) -> str | None:
        """Return the id of the article at this address."""
        row = self._file.one("SELECT id FROM articles WHERE lang = ? AND slug = ?", lang, slug)
        return row[0] if row else None

    def redirect(self, lang: str, slug: str) -> str | None:
        """Return today's URL path of an article that once was at this address."""
        row = self._file.one("SELECT article FROM redirects WHERE lang = ? AND slug = ?", lang, slug)
        return self.url(row[0]) if row else None

    def url(self, article_id: str) -> str | None:
        """Return an article's URL path."""
        row = self._file.one("SELECT lang, slug FROM articles WHERE id = ?", article_id)
        return article_url(row[0], row[1]) if row else None

    def languages(self) -> tuple[str, ...]:
        """Return the help centre's languages, the default first, those with articles on this shelf."""
        return self._languages

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        """Every request asks for them."""
        wanted: list[str] = json.loads(self._file.meta("languages"))
        have = {row[0] for row in self._file.all("SELECT DISTINCT lang FROM articles")}
        return tuple(lang for lang in wanted if lang in have) or tuple(wanted[:1]) or ("en",)

    def topics(self, lang: str) -> tuple[TopicOnShelf, ...]:
        """Return the topics that have articles in this language, in the company's order."""
        return self._once("topics", lang, lambda: self._count_topics(lang))

    def in_topic(self, lang: str, topic: str | None, *, offset: int = 0, limit: int | None = None) -> tuple[Card, ...]:
        """Return a topic's articles in the writers' order, all of them without `limit`.

        topic: None is for those without a topic.
        """
        rows = f"SELECT card FROM articles WHERE {_SHOWN} AND topic = ? ORDER BY place LIMIT ? OFFSET ?"
        most = -1 if limit is None else max(limit, 0)
        return self._cards(rows, lang, topic or "", most, max(offset, 0))

    def beside(self, article_id: str, most: int) -> tuple[Neighbour, ...]:
        """Return the articles of its topic around an article, and itself: at most `most`, itself near the middle.

        Empty for what has no topic, and for notices.
        """
        row = self._file.one("SELECT lang, topic, place FROM articles WHERE id = ? AND kind = 'article'", article_id)
        if row is None or not row[1]:
            return ()
        where = f"FROM articles WHERE {_SHOWN} AND topic = ?"
        total = int(self._file.all(f"SELECT COUNT(*) {where}", *row[:2])[0][0])
        before = int(self._file.all(f"SELECT COUNT(*) {where} AND place < ?", *row)[0][0])
        first = min(max(before - most // 2, 0), max(total - most, 0))
        rows = self._file.all(f"SELECT id, slug, title {where} ORDER BY place LIMIT ? OFFSET ?", *row[:2], most, first)
        return tuple(Neighbour(key, article_url(row[0], slug), title) for key, slug, title in rows)

    def recent(self, lang: str, limit: int) -> tuple[Card, ...]:
        """Return the articles that were changed last, the latest first."""
        rows = f"SELECT card FROM articles WHERE {_SHOWN} ORDER BY updated DESC, id LIMIT ?"
        if limit > MOST_RECENT:
            return self._cards(rows, lang, limit)
        return self._once("recent", lang, lambda: self._cards(rows, lang, MOST_RECENT))[: max(limit, 0)]

    def notices(self, lang: str) -> tuple[Card, ...]:
        """Return what is to be said to everybody, the newest first."""
        rows = "SELECT card FROM articles WHERE lang = ? AND kind = 'notice' ORDER BY updated DESC, id"
        return self._once("notices", lang, lambda: self._cards(rows, lang))

    def counterparts(self, slug: str) -> tuple[Card, ...]:
        """Return what is at this very slug in any language, the default language first."""
        marks = ",".join("?" * len(self._languages))
        cards = self._cards(f"SELECT card FROM articles WHERE lang IN ({marks}) AND slug = ?", *self._languages, slug)
        return tuple(sorted(cards, key=lambda card: self._languages.index(card.lang)))

    def facets(self, lang: str) -> Facets:
        """Return what this language's articles can be narrowed by."""
        return self._once("facets", lang, lambda: read_facets(json.loads(self._file.meta("facets")).get(lang, {})))

    def places(self) -> tuple[Place, ...]:
        """Return every article and notice, as the home pages have them: by language, topic and the writers' order."""
        listed = json.loads(self._file.meta("topics"))
        ranks = {(lang, one["slug"]): rank for lang, some in listed.items() for rank, one in enumerate(some)}
        languages = {lang: rank for rank, lang in enumerate(self._languages)}
        rows = self._file.all("SELECT lang, topic, place, card, sibling FROM articles")
        rows.sort(key=lambda row: (languages[row[0]], ranks.get((row[0], row[1]), len(ranks)), row[2]))
        return tuple(read_place(card, sibling) for _, _, _, card, sibling in rows)

    @cached_property
    def site_files(self) -> SiteFiles:
        """The company's own logo, icon and stylesheet."""
        return read_site_files(self._file.meta("site_files"))

    def cards(self, ids: Collection[str]) -> dict[str, Card]:
        """Return the cards of those ids that are on this shelf."""
        marks = ",".join("?" * len(ids))
        cards = self._cards(f"SELECT card FROM articles WHERE id IN ({marks})", *ids)
        return {card.id: card for card in cards}

    def count(self, lang: str | None = None) -> int:
        """Return how many articles there are, in one language or in all."""
        rows = "SELECT COUNT(*) FROM articles WHERE ?1 IS NULL OR lang = ?1"
        return int(self._once("count", lang, lambda: self._file.all(rows, lang)[0][0]))

    def listing(self, *, after: str, limit: int, lang: str | None = None) -> tuple[Card, ...]:
        """Return cards by id, those that come after the id `after`."""
        where = "id > ?1 AND (?3 IS NULL OR lang = ?3) ORDER BY id LIMIT ?2"
        return self._cards(f"SELECT card FROM articles WHERE {where}", after, limit, lang)

    def nearest(self, lang: str, slug: str, limit: int) -> tuple[Card, ...]:
        """Return the articles whose addresses are most like `slug`; empty where none is at all."""
        rows = self._file.all(f"SELECT slug, id FROM articles WHERE {_SHOWN}", lang)
        name = slug[-200:].rpartition("/")[2]
        words = set(name.split("-"))
        by_name = {row[1]: row[0].rpartition("/")[2] for row in rows}
        shared = {key: len(words & set(other.split("-"))) / len(words) for key, other in by_name.items()}
        likely = heapq.nlargest(50, by_name, key=lambda key: (shared[key], key))
        scores = {key: difflib.SequenceMatcher(None, name, by_name[key]).ratio() + shared[key] for key in likely}
        best = [key for key in heapq.nlargest(limit, scores, key=scores.__getitem__) if scores[key] >= NEAR_ENOUGH]
        cards = self.cards(best)
        return tuple(cards[key] for key in best)

    def asset(self, key: str) -> Asset | None:
        """Return a file that an article of this shelf shows or offers."""
        row = self._file.one("SELECT file, media_type, name FROM assets WHERE key = ?", key)
        return Asset(self._assets / row[0], row[1], row[2], key) if row else None

    def prints(self) -> dict[str, str]:
        """Return a fingerprint of each article's words and place by id."""
        return dict(self._file.all("SELECT id, words_print FROM articles"))

    def by_path(self) -> dict[str, str]:
        """Return the id of each article by its file in the content. Reads every page; not for requests."""
        return dict(self._file.all("SELECT json_extract(page, '$.path'), id FROM pages"))

    def close(self) -> None:
        """Close this thread's connection; the others close with their threads."""
        self._file.close()

    def _once(self, question: str, lang: str | None, work_out: Callable[[], Answer]) -> Answer:
        """Remember an answer; those of languages that are not here are not kept, or anybody could fill the memory."""
        key = (question, lang)
        if key not in self._known:
            with self._learning:
                answer = self._known[key] if key in self._known else work_out()
                if lang is not None and lang not in self._languages:
                    return answer
                self._known[key] = answer
        found: Answer = self._known[key]
        return found

    def _count_topics(self, lang: str) -> tuple[TopicOnShelf, ...]:
        rows = self._file.all(f"SELECT topic, COUNT(*) FROM articles WHERE {_SHOWN} GROUP BY topic", lang)
        counts = dict(rows)
        known = json.loads(self._file.meta("topics")).get(lang, [])
        return tuple(read_topic(entry, lang, counts[entry["slug"]]) for entry in known if counts.get(entry["slug"]))

    def _related(self, article_id: str) -> tuple[Card, ...]:
        if not self._has_related:
            return ()
        row = self._file.one("SELECT others FROM related WHERE id = ?", article_id)
        ids: list[str] = json.loads(row[0]) if row else []
        cards = self.cards(ids)
        return tuple(cards[key] for key in ids if key in cards)

    @cached_property
    def _has_related(self) -> bool:
        return self._file.has_table("related")

    def _translations(self, sibling: str, article_id: str) -> tuple[Translation, ...]:
        query = "SELECT lang, slug, title FROM articles WHERE sibling = ? AND id <> ? ORDER BY lang"
        rows = self._file.all(query, sibling, article_id)
        return tuple(Translation(lang, article_url(lang, slug), title) for lang, slug, title in rows)

    def _neighbour(self, lang: str, topic: str, place: int, *, step: int) -> Card | None:
        sides = ("place < ? ORDER BY place DESC", "place > ? ORDER BY place")
        where = f"{_SHOWN} AND topic = ? AND topic <> '' AND {sides[step > 0]} LIMIT 1"
        cards = self._cards(f"SELECT card FROM articles WHERE {where}", lang, topic, place)
        return cards[0] if cards else None

    def _cards(self, query: str, *values: object) -> tuple[Card, ...]:
        return tuple(read_card(row[0]) for row in self._file.all(query, *values))
