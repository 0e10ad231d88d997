"""Contact: every way to reach people, the best one for the topic first."""

from flask import Blueprint, Response

from portal.content.site import Channel, Site
from portal.web import caching, languages
from portal.web.access import shelf
from portal.web.context import site
from portal.web.frame import LINKS, channel_link, render
from portal.web.help.pages import ContactPage
from portal.web.parameters import name

bp = Blueprint("contacts", __name__)


@bp.get("/<lang:lang>/contact")
def show(lang: str) -> Response:
    """Contact page; a topic that there is not is none."""
    here = shelf()
    lang = languages.known(lang, here.languages())
    asked = name("topic")
    topic = next((one for one in here.topics(lang) if one.slug and one.slug == asked), None)
    channels = tuple(channel_link(one, lang) for one in _for_topic(site(), topic.slug if topic else None))
    return caching.answer(lambda: render("help/contact.html", ContactPage.of(here, lang, topic, channels)))


def _for_topic(about: Site, topic: str | None) -> list[Channel]:
    """Return the channels in the company's order, a topic's own before those for all, and no other topic's."""
    open_ones = [one for one in about.channels if one.url.startswith(LINKS)]
    if topic is None:
        return sorted(open_ones, key=lambda one: bool(one.topics))
    return sorted((one for one in open_ones if not one.topics or topic in one.topics), key=lambda one: not one.topics)
