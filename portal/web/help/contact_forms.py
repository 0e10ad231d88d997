"""The contact form: it suggests while it is written, is withdrawn where that helped, or sent. Works as a plain form."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from portal.bootstrap import Portal
from portal.conversations.attachments import Upload
from portal.conversations.keys import private_path
from portal.conversations.models import Conversation, Entry
from portal.errors import NotFound, PortalError, TooLarge
from portal.search.hits import Match
from portal.web import caching, contact_forms, contacting, languages, uploads
from portal.web.access import shelf
from portal.web.contact_forms import ContactForm, new_form, sent_form
from portal.web.context import the
from portal.web.fragments import is_fragment
from portal.web.frame import render
from portal.web.help.contact_pages import FormPage, WithdrawnPage
from portal.web.parameters import name
from portal.web.refusals import Refusal
from portal.web.writing import Suggested, Writing, topics_of

bp = Blueprint("contact_forms", __name__, url_prefix="/<lang:lang>/contact")


@bp.get("/form")
def show(lang: str) -> Response:
    """Show the form."""
    return blank(_known(lang), name("topic") or "")


def blank(lang: str, topic: str) -> Response:
    """Answer with a form in which nothing is written; each is one person's, so that nobody keeps it.

    topic: what it is about; one that there is not is none.
    """
    return _page(new_form(lang, topic if topic in topics_of(shelf(), lang) else ""))


@bp.post("/form")
@uploads.takes_files
def send(lang: str) -> Response:
    """Keep what was written, and lead its writer to the conversation; whatever is wrong, the form comes back whole.

    Without a script, the first sending shows what may answer it; not where files would be lost on the way.
    """
    form, files = _sent(lang), uploads.uploads_of()
    try:
        received = contact_forms.received(form, files, Entry.FORM)
        contact_forms.check_hand(form)
        suggested = () if form.is_shown or files or is_fragment() else contacting.suggest(form)
        if suggested:
            return _page(form, suggested=suggested)
        conversation = contacting.send(form, received)
    except PortalError as error:
        return _again(form, error, files)
    return _lead_to(lang, conversation)


@bp.post("/suggestions")
def suggest(lang: str) -> Response:
    """Return what may answer a form that is being written, as a fragment."""
    form = _sent(lang)
    page = FormPage.of(shelf(), _writing(form, contacting.suggest(form)))
    return caching.fresh(render("help/_contact_suggestions.html", page))


@bp.post("/withdrawal")
def withdraw(lang: str) -> Response:
    """Note that an article answered it. Nothing of what was written comes with this, and nothing is kept."""
    form, article = _sent(lang), request.form.get("article", "")
    if shelf().page(article) is None:
        raise NotFound
    contacting.withdraw(form, article)
    return redirect(f"/{form.lang}/contact/withdrawn?{urlencode({'article': article})}", 303)


@bp.get("/withdrawn")
def say_withdrawn(lang: str) -> Response:
    """Say that nothing was sent, and nothing kept."""
    lang, page = _known(lang), shelf().page(request.args.get("article", ""))
    return caching.fresh(render("help/contact_withdrawn.html", WithdrawnPage.of(lang, page.card if page else None)))


@bp.errorhandler(TooLarge)
def refuse_size(error: TooLarge) -> Response:
    """Show the form again: nothing of one that is too large could be read, so a script puts back what was written."""
    lang = str((request.view_args or {}).get("lang", ""))
    return _again(new_form(_known(lang)), error, ())


def _known(lang: str) -> str:
    return languages.known(lang, shelf().languages())


def _sent(lang: str) -> ContactForm:
    lang = _known(lang)
    return sent_form(lang, topics_of(shelf(), lang))


def _lead_to(lang: str, conversation: Conversation) -> Response:
    """Lead to the private page; a script goes there itself, so that the page is asked for once."""
    url = private_path(the(Portal).settings.secret(), _known(lang), conversation.uid) + "?sent=1"
    response = Response(status=201, headers={"Location": url}) if is_fragment() else redirect(url, 303)
    response.headers["Cache-Control"] = caching.NEVER
    return response


def _again(form: ContactForm, error: PortalError, files: tuple[Upload, ...]) -> Response:
    """Show the form with what they wrote in it, and why it was not taken; to a script, which has it open, why alone."""
    refusal = Refusal.of(error)
    response = _page(form, refusal=refusal, has_lost_files=bool(files))
    refusal.put_on(response)
    return response


def _page(
    form: ContactForm,
    *,
    suggested: tuple[Match, ...] = (),
    refusal: Refusal | None = None,
    has_lost_files: bool = False,
) -> Response:
    writing = replace(_writing(form, suggested), refusal=refusal, has_lost_files=has_lost_files)
    is_part = bool(refusal) and is_fragment()
    template = "help/_contact_refused.html" if is_part else "help/contact_form.html"
    return caching.fresh(render(template, FormPage.of(shelf(), writing)))


def _writing(form: ContactForm, suggested: tuple[Match, ...]) -> Writing:
    return Writing(
        form=form,
        url=f"/{form.lang}/contact/form",
        withdrawal_url=f"/{form.lang}/contact/withdrawal",
        suggested=tuple(Suggested.of(one) for one in suggested),
    )
