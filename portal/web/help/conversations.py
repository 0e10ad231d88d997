"""A conversation's private page: what was said, files, and room to write again. Its address is the customer's key.

Nobody but who has the address comes here, so it is told to nobody: not kept, not listed, not sent on as a referrer.
A key that isn't ours is answered as any page that is missing.
"""

from dataclasses import replace

from flask import Blueprint, redirect, request
from limits import RateLimitItemPerHour
from werkzeug.wrappers import Response

from portal import clock, receiving
from portal.bootstrap import Portal
from portal.conversations import attachments, intake, store, wording
from portal.conversations.attachments import Upload
from portal.conversations.keys import uid_of
from portal.conversations.models import Conversation, Message, Standing
from portal.db import Session, unavailable_when_away
from portal.errors import NotFound, PortalError, TooLarge
from portal.feedback.requests import is_uid
from portal.web import caching, languages, recording, uploads
from portal.web.access import shelf
from portal.web.context import site, the
from portal.web.downloads import send_attachment
from portal.web.fragments import is_fragment
from portal.web.frame import render
from portal.web.help.conversation_pages import ConversationPage, said, state_of, translations_of, where_of
from portal.web.limits import Limits, client_address
from portal.web.refusals import Refusal

MESSAGES_AN_HOUR = 60
"""From one address, to conversations that are there: a talk has a message a minute at most."""

bp = Blueprint("conversations", __name__, url_prefix="/<lang:lang>/conversations/<key>")


@bp.get("")
def show(lang: str, key: str) -> Response:
    """Show what was said so far, and a form to write again."""
    return _answer(_page(lang, key))


@bp.post("")
@uploads.takes_files
def write(lang: str, key: str) -> Response:
    """Keep what the customer wrote; then the page shows it."""
    page, files = _page(lang, key), uploads.uploads_of()
    try:
        _keep(page, key, files)
    except PortalError as error:
        return _again(page, error, files)
    response = Response(status=201, headers={"Location": page.url}) if is_fragment() else redirect(page.url, 303)
    return _private(response)


@bp.get("/attachments/<uid>/<name>")
def attachment(lang: str, key: str, uid: str, name: str) -> Response:
    """Hand out a file of a message that the customer may see."""
    _known(lang)
    with unavailable_when_away(), the(Portal).database.session() as session:
        _, messages = _seen(session, key)
        found = attachments.content(session, uid)
    if found is None or found[0].name != name or found[0].message_id not in {one.id for one in messages}:
        raise NotFound
    return _private(send_attachment(*found))


@bp.errorhandler(TooLarge)
def refuse_size(error: TooLarge) -> Response:
    """Show the page again; of what was too large nothing could be read, so a script puts back what was written."""
    given = request.view_args or {}
    return _again(_page(str(given.get("lang", "")), str(given.get("key", ""))), error, ())


@bp.after_request
def tell_nobody(response: Response) -> Response:
    """Keep the address of the page to whoever has it, whatever is answered."""
    return _private(response)


def _page(lang: str, key: str) -> ConversationPage:
    """Return the page of a key. Raises NotFound, Unavailable."""
    lang = _known(lang)
    url = f"/{lang}/conversations/{key}"
    with unavailable_when_away(), the(Portal).database.session() as session:
        conversation, messages = _seen(session, key)
        files = attachments.of_messages(session, [one.id for one in messages])
    has_mail = the(Portal).settings.smtp_url is not None
    return ConversationPage(
        title=conversation.subject,
        lang=lang,
        translations=translations_of(shelf(), lang, key),
        url=url,
        number=conversation.id,
        spoken=conversation.lang,
        messages=said(messages, files, url),
        state=state_of(conversation),
        where=where_of(conversation, has_mail=has_mail),
        uid=recording.new_uid(),
        contact=site().contact,
        is_closed=conversation.standing is Standing.CLOSED,
        is_new=request.args.get("sent") == "1",
    )


def _seen(session: Session, key: str) -> tuple[Conversation, list[Message]]:
    """Return a key's conversation, or the one that it went into, and what its customer may see. Raises NotFound."""
    uid = uid_of(the(Portal).settings.secret(), key)
    found = store.by_uid(session, uid) if uid else None
    if found is None:
        raise NotFound
    return found, store.seen_by_customer(store.messages(session, found.id), clock.now())


def _keep(page: ConversationPage, key: str, files: tuple[Upload, ...]) -> None:
    """Commit a message. Raises Invalid, TooMany, Unavailable."""
    text = wording.read_text(request.form.get("text", ""))
    safe = attachments.check(files, page.contact)
    limit = RateLimitItemPerHour(MESSAGES_AN_HOUR)
    the(Limits).count(limit, "message", address=client_address(), today=clock.now().date())
    conversation = uid_of(the(Portal).settings.secret(), key) or ""
    sizes = (f"{one.name} {len(one.content)}" for one in safe)
    uid = intake.uid_of(_form_uid(page), conversation, text, *sizes)
    receiving.customer_wrote(the(Portal), conversation, uid=uid, text=text, files=safe, at=clock.now())


def _form_uid(page: ConversationPage) -> str:
    given = request.form.get("uid", "")
    return given if is_uid(given) else page.uid


def _again(page: ConversationPage, error: PortalError, files: tuple[Upload, ...]) -> Response:
    """Show the page with what they wrote in it, and why it was not taken."""
    refusal = Refusal.of(error)
    shown = replace(page, refusal=refusal, has_lost_files=bool(files))
    if not isinstance(error, TooLarge):
        shown = replace(shown, text=request.form.get("text", ""), uid=_form_uid(page))
    response = _answer(shown)
    refusal.put_on(response)
    return response


def _answer(page: ConversationPage) -> Response:
    is_part = bool(page.refusal) and is_fragment()
    template = "help/_message_refused.html" if is_part else "help/conversation.html"
    return _private(caching.fresh(render(template, page)))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = caching.NEVER
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _known(lang: str) -> str:
    return languages.known(lang, shelf().languages())
