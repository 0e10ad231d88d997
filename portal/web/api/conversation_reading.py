"""What the API asks of the conversations' store; shared by the views that show and those that change."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from portal.bootstrap import Portal
from portal.conversations import attachments, store
from portal.conversations.models import Conversation, Message
from portal.conversations.store import Cursor
from portal.db import Session, unavailable_when_away
from portal.errors import Conflict, NotFound
from portal.people import accounts
from portal.web.api.conversation_shapes import Said, Talks, TalksQuery, WholeTalk, of_message, of_talk, of_whole
from portal.web.api.members import cursor_of, place_of
from portal.web.api.writing import stale
from portal.web.context import the


def listed(query: TalksQuery, user: int) -> Talks:
    """Return a portion of a view, as one account sees it."""
    before = Cursor(*place_of(query.cursor)) if query.cursor else None
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = store.listed(session, query.view, user=user, q=_plain(query.q), before=before, limit=query.limit + 1)
        people = names(session)
    shown = found[: query.limit]
    more = len(found) > query.limit
    return Talks(
        conversations=tuple(of_talk(one, people) for one in shown),
        next_cursor=cursor_of(shown[-1].updated_at, shown[-1].id) if more else None,
    )


def shown(number: int) -> WholeTalk:
    """Return a conversation with all that was said. Raises NotFound."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        return whole(session, must_be(session, number))


def uid_of(number: int) -> str:
    """Return the uid of a conversation. Raises NotFound."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        return must_be(session, number).uid


def must_be(session: Session, number: int) -> Conversation:
    """Return a conversation. Raises NotFound."""
    found = store.conversation(session, number)
    if found is None:
        raise NotFound(f"There is no conversation {number}.")
    return found


@contextmanager
def in_time(number: int, asked: int | None) -> Iterator[None]:
    """Let something be done; where somebody was quicker, say so by the status that was asked for."""
    try:
        yield
    except Conflict as error:
        raise stale(error, asked=asked, present=_version_of(number)) from error


def told(session: Session, message: Message) -> Said:
    """Return a message with its files."""
    files = attachments.of_messages(session, [message.id])
    return of_message(message, files.get(message.id, ()), names(session))


def whole(session: Session, found: Conversation) -> WholeTalk:
    """Return a conversation with all that was said."""
    messages = store.messages(session, found.id)
    files = attachments.of_messages(session, [one.id for one in messages])
    return of_whole(found, messages, files, names(session))


def names(session: Session) -> Mapping[int, str]:
    """Return the names of all accounts, shut ones too."""
    return {one.id: one.name for one in accounts.everybody(session)}


def _plain(text: str | None) -> str:
    """Return a search without NUL, which PostgreSQL takes in no text."""
    return (text or "").replace("\x00", "")


def _version_of(number: int) -> int | None:
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = store.conversation(session, number)
    return found.version if found else None
