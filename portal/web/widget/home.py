"""Home: where the widget begins, with a search box, and the articles for the page around it."""

from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext
from limits import RateLimitItemPerMinute
from werkzeug.wrappers import Response as AnyResponse

from portal import clock
from portal.bootstrap import Portal
from portal.events.kinds import Where
from portal.search.hits import Answer, Hit, Query, ResultPage
from portal.web import recording
from portal.web.context import site, the
from portal.web.fragments import HEADER
from portal.web.limits import Limits, client_address
from portal.web.parameters import PAGE, asked, is_verbatim
from portal.web.widget import frame
from portal.web.widget.rules import MOST, Offer, offers, rule_for

RESULTS = "results"
"""What a script says in X-Fragment that wants the results alone."""

bp = frame.room("home", __name__, "/widget/<lang:lang>")


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(frame.WidgetPage):
    """widget/_home.html and, for the results alone, widget/_results.html."""

    q: str = ""
    heading: str = ""
    """What the articles below are."""
    offers: tuple[Offer, ...] = ()
    results: ResultPage | None = None
    corrected: str | None = None
    answer: Answer | None = None
    nearest: tuple[Hit, ...] = ()
    search_id: str = ""
    """Names this search to the clicks that follow; empty where it is not recorded."""


@bp.get("/")
def show(lang: str) -> Response:
    """Show the articles for the page around."""
    return frame.answer("home", _begin(frame.language(lang)))


@bp.get("/search")
def search(lang: str) -> AnyResponse:
    """Show what was found; without words, the same as at the beginning."""
    lang = frame.language(lang)
    part = "results" if request.headers.get(HEADER) == RESULTS else "home"
    page = _found(Query(text=asked(), lang=lang, is_verbatim=is_verbatim())) if asked() else _begin(lang)
    return recording.set_key(frame.answer(part, page))


def _begin(lang: str) -> HomePage:
    heading, found = _for_page(lang)
    return HomePage(title=gettext("How can we help?"), lang=lang, heading=heading, offers=found)


def _for_page(lang: str) -> tuple[str, tuple[Offer, ...]]:
    """Return a heading, and what stands under it: the page's own articles, else what helped most, else the latest."""
    reader = frame.reader()
    rule = rule_for(site().widget.rules, frame.path())
    found = offers(rule, reader, lang) if rule else ()
    if found:
        return gettext("For this page"), found
    helpful = the(Portal).overlay.current().most_helpful.get(lang, ())
    there = reader.shelf.cards(helpful)
    cards = tuple(there[one] for one in helpful if one in there and there[one].lang == lang)[:MOST]
    heading = gettext("Most helpful") if cards else gettext("Recently updated")
    shown = cards or reader.shelf.recent(lang, MOST)
    return heading, tuple(Offer(card.title, card.url, card.summary) for card in shown)


def _found(query: Query) -> HomePage:
    limit = RateLimitItemPerMinute(site().limits.searches_per_minute)
    the(Limits).count(limit, "search", address=client_address(), today=clock.now().date())
    results = frame.reader().search(query, offset=0, limit=PAGE)
    return HomePage(
        title=query.text,
        lang=query.lang,
        q=query.text,
        results=results,
        corrected=None if query.is_verbatim else results.corrected,
        answer=results.answer,
        nearest=() if results.total else results.nearest,
        search_id=recording.record_search(results, Where.WIDGET),
    )
