"""The inbox: what customers ask people, as a list and one by one."""

from flask import Response, jsonify, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal.bootstrap import Portal
from portal.conversations import attachments, saved, store
from portal.conversations.models import Kind, Message
from portal.db import unavailable_when_away
from portal.errors import NotFound
from portal.people.models import User
from portal.web import recording
from portal.web.caching import never_kept
from portal.web.context import the
from portal.web.desk.frame import answer, room
from portal.web.desk.inbox_asked import LIST, Asked
from portal.web.desk.inbox_lists import page_of as list_of
from portal.web.desk.inbox_pages import page_of
from portal.web.desk.inbox_reading import found, known
from portal.web.desk.inbox_words import DONE
from portal.web.downloads import send_attachment
from portal.web.saved_filling import values_for
from portal.web.staff import staff

bp = room("inbox", LIST)


@bp.get("")
def index() -> Response:
    """List conversations, the one with the newest activity first."""
    return answer("desk/inbox.html", list_of(found(staff(), Asked.here())))


@bp.get("/<int:conversation_id>")
def show(conversation_id: int) -> Response:
    """Show one conversation, with the list it was found in."""
    about = known(staff(), conversation_id, Asked.here())
    done = str(DONE.get(request.args.get("done", ""), ""))
    error = "" if about.merging or "into" not in request.args else gettext("There is no such conversation to merge.")
    return answer("desk/conversation.html", page_of(about, uid=recording.new_uid(), done=done, error=error))


@bp.get("/<int:conversation_id>/files/<uid>")
def file(conversation_id: int, uid: str) -> Response:
    """Hand out a file of a conversation."""
    me = staff()
    with unavailable_when_away(), the(Portal).database.session() as session:
        kept = attachments.content(session, uid)
        if kept is None or not _may_have(store.message_by_id(session, kept[0].message_id), conversation_id, me):
            raise NotFound
    return send_attachment(*kept)


@bp.get("/<int:conversation_id>/saved/<int:saved_id>")
def saved_text(conversation_id: int, saved_id: int) -> AnyResponse:
    """Return a saved reply with its variables filled in, for a script; `missing` names those that stay."""
    me = staff()
    with unavailable_when_away(), the(Portal).database.session() as session:
        one = store.conversation(session, conversation_id)
        if one is None:
            raise NotFound
        filled = saved.fill(saved.get(session, saved_id).text, values_for(one, me))
    told = [gettext("{%(name)s} has no value here, so it stays in the text.", name=name) for name in filled.missing]
    return never_kept(jsonify({"text": filled.text, "missing": list(filled.missing), "said": " ".join(told)}))


def _may_have(message: Message | None, conversation_id: int, me: User) -> bool:
    """Whether a message stands in this conversation, and is no draft of somebody else's."""
    if message is None or message.conversation_id != conversation_id:
        return False
    return message.kind is not Kind.DRAFT or message.author == me.id
