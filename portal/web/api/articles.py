"""`GET /api/v1/articles` and `/api/v1/articles/<id>`."""

import json

from flask import Blueprint, Response, request

from portal.web import access, caching
from portal.web.api import shapes
from portal.web.api.parameters import language_or_none
from portal.web.parameters import whole

PAGE, MOST = 20, 50

bp = Blueprint("api_articles", __name__, url_prefix="/api/v1/articles")


@bp.get("")
def index() -> Response:
    """Return articles by id, `limit` at a time; `next_cursor` leads to those that follow, null at the end."""
    limit, lang = whole("limit", PAGE, 1, MOST), language_or_none()
    cards = access.shelf().listing(after=request.args.get("cursor", ""), limit=limit + 1, lang=lang)
    body = {
        "articles": [shapes.of_card(card) for card in cards[:limit]],
        "next_cursor": cards[limit - 1].id if len(cards) > limit else None,
    }
    return caching.answer(lambda: json.dumps(body, ensure_ascii=False), "application/json")


@bp.get("/<article_id>")
def show(article_id: str) -> Response:
    """Return one whole article."""
    page = access.page_for(article_id)
    return caching.answer(lambda: json.dumps(shapes.of_article(page), ensure_ascii=False), "application/json")
