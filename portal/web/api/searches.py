"""`GET /api/v1/search` and `/api/v1/complete`."""

from flask import Blueprint, Response, jsonify
from limits import RateLimitItemPerMinute

from portal import clock
from portal.bootstrap import Portal
from portal.events.kinds import Where
from portal.search.hits import STAGES, Query
from portal.web import caching, recording
from portal.web.access import level_reader
from portal.web.api import shapes
from portal.web.api.parameters import language
from portal.web.context import site, the
from portal.web.limits import Limits, client_address
from portal.web.parameters import MOST_OFFSET, PAGE, asked, name, one_of, whole

MOST_HITS = 50
COMPLETIONS, MOST_COMPLETIONS = 8, 20

bp = Blueprint("api_searches", __name__, url_prefix="/api/v1")


@bp.get("/search")
def search() -> Response:
    """Return hits for `q`; without words there are none, and that is no error.

    A program gets no cookie: each of its searches is a visitor's of its own, unless it sends a browser's key along.
    """
    query = Query(
        text=asked(),
        lang=language(),
        topic=name("topic"),
        tag=name("tag"),
        product=name("product"),
        stage=one_of("stage", STAGES),
        is_verbatim=one_of("verbatim", ("0", "1")) == "1",
    )
    offset, limit = whole("offset", 0, 0, MOST_OFFSET), whole("limit", PAGE, 1, MOST_HITS)
    _count("search", site().limits.searches_per_minute)
    results = level_reader().search(query, offset=offset, limit=limit)
    return caching.never_kept(jsonify(shapes.of_results(results, recording.record_search(results, Where.API))))


@bp.get("/complete")
def complete() -> Response:
    """Return titles, other names, past queries and headings that begin as `q` does."""
    text, lang = asked(), language()
    limit = whole("limit", COMPLETIONS, 1, MOST_COMPLETIONS)
    _count("completion", site().limits.completions_per_minute)
    past = the(Portal).overlay.current().asked.get(lang, ())
    found = level_reader().complete(text, lang, limit, past) if text else ()
    return caching.never_kept(jsonify({"q": text, "completions": [shapes.of_completion(one) for one in found]}))


def _count(what: str, most: int) -> None:
    limit = RateLimitItemPerMinute(most)
    the(Limits).count(limit, what, address=client_address(), today=clock.now().date())
