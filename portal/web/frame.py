"""Frame: what stands around every page. And `render`, which puts a page into it."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import render_template, request
from markupsafe import Markup

from portal.bootstrap import Portal
from portal.content.page import Card, SiteFiles, TopicOnShelf
from portal.content.shelf import Shelf
from portal.content.site import Channel, Site
from portal.errors import Unavailable
from portal.web.access import is_staff, shelf, site_files
from portal.web.context import site, the
from portal.web.customers import Customer, customer, sign_in_address
from portal.web.languages import direction, own_name
from portal.web.opening_words import in_words
from portal.web.speech import speaks
from portal.web.staff import is_below
from portal.web.static import Static

LINKS = ("mailto:", "tel:", "https:", "http:")
"""What a channel's link may begin with, where it isn't the portal's own form."""

WIDGET = "/widget"
"""Where pages stand in a frame of the company's own site: nothing for staff alone is shown there."""


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
    is_translation: bool
    """Whether it leads to this very page, and not to the home page."""


@dataclass(frozen=True, slots=True)
class ChannelLink:
    """A way to reach people, in the page's language."""

    kind: str
    label: str
    value: str
    url: str
    hours: str
    time_zone: str
    opening: str = ""
    """When somebody is there, for a script: `0-540-1020` is Monday from 9:00 to 17:00; several with spaces between."""
    is_own: bool = False
    """Whether it is a page of ours: whoever opens it has not yet turned to anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Header, footer and head of a page."""

    site: Site
    lang: str
    direction: str
    ui_lang: str
    """The language of our own words, which is English where there is no catalogue for `lang`."""
    name: str
    tagline: str
    channels: tuple[ChannelLink, ...]
    footer: tuple[tuple[str, str], ...]
    """(label, address) pairs."""
    stylesheet: str
    files: str
    """Folder of scripts and icons, with their version in it."""
    base: str
    """The portal's own address without a slash at its end; empty while it doesn't know it."""
    canonical: str
    """The page's address without its query; a path while the portal doesn't know its own address."""
    home: str
    search: str
    contact: str
    asked: str
    languages: tuple[LanguageLink, ...]
    brand: SiteFiles
    topics: tuple[TopicOnShelf, ...]
    notices: tuple[Card, ...]
    is_staff: bool = False
    """Whether somebody of the company is signed in; for what is made anew for each reader, and kept for nobody."""
    customer: Customer | None = None
    """Who is signed in; a page with a name on it is kept for nobody."""
    sign_in: str = ""
    """Where customers sign in and come back from; empty for who has done so, and where there is no such way."""
    is_bare: bool = False
    """Whether nothing is published yet, so that there is nowhere to go and nothing to search."""

    @property
    def ui(self) -> Markup:
        """Return the attributes of an element that holds our own words, where they are in another language."""
        if self.ui_lang == self.lang:
            return Markup()
        return Markup(' lang="{}" dir="{}"').format(self.ui_lang, direction(self.ui_lang))


def render(template: str, page: AnyPage) -> str:
    """Render a template, which knows `page` and `frame` and nothing else."""
    return render_template(template, page=page, frame=frame_of(page))


def frame_of(page: AnyPage) -> Frame:
    """Return the frame of a page; a bare one while there is no generation."""
    about, here, static = site(), _shelf(), the(Static)
    brand = site_files()
    base, who = the(Portal).settings.base_url or "", customer()
    return Frame(
        site=about,
        lang=page.lang,
        direction=direction(page.lang),
        ui_lang=speaks(page.lang),
        name=about.name_in(page.lang),
        tagline=about.tagline_in(page.lang),
        channels=tuple(channel_link(one, page.lang) for one in about.channels if leads_somewhere(one)),
        footer=tuple((link.label_in(page.lang), link.url) for link in about.footer),
        stylesheet=f"/static/{static.stylesheet(about.accent, brand.stylesheet)[0]}/site.css",
        files=f"/static/{static.version}",
        base=base,
        canonical=f"{base}{quote(request.path)}",
        home=f"/{page.lang}/",
        search=f"/{page.lang}/search",
        contact=f"/{page.lang}/contact",
        asked=request.args.get("q", ""),
        languages=_languages(here, page) if here else (),
        brand=brand,
        topics=here.topics(page.lang) if here else (),
        notices=here.notices(page.lang) if here else (),
        is_staff=is_staff() and not is_below(request.path, WIDGET),
        customer=who,
        sign_in="" if who else sign_in_address(page.lang, _wanted(page.lang)),
        is_bare=here is None,
    )


def _wanted(lang: str) -> str:
    """Return where to come back to after signing in: this page, unless it was reached on the way in or by a form."""
    if request.method not in {"GET", "HEAD"} or request.blueprint == "customers":
        return f"/{lang}/"
    asked = request.query_string.decode("ascii", "ignore") if request.blueprint == "searches" else ""
    return quote(request.path) + (f"?{asked}" if asked else "")


def _shelf() -> Shelf | None:
    try:
        return shelf()
    except Unavailable:
        return None


def channel_link(channel: Channel, lang: str, topic: str = "") -> ChannelLink:
    """Return a channel in the words of a language. topic: slug of what it is about, which our own form is told."""
    return ChannelLink(
        kind=channel.kind,
        label=channel.label_in(lang),
        value=channel.value,
        url=form_url(lang, topic) if is_own_form(channel) else channel.url,
        hours=channel.hours_in(lang) or in_words(channel.opening, lang),
        time_zone=channel.time_zone,
        opening=" ".join(f"{one.day}-{one.begin}-{one.end}" for one in channel.opening),
        is_own=is_own_form(channel),
    )


def leads_somewhere(channel: Channel) -> bool:
    """Whether there is a link for a channel."""
    return is_own_form(channel) or channel.url.startswith(LINKS)


def is_own_form(channel: Channel) -> bool:
    """Whether a channel is the portal's own form."""
    return channel.kind == "form" and not channel.value


def form_url(lang: str, topic: str = "") -> str:
    """Return where the portal's own form is."""
    return f"/{lang}/contact/form" + (f"?topic={quote(topic, safe='')}" if topic else "")


def _languages(here: Shelf, page: AnyPage) -> tuple[LanguageLink, ...]:
    there = dict(page.translations)
    return tuple(
        LanguageLink(one, own_name(one), there.get(one, f"/{one}/"), one == page.lang, one in there)
        for one in here.languages()
    )
