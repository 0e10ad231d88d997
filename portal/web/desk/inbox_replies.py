"""Answering a customer: sending, taking back within seconds, and what happens when somebody else was quicker."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Response, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, replying
from portal.bootstrap import Portal
from portal.conversations import attachments, inbox, saved, store
from portal.conversations.attachments import Upload
from portal.conversations.models import TEXT_LIMIT, Standing
from portal.db import transaction
from portal.errors import Conflict, Invalid, NotFound, PortalError, Unavailable
from portal.people.models import User
from portal.web import recording
from portal.web.context import site, the
from portal.web.desk.frame import answer, room
from portal.web.desk.inbox_actions import version_of_form
from portal.web.desk.inbox_asked import LIST, Asked
from portal.web.desk.inbox_pages import Known, files_of, greeting_of, page_of
from portal.web.desk.inbox_parts import Box
from portal.web.desk.inbox_reading import known
from portal.web.errors import status_of
from portal.web.room_words import reworded
from portal.web.saved_filling import values_for
from portal.web.staff import staff
from portal.web.uploads import takes_files, uploads_of

_UID_LENGTH = 32
_MOST_SAVED = 20

bp = room("inbox_replies", f"{LIST}/<int:conversation_id>")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the reply form held."""

    uid: str
    text: str
    seen: int
    """The newest message that its writer saw."""
    closes: bool
    kept: tuple[str, ...] | None
    """Files of a draft that still go along; None where the form had none."""
    saved: tuple[int, ...]
    """Saved replies that went into it."""

    @classmethod
    def here(cls) -> "Typed":
        """Read this request's form."""
        form = request.form
        uid = form.get("uid", "").lower()
        is_uid = len(uid) == _UID_LENGTH and set(uid) <= set("0123456789abcdef")
        return cls(
            uid=uid if is_uid else recording.new_uid(),
            text=form.get("text", "").replace("\r\n", "\n")[: 2 * TEXT_LIMIT],
            seen=_whole(form.get("seen", "")),
            closes="closes" in form,
            kept=tuple(form.getlist("kept")) if "has_files" in form else None,
            saved=tuple(filter(None, map(_whole, form.getlist("saved")[:_MOST_SAVED]))),
        )


@bp.post("/replies")
@takes_files
def send(conversation_id: int) -> AnyResponse:
    """Answer the customer; or put a saved reply into the box, where that was asked for."""
    me, typed = staff(), Typed.here()
    if "insert" in request.form:
        return _insert(me, conversation_id, typed)
    files: tuple[Upload, ...] = ()
    try:
        files = attachments.check(uploads_of(), site().contact)
        _refuse_the_bare(conversation_id, typed)
        sent = replying.reply(
            the(Portal), conversation_id, by=me, at=clock.now(), uid=typed.uid, text=typed.text, files=files,
            kept=typed.kept, version=version_of_form(), closes=typed.closes,
        )  # fmt: skip
    except Conflict as refusal:
        return _too_late(me, conversation_id, typed, files, refusal)
    except (Invalid, Unavailable) as refusal:
        return _refused(me, conversation_id, typed, refusal)
    _count_saved(typed.saved)
    return redirect(f"{Asked.here().url(conversation_id)}#m-{sent.uid}", 303)


@bp.post("/replies/<uid>/withdrawal")
def take_back(conversation_id: int, uid: str) -> AnyResponse:
    """Take a reply back before it goes; its text stands in the box again."""
    me = staff()
    try:
        replying.take_back(the(Portal), uid, by=me, at=clock.now())
    except Conflict as refusal:
        page = page_of(known(me, conversation_id, Asked.here()), uid=recording.new_uid(), error=reworded(refusal))
        return answer("desk/conversation.html", page, status_of(refusal))
    return redirect(f"{Asked.here().url(conversation_id, done='taken-back')}#reply", 303)


@bp.post("/drafts/<uid>/removal")
def discard(conversation_id: int, uid: str) -> AnyResponse:
    """Throw a draft of mine away."""
    me = staff()
    with the(Portal).database.session() as session, transaction(session):
        inbox.discard(session, uid, by=me)
    return redirect(Asked.here().url(conversation_id, done="discarded"), 303)


def _refuse_the_bare(conversation_id: int, typed: Typed) -> None:
    """Raise Invalid for a reply that is its greeting alone: sent by mistake."""
    with the(Portal).database.session() as session:
        one = store.conversation(session, conversation_id)
    if one is None:
        raise NotFound
    if typed.text.strip() == greeting_of(one).strip():
        raise Invalid(gettext("There is only the greeting in it. Write your answer below."))


def _too_late(me: User, conversation_id: int, typed: Typed, files: Sequence[Upload], refusal: Conflict) -> AnyResponse:
    """Keep what was written, with its files, and show what came since; sending again sends it."""
    about = known(me, conversation_id, Asked.here())
    if about.conversation.standing is Standing.MERGED and about.conversation.merged_into:
        return _refused(me, about.conversation.merged_into, typed, refusal)
    aside = _set_aside(me, conversation_id, typed, files)
    if aside is None:
        return _refused(me, conversation_id, typed, refusal)
    about = known(me, conversation_id, Asked.here())
    kept = files_of(about, about.draft) if about.draft and about.draft.uid == aside else ()
    box = Box(uid=aside, text=typed.text, files=kept, is_typed=True, is_kept=True, is_stale=True, saved=typed.saved)
    page = page_of(about, uid=aside, box=box, since=typed.seen, error=reworded(refusal))
    return answer("desk/conversation.html", page, status_of(refusal))


def _set_aside(me: User, conversation_id: int, typed: Typed, files: Sequence[Upload]) -> str | None:
    """Keep a reply as a draft; return its uid, None where it can't be kept and stays in the box alone."""
    try:
        with the(Portal).database.session() as session, transaction(session):
            return inbox.set_aside(
                session, conversation_id, by=me, at=clock.now(), uid=typed.uid, text=typed.text, files=files,
                kept=typed.kept,
            ).uid  # fmt: skip
    except (Conflict, Invalid, Unavailable):
        return None


def _refused(me: User, conversation_id: int, typed: Typed, refusal: PortalError) -> Response:
    """Say why nothing was sent, with what was written still in the box."""
    about = known(me, conversation_id, Asked.here())
    said = reworded(refusal)
    if any(one.filename for one in request.files.getlist("files")):
        said = f"{said} {gettext('Choose the files again: browsers keep none in a form that comes back.')}"
    page = page_of(about, uid=typed.uid, box=_box(about, typed), error=said)
    return answer("desk/conversation.html", page, status_of(refusal))


def _insert(me: User, conversation_id: int, typed: Typed) -> Response:
    """Put a saved reply below what stands in the box; without a script the server does it."""
    about, chosen = known(me, conversation_id, Asked.here()), _whole(request.form.get("reply", ""))
    box = _box(about, typed)
    one = next((reply for reply in about.saved if reply.id == chosen), None)
    if one is not None:
        filled = saved.fill(one.text, values_for(about.conversation, me))
        text = f"{typed.text.rstrip()}\n\n{filled.text}\n".lstrip("\n")
        box = replace(box, text=text, saved=(*typed.saved, one.id), missing=filled.missing)
    return answer("desk/conversation.html", page_of(about, uid=typed.uid, box=box))


def _box(about: Known, typed: Typed) -> Box:
    files = files_of(about, about.draft) if about.draft and about.draft.uid == typed.uid else ()
    return Box(uid=typed.uid, text=typed.text, files=files, is_typed=True, saved=typed.saved)


def _count_saved(ids: Sequence[int]) -> None:
    if ids:
        with the(Portal).database.session() as session, transaction(session):
            for one in ids:
                saved.use(session, one)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("999999999") else 0
