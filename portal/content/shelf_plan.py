"""Shelf plan: all that one level may see, and how each article is written down for its shelf."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import unescape

from portal.content.identity import Entry
from portal.content.knowledge_base import KnowledgeBase
from portal.content.links import Addresses, Medium
from portal.content.page import SiteFiles
from portal.content.rendered import Rendered
from portal.content.shelf_rows import article_url
from portal.text import cut

WORDS_A_MINUTE = 220
"""Silent reading of non-fiction, rounded down: Brysbaert 2019, 238 words a minute in English."""
SUMMARY_LENGTH = 200
_RASTER_IMAGE = re.compile(r'<img\b[^>]*? src="(/assets/[^"]+\.(?:png|jpe?g|gif|webp|avif))"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShelfPlan:
    """All that one level may see, ready to be written."""

    base: KnowledgeBase
    entries: Mapping[str, Entry]
    addresses: Addresses
    addresses_print: str
    """`addresses.fingerprint()`, asked once."""
    media: Collection[tuple[Medium, str, str]]
    """(medium, file in the generation's `assets/`, media type)."""
    site_files: SiteFiles


def prints_of(entry: Entry, plan: ShelfPlan) -> tuple[str, str]:
    """Fingerprint what is searched in an article, and all that its page shows."""
    article, past = entry.article, entry.past
    topic = topic_name(entry, plan) or ""
    words = (plan.base.recipe, article.blob, article.path, repr(entry.used), entry.id, topic)
    page = (past.revision, past.updated_at.isoformat(), repr((past.authors, entry.visibility, entry.is_last_good)))
    return _hash(*words), _hash(*words, *page, plan.addresses_print)


def row_of(
    entry: Entry, prints: tuple[str, str], sibling: str, plan: ShelfPlan, rendered: Rendered
) -> tuple[object, ...]:
    """Return the row of the shelf's `articles`; the place is settled afterwards, for all together."""
    article = entry.article
    return (
        entry.id,
        article.lang,
        article.slug,
        article.topic or "",
        -1,
        sibling,
        article.kind,
        article.title,
        entry.past.updated_at.timestamp(),
        *prints,
        json.dumps(_card(entry, rendered, plan), ensure_ascii=False),
    )


def _card(entry: Entry, rendered: Rendered, plan: ShelfPlan) -> dict[str, object]:
    article = entry.article
    return {
        "id": entry.id,
        "title": article.title,
        "summary": summary_of(entry, rendered),
        "url": article_url(article.lang, article.slug),
        "lang": article.lang,
        "topic": article.topic,
        "topic_name": topic_name(entry, plan),
        "tags": article.tags,
        "products": article.products,
        "kind": article.kind,
        "audience": entry.visibility.audience,
        "status": entry.visibility.status,
        "updated_at": entry.past.updated_at.isoformat(),
        "revision": entry.past.revision or article.blob,
        "stage": article.stage,
    }


def page_of(entry: Entry, plan: ShelfPlan, rendered: Rendered) -> str:
    """Return the page of the shelf's `pages`, as JSON: what only a whole article shows."""
    words = sum(len(section.text.split()) for section in rendered.sections)
    sections = [section for section in rendered.sections if section.anchor]
    html = plan.addresses.resolve(rendered.html)
    image = _RASTER_IMAGE.search(html)
    page = {
        "html": html,
        "headings": [(section.anchor, section.heading, section.depth) for section in sections],
        "authors": entry.past.authors,
        "created_at": entry.past.created_at.isoformat(),
        "reading_minutes": max(1, round(words / WORDS_A_MINUTE)),
        "path": entry.article.path,
        "markdown": plan.addresses.in_markdown(rendered.markdown, entry.article.path),
        "image": unescape(image[1]) if image else "",
        "is_last_good": entry.is_last_good,
        "review_by": entry.article.review_by.isoformat() if entry.article.review_by else None,
        "owner": entry.article.owner or "",
    }
    return json.dumps(page, ensure_ascii=False)


def summary_of(entry: Entry, rendered: Rendered) -> str:
    """Return the writer's summary, or the beginning of the text."""
    first = next((section.text for section in rendered.sections if section.text), "")
    return entry.article.summary or cut(" ".join(first.split()), SUMMARY_LENGTH)


def topic_name(entry: Entry, plan: ShelfPlan) -> str | None:
    """Return the name of an article's topic: the company's, else its folder's."""
    article = entry.article
    return plan.base.site.topic_name(article.topic, article.lang) or article.topic_name if article.topic else None


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:20]
