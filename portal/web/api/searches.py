"""`/api/v1/search`, `/complete` and `/match`: what answers a question, a beginning, a whole message."""

from flask import Response, jsonify
from limits import RateLimitItemPerMinute

from portal import clock
from portal.audience import Level
from portal.bootstrap import Portal
from portal.events.kinds import Where
from portal.links import store
from portal.links.address import short_path
from portal.programs.scopes import Scope
from portal.search.hits import Query
from portal.web import caching, picking, programs, recording
from portal.web.access import level_reader
from portal.web.api import shapes
from portal.web.api.article_shapes import (
    CompleteQuery,
    Completions,
    Message,
    Record,
    Results,
    SearchQuery,
    Suggestion,
    Suggestions,
)
from portal.web.api.members import first_language, language_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.context import site, the
from portal.web.limits import Limits, client_address
from portal.web.parameters import asked, name

TAG = "Search"

bp = resource("searches", "")


@bp.get("/search")
@operation(TAG, Scope.ARTICLES_READ, answer=Results, is_open=True, own_limit=True)
def search(query: SearchQuery) -> Response:
    """Return hits for `q`; without words there are none, and that is no error.

    A program gets no cookie: each of its searches is a visitor's of its own, unless it sends a browser's key along.
    """
    wanted = Query(
        text=asked(),
        lang=language_of(query.lang) or first_language(),
        topic=name("topic"),
        tag=name("tag"),
        product=name("product"),
        stage=query.stage,
        is_verbatim=query.verbatim == "1",
    )
    _count("search", site().limits.searches_per_minute)
    results = level_reader().search(wanted, offset=query.offset, limit=query.limit)
    return caching.never_kept(jsonify(shapes.of_results(results, recording.record_search(results, Where.API))))


@bp.get("/complete")
@operation(TAG, Scope.ARTICLES_READ, answer=Completions, is_open=True, own_limit=True)
def complete(query: CompleteQuery) -> Response:
    """Return titles, other names, past queries and headings that begin as `q` does."""
    text, lang = asked(), language_of(query.lang) or first_language()
    _count("completion", site().limits.completions_per_minute)
    past = the(Portal).overlay.current().asked.get(lang, ())
    found = level_reader().complete(text, lang, query.limit, past) if text else ()
    return caching.never_kept(jsonify({"q": text, "completions": [shapes.of_completion(one) for one in found]}))


@bp.post("/match")
@operation(TAG, Scope.ARTICLES_READ, answer=Suggestions, is_open=True)
def match(json: Message) -> Suggestions:
    """Return the articles that a customer's whole message may be about, the best first. Nothing of it is kept."""
    lang = language_of(json.lang) or first_language()
    found = picking.suggest(json.text, lang=lang, level=Level.PUBLIC, limit=json.limit)
    may_count = programs.has(Scope.LINKS_WRITE)
    return Suggestions(suggestions=tuple(_suggestion(one, may_count=may_count) for one in found))


def _suggestion(one: picking.Suggestion, *, may_count: bool) -> Suggestion:
    record = one.record
    return Suggestion(
        article=one.article, title=one.title, lang=one.lang, url=one.url,
        short_url=short_path(one.article, section=one.anchor), anchor=one.anchor, heading=one.heading,
        snippet=one.snippet, topic=one.topic, because=one.because,
        record=of_record(record) if may_count and one.is_known else None,
        is_readable=one.is_readable, audience=one.audience, updated_at=one.updated_at,
        score=round(one.score, shapes.PLACES),
    )  # fmt: skip


def of_record(record: store.Record) -> Record:
    """Return what came of sending an article."""
    return Record(
        sent=record.sent, opened=record.opened, helpful=record.helpful, unhelpful=record.unhelpful,
        came_back=record.came_back,
    )  # fmt: skip


def _count(what: str, most: int) -> None:
    """Count what has a limit of its own, which programs without a token share with browsers."""
    if not programs.has_token():
        limit = RateLimitItemPerMinute(most)
        the(Limits).count(limit, what, address=client_address(), today=clock.now().date())
