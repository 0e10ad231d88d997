"""Articles: to read, as Markdown, by an old address."""

from dataclasses import replace

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.page import Page
from portal.content.shelf import article_url
from portal.errors import NotFound
from portal.text import slugify
from portal.web import access, caching, flagging, languages
from portal.web.context import site
from portal.web.flagging import FlagNote
from portal.web.frame import render
from portal.web.help.pages import ArticlePage

MARKDOWN = ".md"

bp = Blueprint("articles", __name__)


@bp.get("/<lang:lang>/articles/<path:slug>")
def show(lang: str, slug: str) -> AnyResponse:
    """Article page, its Markdown, or the way from an old or mistyped address to it."""
    suffix = MARKDOWN if slug.endswith(MARKDOWN) else ""
    slug = slug.removesuffix(MARKDOWN)
    here = languages.known(lang, access.shelf().languages())
    page = access.page_at(here, slug) if here == lang else None
    if page is None:
        return _moved(_address_after(here, slug) + suffix)
    return _markdown(page) if suffix else _page(page)


def _page(page: Page) -> Response:
    """Answer with an article; staff see what waits for its writer, which no cache may keep."""
    if access.is_staff():
        return caching.fresh(_article(page, flagging.notes(page.card.id)))
    return caching.answer(lambda: _article(page))


def _article(page: Page, notes: tuple[FlagNote, ...] = ()) -> str:
    return render("help/article.html", ArticlePage.of(_related(page), site(), access.shelf(), notes))


def _related(page: Page) -> Page:
    return replace(page, related=access.level_reader().related(page))


def _markdown(page: Page) -> Response:
    return caching.answer(lambda: _with_title(page), "text/markdown")


def _with_title(page: Page) -> str:
    """Return the Markdown with its title on top, which many writers keep in the front matter alone."""
    has_title = page.markdown.lstrip().startswith("# ")
    return page.markdown if has_title else f"# {page.card.title}\n\n{page.markdown.lstrip()}"


def _address_after(lang: str, slug: str) -> str:
    """Return where an article is that was here, or whose address this nearly is. Raises NotFound."""
    shelf = access.shelf()
    tidy = "/".join(slugify(segment) for segment in slug.split("/") if segment.strip())
    for guess in (slug, tidy):
        if shelf.find(lang, guess):
            return article_url(lang, guess)
        url = shelf.redirect(lang, guess)
        if url:
            return url
    raise NotFound


def _moved(url: str) -> AnyResponse:
    """Redirect for good to a path of ours, keeping what stands behind the question mark."""
    asked = request.query_string.decode("ascii", "ignore")
    return caching.for_reader(make_response(redirect(f"{url}?{asked}" if asked else url, 301)))
