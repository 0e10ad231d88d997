"""Frame: what stands around every page. And `render`, which puts a page into it."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import render_template, request

from portal.bootstrap import Portal
from portal.content.site import Channel, Site
from portal.errors import Unavailable
from portal.web.access import shelf
from portal.web.context import site, the
from portal.web.languages import direction, own_name
from portal.web.static import Static


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyPage:
    """What every template's page tells of itself."""

    title: str
    lang: str
    description: str = ""
    translations: tuple[tuple[str, str], ...] = ()
    """(language, URL path) of this page in other languages; where one is missing its home page stands in."""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """An entry of the language list."""

    lang: str
    name: str
    url: str
    is_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Header, footer and head of a page."""

    site: Site
    lang: str
    direction: str
    name: str
    tagline: str
    channels: tuple[Channel, ...]
    footer: tuple[tuple[str, str], ...]
    """(label, address) pairs."""
    stylesheet: str
    files: str
    """Folder of scripts and icons, with their version in it."""
    canonical: str
    """The page's whole address without its query; empty while the portal doesn't know its own."""
    home: str
    search: str
    asked: str
    languages: tuple[LanguageLink, ...]
    is_bare: bool = False
    """Whether nothing is published yet, so that there is nowhere to go and nothing to search."""


def render(template: str, page: AnyPage) -> str:
    """Render a template, which knows `page` and `frame` and nothing else."""
    return render_template(template, page=page, frame=frame_of(page))


def frame_of(page: AnyPage) -> Frame:
    """Return the frame of a page; a bare one while there is no generation."""
    about, languages, static = site(), _languages(page), the(Static)
    base = the(Portal).settings.base_url
    return Frame(
        site=about,
        lang=page.lang,
        direction=direction(page.lang),
        name=about.name_in(page.lang),
        tagline=about.tagline_in(page.lang),
        channels=_reachable(about),
        footer=tuple((dict(link.labels).get(page.lang, link.label), link.url) for link in about.footer),
        stylesheet=f"/static/{static.stylesheet(about.accent)[0]}/site.css",
        files=f"/static/{static.version}",
        canonical=f"{base}{quote(request.path)}" if base else "",
        home=f"/{page.lang}/",
        search=f"/{page.lang}/search",
        asked=request.args.get("q", ""),
        languages=languages,
        is_bare=not languages,
    )


def _reachable(about: Site) -> tuple[Channel, ...]:
    """Return the channels that a link can open today; the portal's own form is to come."""
    return tuple(one for one in about.channels if one.url.startswith(("mailto:", "tel:", "https:", "http:")))


def _languages(page: AnyPage) -> tuple[LanguageLink, ...]:
    there = dict(page.translations)
    try:
        languages = shelf().languages()
    except Unavailable:
        return ()
    return tuple(LanguageLink(one, own_name(one), there.get(one, f"/{one}/"), one == page.lang) for one in languages)
