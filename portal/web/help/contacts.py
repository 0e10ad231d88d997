"""Contact: every way to reach people, the best one for the topic first."""

from flask import Blueprint, Response

from portal.content.site import Channel, Site
from portal.web import caching, languages
from portal.web.access import shelf
from portal.web.context import site
from portal.web.frame import ChannelLink, channel_link, leads_somewhere, render
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
    channels = channels_for(lang, (topic.slug or "") if topic else "")
    return caching.answer(lambda: render("help/contact.html", ContactPage.of(here, lang, topic, channels)))


def channels_for(lang: str, topic: str) -> tuple[ChannelLink, ...]:
    """Return every way to reach people that serves a topic, the best one first. topic: a slug; empty for any."""
    return tuple(channel_link(one, lang, topic) for one in _for_topic(site(), topic))


def _for_topic(about: Site, topic: str) -> list[Channel]:
    """Return the channels in the company's order, a topic's own before those for all, and no other topic's."""
    open_ones = [one for one in about.channels if leads_somewhere(one)]
    if not topic:
        return sorted(open_ones, key=lambda one: bool(one.topics))
    return sorted((one for one in open_ones if not one.topics or topic in one.topics), key=lambda one: not one.topics)
