# ruff: noqa: PLR0913, PLR0917 - every verb has who, when and which version beside what it is about
"""The inbox's verbs: what staff do to a conversation. Each writes a message or an event, and makes a higher version.

`version` is the one that its caller looked at: a stale one raises Conflict and says who did what since; None asks for
none. Unknown numbers raise NotFound, shut accounts Forbidden. Verbs flush; edges commit, within `transaction(session)`,
or two that write at once would not see each other on SQLite.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.conversations import attachments, store
from portal.conversations._changes import add, changed, clean, happened, must_be, refuse_the_stale, settled, take
from portal.conversations.attachments import Upload
from portal.conversations.models import Attachment, Conversation, Kind, Message, Standing
from portal.conversations.standing import Happening, standing_of
from portal.errors import Conflict, Invalid, NotFound
from portal.links.models import SentLink
from portal.people.models import User

UNDO = timedelta(seconds=10)
"""How long a reply can be taken back: long enough to see a wrong name in it, too short for anybody to wait for."""
_MOVES = (Kind.CUSTOMER, Kind.REPLY, Kind.NOTE, Kind.DRAFT)
"""What goes along when a conversation is merged; events stay, for they tell of the one that they happened to."""


def assign(
    session: Session, conversation_id: int, *, to: User | None, by: User, at: datetime, version: int | None = None
) -> Conversation:
    """Give it to a member of staff, or with None to nobody. Raises Invalid for a shut account."""
    if to is not None and to.is_disabled:
        raise Invalid(f"{to.name}'s account is shut. Choose somebody else.")
    found = take(session, conversation_id, by, at, version)
    if found.assignee == (to.id if to else None):
        return found
    found.assignee = to.id if to else None
    return happened(session, found, Happening.ASSIGNED, by, at, about=to.name if to else "")


def note(
    session: Session,
    conversation_id: int,
    *,
    text: str,
    by: User,
    at: datetime,
    version: int | None = None,
    uid: str | None = None,
) -> Conversation:
    """Leave a word that only staff see. uid: of the form, so that the same one sent twice is one. Raises Invalid."""
    written = clean(text)
    if uid and (known := store.message(session, uid)):
        return must_be(session, known.conversation_id)
    found = take(session, conversation_id, by, at, version)
    add(session, found, Kind.NOTE, by, at, text=written, uid=uid)
    return changed(session, found, at)


def close(
    session: Session, conversation_id: int, *, by: User, at: datetime, version: int | None = None
) -> Conversation:
    """Say that nothing is left to do. The customer's next word opens it again. Closing twice is closing once."""
    found = take(session, conversation_id, by, at, None)
    if found.standing is Standing.CLOSED:
        return found
    refuse_the_stale(session, found, at, version)
    found.standing, found.closed_at = Standing.CLOSED, at
    return happened(session, found, Happening.CLOSED, by, at)


def reopen(
    session: Session, conversation_id: int, *, by: User, at: datetime, version: int | None = None
) -> Conversation:
    """Go on with what was closed; opening twice is opening once."""
    found = take(session, conversation_id, by, at, None)
    if found.standing is not Standing.CLOSED:
        return found
    refuse_the_stale(session, found, at, version)
    found.closed_at = None
    happened(session, found, Happening.REOPENED, by, at)
    found.standing = standing_of(store.messages(session, found.id))
    session.flush()
    return found


def merge(
    session: Session, conversation_id: int, *, into: int, by: User, at: datetime, version: int | None = None
) -> Conversation:
    """Move what was said to another conversation of the same customer, and return that one.

    Only where both have the same address: each one's private link leads to the other's words from then on.
    Raises Invalid, and Conflict where the other one was merged itself.
    """
    found = take(session, conversation_id, by, at, version)
    if into == conversation_id:
        raise Invalid(f"Conversation {into} can't be merged into itself. Choose another.")
    target = take(session, into, by, at, None)
    if not found.address or found.address != target.address:
        raise Invalid(
            f"Conversations {found.id} and {target.id} are not from the same address. "
            "Merged, one customer would read what the other wrote."
        )
    _move(session, found, target)
    found.standing, found.merged_into = Standing.MERGED, target.id
    happened(session, found, Happening.MERGED, by, at, about=f"#{target.id} {target.subject}")
    happened(session, target, Happening.TOOK_IN, by, at, about=f"#{found.id} {found.subject}")
    return settled(session, target)


def reply(
    session: Session,
    conversation_id: int,
    *,
    by: User,
    at: datetime,
    uid: str,
    text: str,
    files: Sequence[Upload] = (),
    kept: Collection[str] | None = None,
    version: int | None = None,
    closes: bool = False,
    delay: timedelta = UNDO,
) -> Message:
    """Answer the customer; the reply goes out after `delay`, and until then can be taken back.

    uid: of the form: the same one sent twice is one, and the uid of a reply that was taken back sends that one again.
    kept: uids of the files of such a one that still go along; None for all. closes: nothing is left to do after it.
    Whoever answers a conversation that nobody has is its assignee from then on. Raises Invalid.
    """
    written = clean(text)
    known = store.message(session, uid)
    if known is not None and known.kind is Kind.REPLY and known.conversation_id == conversation_id:
        return known
    found = take(session, conversation_id, by, at, version)
    sent = _as_reply(session, found, known, by, at, uid, written)
    sent.send_at = at + delay
    _drop(session, sent, kept)
    if files:
        attachments.keep(session, sent, files, at=at)
    if found.assignee is None:
        found.assignee = by.id
        add(session, found, Kind.EVENT, by, at, text=Happening.ASSIGNED, about=by.name)
    found.agent_at, found.problem = at, None  # whether this one arrives is not known yet
    if closes:
        add(session, found, Kind.EVENT, by, at, text=Happening.CLOSED, about=uid)
    settled(session, changed(session, found, at))
    return sent


def take_back(session: Session, message_uid: str, *, by: User, at: datetime) -> Message:
    """Take a reply back before it goes: it is a draft of its author's, and all stands as it did before.

    Taking back twice is taking back once. Raises NotFound, Forbidden for another's, Conflict once it has gone.
    """
    sent = store.message(session, message_uid)
    if sent is None or sent.kind not in {Kind.REPLY, Kind.DRAFT} or sent.author != by.id:
        raise NotFound("There is no such reply of yours.")
    found = take(session, sent.conversation_id, by, at, None)
    if sent.kind is Kind.DRAFT:
        return sent
    if sent.send_at is None or sent.send_at <= at:
        raise Conflict("This reply has gone out already, so it can't be taken back. Write another to put it right.")
    sent.kind, sent.send_at = Kind.DRAFT, None
    closing = (Message.kind == Kind.EVENT, Message.text == Happening.CLOSED, Message.about == message_uid)
    session.execute(delete(Message).where(Message.conversation_id == found.id, *closing))
    settled(session, happened(session, found, Happening.TOOK_BACK, by, at))
    return sent


def set_aside(
    session: Session,
    conversation_id: int,
    *,
    by: User,
    at: datetime,
    uid: str,
    text: str,
    files: Sequence[Upload] = (),
    kept: Collection[str] | None = None,
) -> Message:
    """Keep a reply that could not be sent as its author's draft, with its files; nothing else changes.

    uid, files and kept as for `reply`. Raises Invalid.
    """
    written, known = clean(text), store.message(session, uid)
    found = take(session, conversation_id, by, at, None)
    aside = _as_reply(session, found, known, by, at, uid, written)
    aside.kind = Kind.DRAFT
    _drop(session, aside, kept)
    if files:
        attachments.keep(session, aside, files, at=at)
    session.flush()
    return aside


def discard(session: Session, message_uid: str, *, by: User) -> None:
    """Throw a draft of one's own away; nothing happens where there is none of this uid."""
    mine = (Message.uid == message_uid, Message.kind == Kind.DRAFT, Message.author == by.id)
    session.execute(delete(Message).where(*mine))


def _as_reply(
    session: Session, found: Conversation, known: Message | None, by: User, at: datetime, uid: str, text: str
) -> Message:
    """Return a new reply, or the one that was taken back, with the new text."""
    if known is None:
        return add(session, found, Kind.REPLY, by, at, text=text, uid=uid)
    if known.kind is not Kind.DRAFT or known.author != by.id or known.conversation_id != found.id:
        raise Conflict("This form was used for something else already. Load the page again.")
    known.kind, known.text, known.created_at = Kind.REPLY, text, at
    return known


def _drop(session: Session, sent: Message, kept: Collection[str] | None) -> None:
    """Forget those files of a reply that was taken back which are not to go along any more."""
    if kept is not None:
        session.execute(delete(Attachment).where(Attachment.message_id == sent.id, Attachment.uid.not_in(kept)))


def _move(session: Session, found: Conversation, target: Conversation) -> None:
    moving = update(Message).where(Message.conversation_id == found.id, Message.kind.in_(_MOVES))
    session.execute(moving.values(conversation_id=target.id))
    session.execute(update(SentLink).where(SentLink.conversation == found.id).values(conversation=target.id))
    times = [one for one in (found.customer_at, target.customer_at) if one]
    target.customer_at = max(times) if times else None
    session.flush()
    session.expire_all()
