"""A topic and its articles."""

from flask import Blueprint, Response

from portal.content.shelf import NO_TOPIC
from portal.errors import NotFound
from portal.web import caching, languages
from portal.web.access import shelf
from portal.web.frame import render
from portal.web.help.pages import TopicPage
from portal.web.parameters import calm_whole

MOST_PAGES = 10_000

bp = Blueprint("topics", __name__)


@bp.get("/<lang:lang>/topics/<slug>")
def show(lang: str, slug: str) -> Response:
    """Topic page; a topic without articles for this reader is none."""
    here = shelf()
    lang = languages.known(lang, here.languages())
    topic = next((one for one in here.topics(lang) if (one.slug or NO_TOPIC) == slug), None)
    if topic is None:
        raise NotFound
    number = calm_whole("page", 1, MOST_PAGES)
    return caching.answer(lambda: render("help/topic.html", TopicPage.of(here, lang, topic, number=number)))
