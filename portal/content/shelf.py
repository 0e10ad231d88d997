"""Shelf: the finished pages of one reading level, in one read-only SQLite file."""

import difflib
import heapq
import json
import sqlite3
import threading
import weakref
from collections.abc import Collection
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from portal.content.page import Asset, Card, Heading, Page, TopicOnShelf, Translation

NO_TOPIC = "more"
"""The address of what has no topic: `/<lang>/topics/more`."""
NEAR_ENOUGH = 0.6
"""Least likeness (letters in common, 0-1, and share of words, 0-1) at which an address is offered for a lost one."""


class _Owner:
    """Goes with its thread or its shelf, and closes that thread's connection.

    By itself it would wait for the garbage collector, and an open file keeps the room that a pruned generation took.
    """


class Shelf:
    """Read-only; safe for threads: each opens the file for itself, once."""

    def __init__(self, path: Path) -> None:
        """path: the file that `shelf_maker` made; its assets lie in `assets/` two folders up."""
        self._path = path
        self._local = threading.local()

    def page(self, article_id: str) -> Page | None:
        """Return a whole article; None where there is none on this shelf."""
        columns = "card, page, lang, topic, place, sibling"
        row = self._one(f"SELECT {columns} FROM articles JOIN pages USING (id) WHERE id = ?", article_id)
        if row is None:
            return None
        card, body, lang, topic, place, sibling = row
        return Page(
            card=_card(card),
            translations=self._translations(sibling, article_id),
            earlier=self._neighbour(lang, topic, place, step=-1),
            later=self._neighbour(lang, topic, place, step=1),
            **_page_fields(body),
        )

    def find(self, lang: str, slug: str) -> str | None:
        """Return the id of the article at this address."""
        row = self._one("SELECT id FROM articles WHERE lang = ? AND slug = ?", lang, slug)
        return row[0] if row else None

    def redirect(self, lang: str, slug: str) -> str | None:
        """Return today's URL path of an article that once was at this address."""
        row = self._one("SELECT article FROM redirects WHERE lang = ? AND slug = ?", lang, slug)
        return self.url(row[0]) if row else None

    def url(self, article_id: str) -> str | None:
        """Return an article's URL path."""
        row = self._one("SELECT lang, slug FROM articles WHERE id = ?", article_id)
        return article_url(row[0], row[1]) if row else None

    def languages(self) -> tuple[str, ...]:
        """Return the help centre's languages, the default first, those with articles on this shelf."""
        return self._languages

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        """Every request asks for them, and a shelf never changes."""
        wanted: list[str] = json.loads(self._meta("languages"))
        have = {row[0] for row in self._all("SELECT DISTINCT lang FROM articles")}
        return tuple(lang for lang in wanted if lang in have) or tuple(wanted[:1]) or ("en",)

    def topics(self, lang: str) -> tuple[TopicOnShelf, ...]:
        """Return the topics that have articles in this language, in the company's order."""
        rows = self._all(
            "SELECT topic, COUNT(*) FROM articles WHERE lang = ? AND kind = 'article' GROUP BY topic", lang
        )
        counts = {row[0]: row[1] for row in rows}
        known = json.loads(self._meta("topics")).get(lang, [])
        return tuple(_topic(entry, lang, counts[entry["slug"]]) for entry in known if counts.get(entry["slug"]))

    def in_topic(self, lang: str, topic: str | None) -> tuple[Card, ...]:
        """Return a topic's articles in the writers' order; None is for those without a topic."""
        where = "lang = ? AND kind = 'article' AND topic = ?"
        return self._cards(f"SELECT card FROM articles WHERE {where} ORDER BY place", lang, topic or "")

    def recent(self, lang: str, limit: int) -> tuple[Card, ...]:
        """Return the articles that were changed last, the latest first."""
        where = "lang = ? AND kind = 'article' ORDER BY updated DESC, id LIMIT ?"
        return self._cards(f"SELECT card FROM articles WHERE {where}", lang, limit)

    def cards(self, ids: Collection[str]) -> dict[str, Card]:
        """Return the cards of those ids that are on this shelf."""
        marks = ",".join("?" * len(ids))
        cards = self._cards(f"SELECT card FROM articles WHERE id IN ({marks})", *ids)
        return {card.id: card for card in cards}

    def count(self, lang: str | None = None) -> int:
        """Return how many articles there are, in one language or in all."""
        row = self._one("SELECT COUNT(*) FROM articles WHERE ?1 IS NULL OR lang = ?1", lang)
        return int(row[0]) if row else 0

    def listing(self, *, after: str, limit: int, lang: str | None = None) -> tuple[Card, ...]:
        """Return cards by id, those that come after the id `after`."""
        where = "id > ?1 AND (?3 IS NULL OR lang = ?3) ORDER BY id LIMIT ?2"
        return self._cards(f"SELECT card FROM articles WHERE {where}", after, limit, lang)

    def nearest(self, lang: str, slug: str, limit: int) -> tuple[Card, ...]:
        """Return the articles whose addresses are most like `slug`; empty where none is at all."""
        rows = self._all("SELECT slug, id FROM articles WHERE lang = ? AND kind = 'article'", lang)
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
        row = self._one("SELECT file, media_type, name FROM assets WHERE key = ?", key)
        return Asset(self._path.parent.parent / "assets" / row[0], row[1], row[2], key) if row else None

    def prints(self) -> dict[str, str]:
        """Return a fingerprint of each article's words and place by id."""
        return dict(self._all("SELECT id, words_print FROM articles"))

    def close(self) -> None:
        """Close this thread's connection; the others close with their threads."""
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection, self._local.owner

    def _translations(self, sibling: str, article_id: str) -> tuple[Translation, ...]:
        query = "SELECT lang, slug, title FROM articles WHERE sibling = ? AND id <> ? ORDER BY lang"
        rows = self._all(query, sibling, article_id)
        return tuple(Translation(lang, article_url(lang, slug), title) for lang, slug, title in rows)

    def _neighbour(self, lang: str, topic: str, place: int, *, step: int) -> Card | None:
        sides = ("place < ? ORDER BY place DESC", "place > ? ORDER BY place")
        where = f"lang = ? AND kind = 'article' AND topic = ? AND topic <> '' AND {sides[step > 0]} LIMIT 1"
        cards = self._cards(f"SELECT card FROM articles WHERE {where}", lang, topic, place)
        return cards[0] if cards else None

    def _meta(self, key: str) -> str:
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return str(row[0]) if row else "{}"

    def _cards(self, query: str, *values: object) -> tuple[Card, ...]:
        return tuple(_card(row[0]) for row in self._all(query, *values))

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection().execute(query, values).fetchone()
        return row

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection().execute(query, values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            self._local.connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._local.owner = _Owner()
            weakref.finalize(self._local.owner, self._local.connection.close)
        connection: sqlite3.Connection = self._local.connection
        return connection


def article_url(lang: str, slug: str) -> str:
    """Return the URL path of an article (`contracts.md`, Addresses)."""
    return f"/{lang}/articles/{quote(slug)}"


def _card(raw: str) -> Card:
    fields = json.loads(raw)
    fields["updated_at"] = datetime.fromisoformat(fields["updated_at"])
    fields["tags"], fields["products"] = tuple(fields["tags"]), tuple(fields["products"])
    return Card(**fields)


def _page_fields(raw: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(raw)
    fields["headings"] = tuple(Heading(*heading) for heading in fields["headings"])
    fields["authors"] = tuple(fields["authors"])
    fields["created_at"] = datetime.fromisoformat(fields["created_at"])
    fields["review_by"] = date.fromisoformat(fields["review_by"]) if fields["review_by"] else None
    return fields


def _topic(entry: dict[str, str], lang: str, count: int) -> TopicOnShelf:
    slug = entry["slug"] or None
    url = f"/{lang}/topics/{quote(slug or NO_TOPIC)}"
    return TopicOnShelf(
        slug=slug, name=entry["name"], summary=entry["summary"], icon=entry["icon"], count=count, url=url
    )
