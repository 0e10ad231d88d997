"""What is done to a conversation besides answering it: each verb a resource below it. Works as plain forms."""

import re
from collections.abc import Callable

from flask import Response, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, replying
from portal.bootstrap import Portal
from portal.conversations import inbox
from portal.conversations.models import TEXT_LIMIT, Conversation
from portal.db import unavailable_when_away
from portal.errors import Conflict, Invalid, NotFound, PortalError, Unavailable
from portal.people import accounts
from portal.people.models import User
from portal.web import recording
from portal.web.context import the
from portal.web.desk.frame import answer, room
from portal.web.desk.inbox_asked import LIST, Asked
from portal.web.desk.inbox_pages import page_of
from portal.web.desk.inbox_reading import known
from portal.web.errors import status_of
from portal.web.room_words import reworded
from portal.web.staff import staff
from portal.web.uploads import takes_files

_NUMBER = re.compile(r"\s*#?\s*([0-9]{1,9})\s*")
_REFUSALS = (Conflict, Invalid, Unavailable)

bp = room("inbox_actions", f"{LIST}/<int:conversation_id>")


@bp.post("/assignment")
def assign(conversation_id: int) -> AnyResponse:
    """Give it to me, to somebody else, or to nobody."""
    me = staff()
    try:
        to = _chosen(request.form.get("to", ""))
    except Invalid as refusal:
        return _refused(me, conversation_id, refusal)
    return _change(me, conversation_id, inbox.assign, "assigned", to=to)


@bp.post("/notes")
@takes_files
def note(conversation_id: int) -> AnyResponse:
    """Leave a word for other members of staff. What others did meanwhile does not matter to it."""
    uid = request.form.get("uid", "")[:32] or recording.new_uid()
    return _change(staff(), conversation_id, inbox.note, "noted", is_any_version=True, text=_text(), uid=uid)


@bp.post("/closing")
def close(conversation_id: int) -> AnyResponse:
    """Say that nothing is left to do."""
    return _change(staff(), conversation_id, inbox.close, "closed")


@bp.post("/reopening")
def reopen(conversation_id: int) -> AnyResponse:
    """Go on with it."""
    return _change(staff(), conversation_id, inbox.reopen, "reopened")


@bp.post("/merge")
def merge(conversation_id: int) -> AnyResponse:
    """Move what was said to another conversation, and go on there."""
    me, into = staff(), _NUMBER.fullmatch(request.form.get("into", ""))
    if into is None:
        return _refused(me, conversation_id, Invalid(gettext("Give the number of the other conversation, such as 12.")))
    return _change(me, conversation_id, inbox.merge, "merged", into=int(into[1]))


def _change(
    me: User,
    conversation_id: int,
    verb: Callable[..., Conversation],
    done: str,
    *,
    is_any_version: bool = False,
    **details: object,
) -> AnyResponse:
    """Do it, and lead on to where it can be seen; or show the conversation as it is by now, with what was typed."""
    try:
        version = None if is_any_version else version_of_form()
        changed = replying.change(the(Portal), verb, conversation_id, by=me, at=clock.now(), version=version, **details)
    except _REFUSALS as refusal:
        return _refused(me, conversation_id, refusal)
    return redirect(Asked.here().url(changed.id, done=done), 303)


def _refused(me: User, conversation_id: int, refusal: PortalError) -> Response:
    """Say why, in the conversation's own page, whose forms hold the version that stands now."""
    about, uid = known(me, conversation_id, Asked.here()), recording.new_uid()
    page = page_of(about, uid=uid, error=reworded(refusal))
    if typed := _text():
        page = page_of(about, uid=uid, error=reworded(refusal), box=page.box.with_note(typed))
    return answer("desk/conversation.html", page, status_of(refusal))


def version_of_form() -> int:
    """Return the version of the conversation that the form's page showed. Raises Invalid."""
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - longer than any version
        raise Invalid(gettext("This form is out of date. Look at the conversation again, then send it once more."))
    return int(text)


def _chosen(written: str) -> User | None:
    """Return whom a form names. Raises Invalid for nobody who could answer."""
    if not written:
        return None
    message = gettext("Choose somebody who has an account.")
    if not (written.isascii() and written.isdigit() and len(written) < 10):  # noqa: PLR2004 - longer than any number
        raise Invalid(message)
    with unavailable_when_away(), the(Portal).database.session() as session:
        try:
            return accounts.get(session, int(written))
        except NotFound as error:
            raise Invalid(message) from error


def _text() -> str:
    return request.form.get("text", "")[: 2 * TEXT_LIMIT]
