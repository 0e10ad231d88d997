"""Machines' pages: what search engines, feed readers, browsers, assistants and finders of weaknesses ask for.

Each is made from what its reader may see, like every page. Their addresses are whole ones: of `PORTAL_BASE_URL`,
else of the host that was asked. An address with more in its query than is read leads to the one without, so that
nobody can have the same document kept under a thousand names.
"""

import mimetypes
from contextlib import AbstractContextManager
from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, json, redirect, render_template, request
from flask_babel import force_locale
from limits import RateLimitItemPerMinute
from werkzeug.wrappers import Response as AnyResponse

from portal import clock
from portal.bootstrap import Portal
from portal.errors import Invalid, NotFound
from portal.text import without_controls
from portal.web import caching, languages
from portal.web.access import level_reader, shelf, site_files
from portal.web.compression import Packed
from portal.web.context import generation, site, the
from portal.web.help import sitemaps
from portal.web.help.documents import Feed, LlmsText, OpenSearch, Robots, SecurityText, SitemapIndex, SitemapPage, Where
from portal.web.limits import Limits, client_address
from portal.web.parameters import asked, calm_whole
from portal.web.speech import speaks
from portal.web.static import Static

XML, TEXT = "application/xml", "text/plain"
ATOM, OPEN_SEARCH = "application/atom+xml", "application/opensearchdescription+xml"
SUGGESTIONS = "application/x-suggestions+json"
MOST_SUGGESTIONS = 8
MOST_PARTS = 10_000
TRUST = timedelta(days=90)
"""How long security.txt may be believed. RFC 9116 recommends less than a year; it is counted from the day on which
it is asked for, because who publishes articles every week need not remember to renew a date."""

bp = Blueprint("machines", __name__)


@bp.get("/sitemap.xml")
def sitemap() -> AnyResponse:
    """Return every address, or a list of parts where they are too many for one file."""
    if site().no_index:
        raise NotFound  # a sitemap can't be empty, and a full one would ask for what shall not be found
    root, number = _root(), calm_whole("part", 0, MOST_PARTS)
    return _tidier({"part": number} if number else {}) or caching.answer(
        lambda: _sitemap(root, number), XML, has_addresses=True
    )


@bp.get("/feed.xml")
def feed() -> AnyResponse:
    """Return the latest articles and notices of a language, as Atom (RFC 4287)."""
    where = _where()
    return _tidier(_naming(where.lang)) or caching.answer(lambda: _feed(where), ATOM, has_addresses=True)


@bp.get("/robots.txt")
def robots() -> AnyResponse:
    """Say what robots need not ask for. Pages that must not be found stay open: they say so themselves."""
    page = Robots(languages=shelf().languages(), sitemap="" if site().no_index else f"{_root()}/sitemap.xml")
    return _tidier({}) or caching.answer(lambda: _write("robots.txt", page), TEXT, has_addresses=True)


@bp.get("/llms.txt")
def llms() -> AnyResponse:
    """Return all articles of a language as links to their Markdown, for assistants (llmstxt.org)."""
    where = _where()
    return _tidier(_naming(where.lang)) or caching.answer(lambda: _llms(where), TEXT, has_addresses=True)


@bp.get("/opensearch.xml")
def open_search() -> AnyResponse:
    """Return how a browser searches here in a language (OpenSearch 1.1)."""
    where = _where()
    return _tidier(_naming(where.lang)) or caching.answer(lambda: _open_search(where), OPEN_SEARCH, has_addresses=True)


@bp.get("/<lang:lang>/suggestions")
def suggest(lang: str) -> Response:
    """Return what begins as `q` does, for the search field of a browser: four lists, as OpenSearch suggests."""
    lang, root, text = languages.known(lang, shelf().languages()), _root(), asked()
    limit = RateLimitItemPerMinute(site().limits.completions_per_minute)
    the(Limits).count(limit, "completion", address=client_address(), today=clock.now().date())
    found = level_reader().complete(text, lang, MOST_SUGGESTIONS) if text else ()
    lists = [text, [one.text for one in found], [one.title for one in found], [root + one.url for one in found]]
    return caching.never_kept(Response(json.dumps(lists, ensure_ascii=False), mimetype=SUGGESTIONS))


@bp.get("/.well-known/security.txt")
def security() -> Response:
    """Say whom to tell of a weakness (RFC 9116). Its date changes with the day, so it isn't kept with the pages."""
    about = site().security
    if not about.contacts:
        raise NotFound
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    page = SecurityText(
        about=about,
        languages=shelf().languages(),
        base=the(Portal).settings.base_url or "",
        expires_at=midnight + TRUST,
    )
    return caching.answer_packed(Packed.of(_write("security.txt", page).encode()), TEXT)


def _sitemap(root: str, number: int) -> str:
    cut = sitemaps.parts(sitemaps.addresses(shelf()), root)
    if number > len(cut) or (number and len(cut) == 1):
        raise NotFound
    if number or len(cut) == 1:
        return _write("sitemap.xml", SitemapPage(root=root, addresses=cut[max(number, 1) - 1]))
    return _write("sitemap_index.xml", SitemapIndex(root=root, parts=tuple(sitemaps.latest(part) for part in cut)))


def _feed(where: Where) -> str:
    return _write("feed.xml", Feed.of(shelf(), site(), where, made_at=generation().made_at))


def _llms(where: Where) -> str:
    with _words_of(where):
        return _write("llms.txt", LlmsText.of(shelf(), site(), where))


def _open_search(where: Where) -> str:
    icon = site_files().icon or f"/static/{the(Static).version}/icon.svg"
    media_type = mimetypes.guess_type(icon)[0] or ""
    with _words_of(where):
        return _write("opensearch.xml", OpenSearch.of(site(), where, (icon, media_type)))


def _words_of(where: Where) -> AbstractContextManager[None]:
    """Speak the document's language, and not its reader's: the address has no language for Babel to see."""
    words: AbstractContextManager[None] = force_locale(speaks(where.lang).replace("-", "_"))
    return words


def _write(template: str, page: object) -> str:
    """Write a document; characters that XML forbids, and that turn text around, are dropped wherever they came from."""
    return without_controls(render_template(f"machines/{template}", page=page))


def _root() -> str:
    """Return the help centre's whole address without a slash at its end. Raises Invalid for a request without host."""
    base = the(Portal).settings.base_url
    if not base and not request.host:
        raise Invalid("Host: send the name under which people open this help centre.")
    return base or request.host_url.rstrip("/")


def _where() -> Where:
    """Return where the document that was asked for is. Raises NotFound for a language that is not here."""
    there, wanted = shelf().languages(), request.args.get("lang")
    lang = languages.known(wanted, there) if wanted else there[0]
    return Where(lang=lang, root=_root(), path=_with_query(request.path, _naming(lang)))


def _naming(lang: str) -> dict[str, str]:
    """Return the query under which a language's document is; the default one needs none."""
    return {} if lang == shelf().languages()[0] else {"lang": lang}


def _with_query(path: str, parameters: dict[str, str] | dict[str, int]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _tidier(parameters: dict[str, str] | dict[str, int]) -> AnyResponse | None:
    """Lead to the address with these parameters and no others; None where that was asked."""
    if request.query_string.decode("ascii", "replace") == urlencode(parameters):
        return None
    response = redirect(_with_query(request.path, parameters))
    response.headers["Cache-Control"] = caching.NEVER
    return response
