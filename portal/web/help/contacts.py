"""Contact: every way to reach people, the best one for the topic first; where that is the form, it stands right there.

The list is everybody's page, printed and kept. The form is one person's: it bears their uid and stamp.
"""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.web import caching, languages, ways
from portal.web.access import shelf
from portal.web.frame import render
from portal.web.help import contact_forms
from portal.web.help.pages import ContactPage
from portal.web.parameters import name
from portal.web.writing import topic_of

bp = Blueprint("contacts", __name__)


@bp.get("/<lang:lang>/contact")
def show(lang: str) -> Response:
    """Contact page; a topic that there is not is none."""
    here = shelf()
    lang = languages.known(lang, here.languages())
    topic = topic_of(here, lang, name("topic") or "")
    slug = (topic.slug or "") if topic else ""
    if ways.is_form_best(lang, slug):
        return contact_forms.blank(lang, slug)
    return caching.answer(
        lambda: render("help/contact.html", ContactPage.of(here, lang, topic, ways.ways(lang, slug))),
    )
