"""Contact: a request is written and sent inside the frame; other ways to reach people stand below it."""

from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal.bootstrap import Portal
from portal.conversations.attachments import MEGABYTE
from portal.conversations.keys import private_path
from portal.conversations.models import Entry
from portal.errors import Invalid, NotFound, PortalError, TooMany
from portal.web import contacting, recording
from portal.web.contact_forms import ContactForm, check_hand, new_form, received, sent_form
from portal.web.context import site, the
from portal.web.errors import RETRY_AFTER_SECONDS, SAID, status_of
from portal.web.fragments import is_fragment
from portal.web.frame import LINKS, ChannelLink, channel_link
from portal.web.parameters import name
from portal.web.room_words import reworded
from portal.web.uploads import takes_files, uploads_of
from portal.web.widget import frame

bp = frame.room("contact", __name__, "/widget/<lang:lang>/contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage(frame.WidgetPage):
    """widget/_contact.html, and what was refused of it, widget/_not_sent.html."""

    form: ContactForm
    channels: tuple[ChannelLink, ...]
    most_bytes: int
    """Of one file."""
    refused: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnPage(frame.WidgetPage):
    """widget/_withdrawn.html."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage(frame.WidgetPage):
    """widget/_sent.html."""

    address: str
    """Where the answer goes; empty where they gave none."""
    link: str
    """The private page of what they wrote."""


@bp.get("")
def show(lang: str) -> Response:
    """Show the form, and the other ways below it."""
    lang = frame.language(lang)
    topic = name("topic") or ""
    form = new_form(lang, topic if topic in _topics(lang) else "")
    return frame.answer("contact", _page(form))


@bp.post("")
@takes_files
def send(lang: str) -> AnyResponse:
    """Keep what was written; only then is anybody thanked. Sent twice, it is one."""
    lang = frame.language(lang)
    form = sent_form(lang, _topics(lang))
    try:
        check_hand(form)
        kept = contacting.send(form, received(form, uploads_of(), Entry.WIDGET))
    except PortalError as error:
        return _again(form, error)
    link = private_path(the(Portal).settings.secret(), lang, kept.uid)
    page = SentPage(title=gettext("Your message is here"), lang=lang, address=kept.address or "", link=link)
    return recording.set_key(frame.answer("sent", page))


@bp.post("/withdrawal")
def withdraw(lang: str) -> Response:
    """Note that an article answered it. Nothing of what was written comes with this, and nothing is kept."""
    lang = frame.language(lang)
    article = request.form.get("article", "")
    if frame.shelf().page(article) is None:
        raise NotFound
    contacting.withdraw(sent_form(lang, _topics(lang)), article)
    return frame.answer("withdrawn", WithdrawnPage(title=gettext("Glad that helped"), lang=lang))


def _again(form: ContactForm, error: PortalError) -> Response:
    """Give the form back with what stood in it, and why it was not taken; to a script, which has it, why alone."""
    status = status_of(error)
    todo = "" if isinstance(error, Invalid) else str(SAID[status].todo)
    page = _page(form, reworded(error) or str(SAID[status].title), todo)
    response = frame.answer("not_sent" if is_fragment() else "contact", page, status)
    if status in {429, 503}:
        wait = error.retry_after if isinstance(error, TooMany) else RETRY_AFTER_SECONDS
        response.headers["Retry-After"] = str(wait)
    return response


def _page(form: ContactForm, refused: str = "", todo: str = "") -> ContactPage:
    about = site()
    ours = [one for one in about.channels if one.url.startswith(LINKS)]
    fitting = [one for one in ours if not one.topics or form.topic in one.topics]
    return ContactPage(
        title=gettext("Write to us"),
        lang=form.lang,
        form=form,
        channels=tuple(channel_link(one, form.lang) for one in sorted(fitting, key=lambda one: not one.topics)),
        most_bytes=about.contact.attachment_megabytes * MEGABYTE,
        refused=refused,
        todo=todo,
    )


def _topics(lang: str) -> frozenset[str]:
    return frozenset(one.slug for one in frame.shelf().topics(lang) if one.slug)
