"""Contact: a request is written and sent inside the frame; other ways to reach people stand below it."""

from dataclasses import dataclass, replace

from flask import Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal.bootstrap import Portal
from portal.conversations.attachments import Upload
from portal.conversations.keys import private_path
from portal.conversations.models import Entry
from portal.errors import NotFound, PortalError
from portal.web import contacting, recording, ways
from portal.web.contact_forms import ContactForm, check_hand, new_form, received, sent_form
from portal.web.context import the
from portal.web.fragments import is_fragment
from portal.web.frame import ChannelLink
from portal.web.parameters import name
from portal.web.refusals import Refusal
from portal.web.uploads import takes_files, uploads_of
from portal.web.widget import frame
from portal.web.writing import Writing, topics_of

bp = frame.room("contact", __name__, "/widget/<lang:lang>/contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage(frame.WidgetPage):
    """widget/_contact.html, and what was refused of it, widget/_not_sent.html."""

    writing: Writing
    others: tuple[ChannelLink, ...]
    """The other ways to reach people."""


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
    form = new_form(lang, topic if topic in topics_of(frame.shelf(), lang) else "")
    return frame.answer("contact", _page(_writing(form)))


@bp.post("")
@takes_files
def send(lang: str) -> AnyResponse:
    """Keep what was written; only then is anybody thanked. Sent twice, it is one."""
    lang = frame.language(lang)
    form = sent_form(lang, topics_of(frame.shelf(), lang))
    files = uploads_of()
    try:
        check_hand(form)
        kept = contacting.send(form, received(form, files, Entry.WIDGET))
    except PortalError as error:
        return _again(form, error, files)
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
    contacting.withdraw(sent_form(lang, topics_of(frame.shelf(), lang)), article)
    return frame.answer("withdrawn", WithdrawnPage(title=gettext("Glad that helped"), lang=lang))


def _again(form: ContactForm, error: PortalError, files: tuple[Upload, ...]) -> Response:
    """Give the form back with what stood in it, and why it was not taken; to a script, which has it, why alone."""
    refusal = Refusal.of(error)
    page = _page(replace(_writing(form), refusal=refusal, has_lost_files=bool(files)))
    response = frame.answer("not_sent" if is_fragment() else "contact", page)
    refusal.put_on(response)
    return response


def _page(writing: Writing) -> ContactPage:
    form = writing.form
    return ContactPage(
        title=gettext("Write to us"), lang=form.lang, writing=writing, others=ways.others(form.lang, form.topic)
    )


def _writing(form: ContactForm) -> Writing:
    url = f"/widget/{form.lang}/contact"
    return Writing(form=form, url=url, withdrawal_url=f"{url}/withdrawal")
