"""`/api/v1/articles`: lists of them, and each one whole."""

import json

from flask import Response

from portal.programs.scopes import Scope
from portal.web import access, caching
from portal.web.api import shapes
from portal.web.api.article_shapes import Article, Articles, ArticlesQuery
from portal.web.api.members import language_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource

TAG = "Articles"

bp = resource("articles", "/articles")


@bp.get("")
@operation(TAG, Scope.ARTICLES_READ, answer=Articles, is_open=True)
def list_articles(query: ArticlesQuery) -> Response:
    """List articles by id, `limit` at a time; `next_cursor` leads to those that follow, null at the end."""
    limit, lang = query.limit, language_of(query.lang)
    cards = access.shelf().listing(after=query.cursor or "", limit=limit + 1, lang=lang)
    body = {
        "articles": [shapes.of_card(card) for card in cards[:limit]],
        "next_cursor": cards[limit - 1].id if len(cards) > limit else None,
    }
    return _kept(json.dumps(body, ensure_ascii=False))


@bp.get("/<article_id>")
@operation(TAG, Scope.ARTICLES_READ, answer=Article, is_open=True)
def read_article(article_id: str) -> Response:
    """Read one whole article."""
    page = access.page_for(article_id)
    return _kept(json.dumps(shapes.of_article(page), ensure_ascii=False))


def _kept(body: str) -> Response:
    """Answer with what a generation decides; a cache between must know that a token may change it."""
    response = caching.answer(lambda: body, "application/json")
    response.vary.add("Authorization")
    return response
