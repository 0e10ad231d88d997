"""Searches: a page with its own address, whole or as a fragment."""

from dataclasses import replace

from flask import Blueprint, request
from limits import RateLimitItemPerMinute
from werkzeug.wrappers import Response

from portal import clock
from portal.events.kinds import Where
from portal.search.hits import Query, ResultPage
from portal.search.products import reorder
from portal.web import caching, languages, readers, recording
from portal.web.access import level_reader, shelf
from portal.web.context import site, the
from portal.web.fragments import is_fragment
from portal.web.frame import render
from portal.web.help.requests import new_form
from portal.web.help.result_pages import ALIKE, SearchPage, Shaped
from portal.web.limits import Limits, client_address
from portal.web.parameters import MOST_OFFSET, PAGE, asked, calm_whole, is_cut, is_verbatim, name

bp = Blueprint("searches", __name__)


@bp.get("/<lang:lang>/search")
def show(lang: str) -> Response:
    """Results page; without words it shows the topics instead, and nothing is recorded."""
    lang = languages.known(lang, shelf().languages())
    query = Query(
        text=asked(),
        lang=lang,
        topic=name("topic"),
        tag=name("tag"),
        product=name("product"),
        stage=name("stage"),
        is_verbatim=is_verbatim(),
    )
    page = _page(query) if query.text else SearchPage.unasked(shelf(), query)
    template = "help/_search_results.html" if is_fragment() else "help/search.html"
    response = recording.set_key(caching.fresh(render(template, page)))
    if recording.is_allowed():
        readers.note_filter(query.product, lang, response)
    return response


def _page(query: Query) -> SearchPage:
    limit = RateLimitItemPerMinute(site().limits.searches_per_minute)
    the(Limits).count(limit, "search", address=client_address(), today=clock.now().date())
    offset = calm_whole("offset", 0, MOST_OFFSET)
    results, shaped = _shaped(level_reader().search(query, offset=offset, limit=PAGE))
    search_id = recording.record_search(results, Where.PAGE)
    form = new_form(query.lang, query.text, search_id)
    return SearchPage.of(shelf(), results, is_cut=is_cut(), search_id=search_id, form=form, shaped=shaped)


def _shaped(results: ResultPage) -> tuple[ResultPage, Shaped]:
    """Put hits of the reader's own products a little higher, unless they ask for all alike, or filter by product."""
    query = results.query
    mine = () if query.product else readers.products_in_force(query.lang)
    is_alike = request.args.get(ALIKE) == "1"
    hits = reorder(results.hits, mine)
    if not mine or hits == results.hits:
        return results, Shaped(is_alike=is_alike)
    if is_alike:
        return results, Shaped(products=mine, is_alike=True)
    return replace(results, hits=hits), Shaped(products=mine)
