"""Metadata: what a page's head tells search engines, browsers and whoever shows a preview of its link.

No address in it depends on the host that was asked for, since pages are printed when they are published: with a
base URL they are whole, without one they are paths, and what must be whole is left out.
"""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from flask import Flask, Response, request
from flask_babel import gettext
from markupsafe import Markup

from portal.bootstrap import Portal
from portal.web import json_ld
from portal.web.context import site, the
from portal.web.fragments import is_fragment
from portal.web.frame import AnyPage, Frame
from portal.web.help.contact_pages import FormPage
from portal.web.help.pages import ArticlePage, ContactPage, HomePage, NoticesPage, TopicPage

LIGHT, DARK = "#ffffff", "#12161b"
"""--ground of tokens.css and of dark.css: the colour around the page on phones."""
RASTER = (".png", ".jpg", ".jpeg", ".webp", ".gif")
"""Images that previews show; few of them show SVG or AVIF."""
MARKDOWN = "text/markdown"
X_DEFAULT = "x-default"
_NEVER_FOUND = frozenset({"searches", "votes", "requests", "beacon", "health", "api_searches", "api_articles"})
_SUGGESTIONS = "machines.suggest"
Links = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """shared/metadata.html."""

    title: str
    description: str
    is_indexed: bool
    canonical: str = ""
    """Empty for a page that is nobody's to find, such as one person's search."""
    alternates: Links = ()
    """(language or x-default, address), the page's own among them; empty without translations."""
    properties: Links = ()
    """Open Graph's (property, content) pairs."""
    card: str = "summary"
    feed: str = ""
    open_search: str = ""
    markdown: str = ""
    oembed: str = ""
    """Whole address of what other programs show in place of a link to this page; empty without one."""
    icon: str
    icon_type: str
    light: str = LIGHT
    dark: str = DARK
    json_ld: Markup
    """Empty for pages that are nothing of schema.org's."""


def install(app: Flask) -> None:
    """Give the templates `metadata(page, frame)`, and every answer what its headers tell search engines."""
    app.add_template_global(metadata_of, "metadata")
    app.after_request(tell_in_headers)


def metadata_of(page: AnyPage, frame: Frame) -> Metadata:
    """Return what the head of a page tells."""
    path, description = _path(page, frame), _description(page, frame)
    icon = frame.brand.icon or f"{frame.files}/icon.svg"
    canonical = frame.base + path if path else ""
    versions = dict(page.translations) | {page.lang: path} if path and _is_first(page) else {}
    image = _image(page, frame)
    return Metadata(
        title=_title(page, frame),
        description=description,
        is_indexed=bool(path) and not frame.site.no_index and _is_for_all(page),
        canonical=canonical,
        alternates=tuple((tag, frame.base + url) for tag, url in alternates(versions, _order(frame))),
        properties=_properties(page, frame, canonical, description, image) if path else (),
        card="summary_large_image" if isinstance(page, ArticlePage) and page.article.image and image else "summary",
        feed="" if frame.is_bare else f"/feed.xml{_asking(page, frame)}",
        open_search="" if frame.is_bare else f"/opensearch.xml{_asking(page, frame)}",
        markdown=f"{frame.base}{page.article.card.url}.md" if isinstance(page, ArticlePage) else "",
        oembed=f"{frame.base}/oembed?{urlencode({'url': canonical})}" if _has_oembed(page, frame) else "",
        icon=icon,
        icon_type=mimetypes.guess_type(icon)[0] or "",
        json_ld=_json_ld(page, frame, canonical, description, image),
    )


def alternates(versions: Mapping[str, str], languages: tuple[str, ...]) -> Links:
    """Return (language, address) for each version of a page and x-default; nothing for a page of one language alone.

    languages: all of the help centre's, the default first. The first that has the page is x-default.
    """
    there = [(lang, versions[lang]) for lang in languages if lang in versions]
    return (*there, (X_DEFAULT, there[0][1])) if len(there) > 1 else ()


def locale(lang: str) -> str:
    """Return a language as Open Graph writes it, `de_DE`; a tag without a region has the likeliest, as CLDR says."""
    try:
        found = Locale.parse(lang, sep="-")
    except (ValueError, UnknownLocaleError):
        return lang.replace("-", "_")
    likely = get_global("likely_subtags").get(str(found)) or get_global("likely_subtags").get(found.language, "")
    territory = found.territory or likely.rpartition("_")[2]
    return f"{found.language}_{territory}" if territory else found.language


def tell_in_headers(response: Response) -> Response:
    """Keep out of search engines what must not be found, and name the page that a Markdown file is the text of."""
    if _is_kept_out(response):
        response.headers["X-Robots-Tag"] = "noindex"
    elif request.endpoint == "articles.show" and response.mimetype == MARKDOWN:
        base = the(Portal).settings.base_url or ""
        response.headers["Link"] = f'<{base}{quote(request.path.removesuffix(".md"))}>; rel="canonical"'
    return response


def _is_kept_out(response: Response) -> bool:
    if request.blueprint in _NEVER_FOUND or request.endpoint == _SUGGESTIONS or is_fragment():
        return True
    return response.status_code >= 400 or site().no_index  # noqa: PLR2004 - where HTTP's errors begin


def _path(page: AnyPage, frame: Frame) -> str:
    """Return the one address of a page that may be found; empty for others, such as searches, votes and errors."""
    match page:
        case HomePage():
            return frame.home
        case TopicPage():
            return page.topic.url if _is_first(page) else f"{page.topic.url}?page={page.number}"
        case ArticlePage():
            return page.article.card.url
        case NoticesPage():
            return f"{frame.home}notices"
        case ContactPage() | FormPage(is_contact=True):
            return frame.contact
    return ""


def _is_first(page: AnyPage) -> bool:
    """Whether it isn't a later page of a topic, which need not have its like in another language."""
    return not isinstance(page, TopicPage) or page.number == 1


def _is_for_all(page: AnyPage) -> bool:
    card = page.article.card if isinstance(page, ArticlePage) else None
    return card is None or (card.audience == "public" and card.status == "published")


def _has_oembed(page: AnyPage, frame: Frame) -> bool:
    """Whether it is an article for all, and its whole address is known, by which alone it is asked for."""
    return isinstance(page, ArticlePage) and bool(frame.base) and _is_for_all(page)


def _title(page: AnyPage, frame: Frame) -> str:
    title = page.title
    if isinstance(page, TopicPage) and not _is_first(page):
        title = str(gettext("%(title)s, page %(number)s", title=title, number=page.number))
    return f"{title} · {frame.name}" if title else frame.name


def _description(page: AnyPage, frame: Frame) -> str:
    """Return a line about the page; never empty, since search engines would make one up."""
    if page.description:
        return page.description
    if isinstance(page, HomePage):
        words = gettext("Answers from %(name)s: search all articles, or browse them by topic.", name=frame.name)
        return frame.tagline or str(words)
    return str(gettext("%(title)s. From %(name)s.", title=page.title, name=frame.name))


def _image(page: AnyPage, frame: Frame) -> str:
    """Return the whole address of the picture of a preview; empty without one, or while the base URL isn't known."""
    own = page.article.image if isinstance(page, ArticlePage) else ""
    found = next((one for one in (own, frame.brand.logo) if one.lower().endswith(RASTER)), "")
    return frame.base + found if found and frame.base else ""


def _properties(page: AnyPage, frame: Frame, canonical: str, description: str, image: str) -> Links:
    is_article = isinstance(page, ArticlePage)
    pairs = [
        ("og:title", page.title or frame.name),
        ("og:description", description),
        ("og:type", "article" if is_article else "website"),
        ("og:url", canonical if frame.base else ""),
        ("og:site_name", frame.name),
        ("og:locale", locale(page.lang)),
        *(("og:locale:alternate", locale(lang)) for lang, _ in page.translations if lang != page.lang),
        ("og:image", image),
    ]
    if isinstance(page, ArticlePage):
        pairs += [
            ("article:published_time", page.article.created_at.isoformat(timespec="seconds")),
            ("article:modified_time", page.article.card.updated_at.isoformat(timespec="seconds")),
            ("article:section", page.article.card.topic_name or ""),
        ]
    return tuple((name, content) for name, content in pairs if content)


def _json_ld(page: AnyPage, frame: Frame, url: str, description: str, image: str) -> Markup:
    match page:
        case HomePage():
            return json_ld.written(json_ld.website(frame, description))
        case TopicPage():
            way = json_ld.crumbs(frame, (page.topic.name, frame.base + page.topic.url))
            return json_ld.written(json_ld.collection(page, frame, url, description), way)
        case ArticlePage():
            card = page.article.card
            topic = ((card.topic_name, frame.base + page.topic_url),) if card.topic_name and page.topic_url else ()
            way = json_ld.crumbs(frame, *topic, (card.title, url))
            return json_ld.written(json_ld.article(page, frame, url, image), way)
    return Markup()


def _order(frame: Frame) -> tuple[str, ...]:
    return tuple(language.lang for language in frame.languages)


def _asking(page: AnyPage, frame: Frame) -> str:
    """Return the query of a machines' document in the page's language; the default one needs none."""
    is_default = not frame.languages or frame.languages[0].lang == page.lang
    return "" if is_default else f"?lang={page.lang}"
