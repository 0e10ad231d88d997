"""What programs are sent of a card, a hit, an article: these fields and no others."""

from typing import Any

from portal.content.page import Card, Page
from portal.search.hits import Answer, Completion, Hit, ResultPage

Json = dict[str, Any]
PLACES = 4
"""Digits after the point of a score and of a confidence; more would tell of the arithmetic and not of the articles."""


def of_results(results: ResultPage, search_id: str = "") -> Json:
    """Return a page of hits, or what comes nearest where there are none. search_id: empty where none is recorded."""
    return {
        "q": results.query.text,
        "corrected": results.corrected,
        "confidence": None if results.confidence is None else round(results.confidence, PLACES),
        "answer": of_answer(results.answer) if results.answer else None,
        "total": results.total,
        "hits": [of_hit(hit) for hit in results.hits],
        "nearest": [of_hit(hit) for hit in results.nearest],
        "search_id": search_id or None,
        "offset": results.offset,
        "limit": results.limit,
    }


def of_answer(answer: Answer) -> Json:
    """Return the answering passage: `text` is as the article has it, `html` escaped with `<mark>` around matches."""
    return {
        "id": answer.card.id,
        "title": answer.card.title,
        "url": answer.card.url,
        "section_url": answer.section_url,
        "heading": answer.heading,
        "text": str(answer.passage),
        "html": answer.passage.__html__(),
    }


def of_hit(hit: Hit) -> Json:
    """Return an article with its best section; `snippet_html` is escaped text with `<mark>` around matches."""
    card = hit.card
    return {
        "id": card.id,
        "title": card.title,
        "url": card.url,
        "section_url": hit.section_url,
        "short_url": _short_url(card),
        "summary": card.summary,
        "snippet_html": hit.snippet.__html__(),
        "jumps": [{"heading": jump.heading, "url": jump.url} for jump in hit.jumps],
        "topic": card.topic,
        "lang": card.lang,
        "audience": card.audience,
        "updated_at": card.updated_at.isoformat(),
        "score": round(hit.score, PLACES),
    }


def of_completion(completion: Completion) -> Json:
    """Return a suggestion while typing; a past query belongs to no article."""
    return {
        "text": completion.text,
        "url": completion.url,
        "kind": completion.kind,
        "id": completion.article or None,
        "title": completion.title or None,
        "topic": completion.topic,
        "is_corrected": completion.is_corrected,
    }


def of_card(card: Card) -> Json:
    """Return what a list tells of an article."""
    return {
        "id": card.id,
        "title": card.title,
        "summary": card.summary,
        "url": card.url,
        "short_url": _short_url(card),
        "topic": card.topic,
        "tags": list(card.tags),
        "products": list(card.products),
        "stage": card.stage,
        "kind": card.kind,
        "lang": card.lang,
        "audience": card.audience,
        "status": card.status,
        "updated_at": card.updated_at.isoformat(),
        "revision": card.revision,
    }


def of_article(page: Page) -> Json:
    """Return a whole article; its authors and its file's place in the content are not for everybody."""
    return of_card(page.card) | {
        "html": page.html,
        "markdown": page.markdown,
        "headings": [{"anchor": one.anchor, "text": one.text, "depth": one.depth} for one in page.headings],
        "translations": [{"lang": one.lang, "url": one.url, "title": one.title} for one in page.translations],
        "created_at": page.created_at.isoformat(),
        "reading_minutes": page.reading_minutes,
    }


def _short_url(card: Card) -> str:
    return f"/a/{card.id}"
