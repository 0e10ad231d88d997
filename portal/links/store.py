"""Links that agents sent: made, sent, opened, voted on, come back from; and what came of an article's in all."""

import secrets
import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from portal.links.models import TOKEN_LENGTH, Origin, SentLink

COUNTED_WHEN_COPIED = frozenset({Origin.PICKER, Origin.SIDEBAR})
"""Links that leave for programs which never tell us whether they were sent."""
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Record:
    """What came of the links of an article that were sent; each figure counts links, so none is above `sent`."""

    sent: int = 0
    opened: int = 0
    helpful: int = 0
    unhelpful: int = 0
    came_back: int = 0
    """Links whose customer wrote again afterwards, or turned to a person from the article."""


def make(  # noqa: PLR0913 - a link is all of these
    session: Session,
    *,
    article: str,
    anchor: str = "",
    lang: str,
    origin: Origin,
    user: int | None,
    conversation: int | None = None,
    at: datetime,
) -> SentLink:
    """Make a link that was picked. It counts as sent at once where `origin` is of COUNTED_WHEN_COPIED."""
    link = SentLink(
        token="".join(secrets.choice(_LETTERS) for _ in range(TOKEN_LENGTH)),
        article=article,
        anchor=anchor,
        lang=lang,
        origin=origin,
        user=user,
        conversation=conversation,
        made_at=at,
        sent_at=at if origin in COUNTED_WHEN_COPIED else None,
        opened=0,
    )
    session.add(link)
    session.flush()
    return link


def find(session: Session, token: str) -> SentLink | None:
    """Return the link of a token, None for one that nobody made."""
    return session.get(SentLink, token)


def sent(session: Session, tokens: Collection[str], *, message: str, conversation: int, at: datetime) -> None:
    """Note that these links went out in a reply. Those of an earlier reply, quoted in this one, stay with theirs.

    message: the reply's uid. at: when it goes out. Safe to be repeated.
    """
    new = update(SentLink).where(SentLink.token.in_(tokens), SentLink.message.is_(None))
    values = {"message": message, "conversation": conversation, "sent_at": func.coalesce(SentLink.sent_at, at)}
    session.execute(new.values(values))


def unsent(session: Session, message: str) -> None:
    """Take back what `sent` noted for a reply that was taken back before it went out."""
    mine = update(SentLink).where(SentLink.message == message)
    session.execute(mine.where(SentLink.origin.not_in(COUNTED_WHEN_COPIED)).values(sent_at=None))
    session.execute(mine.values(message=None))


def opened(session: Session, token: str, at: datetime) -> None:
    """Count an opening."""
    first = func.coalesce(SentLink.opened_at, at)
    session.execute(update(SentLink).where(SentLink.token == token).values(opened=SentLink.opened + 1, opened_at=first))


def voted(session: Session, token: str, is_helpful: bool | None) -> None:
    """Note what somebody who came by a link said of the article; None where they took it back."""
    session.execute(update(SentLink).where(SentLink.token == token).values(is_helpful=is_helpful))


def came_back(session: Session, conversation: int, at: datetime) -> None:
    """Note that the customer of a conversation wrote again; links sent before count, each once."""
    before = update(SentLink).where(SentLink.conversation == conversation, SentLink.sent_at <= at)
    session.execute(before.where(SentLink.came_back_at.is_(None)).values(came_back_at=at))


def turned(session: Session, token: str, at: datetime) -> None:
    """Note that somebody who came by a link turned from the article to a person; counts once."""
    session.execute(
        update(SentLink).where(SentLink.token == token, SentLink.came_back_at.is_(None)).values(came_back_at=at)
    )


def erase(session: Session, conversations: Collection[int]) -> None:
    """Delete the links of these conversations, as if none had been sent."""
    session.execute(delete(SentLink).where(SentLink.conversation.in_(conversations)))


def records(session: Session, articles: Collection[str], *, since: datetime | None = None) -> Mapping[str, Record]:
    """Return the record of each of these articles that was ever sent, in one question. since: when it was sent."""
    asked = select(SentLink.article, *_figures()).where(SentLink.article.in_(articles), *_counted(since))
    return {article: Record(*row) for article, *row in session.execute(asked.group_by(SentLink.article))}


def all_records(session: Session, *, since: datetime | None = None, user: int | None = None) -> Mapping[str, Record]:
    """Return the record of every article that was sent, those sent most often first. user: of one agent's alone."""
    asked = select(SentLink.article, *_figures()).where(*_counted(since))
    if user is not None:
        asked = asked.where(SentLink.user == user)
    ordered = asked.group_by(SentLink.article).order_by(func.count().desc(), SentLink.article)
    return {article: Record(*row) for article, *row in session.execute(ordered)}


def agents(session: Session, *, since: datetime | None = None) -> Mapping[int, int]:
    """Return how many links each agent sent, by account; links of accounts that are gone are nobody's."""
    asked = select(SentLink.user, func.count()).where(SentLink.user.is_not(None), *_counted(since))
    return {user: number for user, number in session.execute(asked.group_by(SentLink.user)) if user is not None}


def _counted(since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    is_sent = SentLink.sent_at.is_not(None)
    return (is_sent,) if since is None else (is_sent, SentLink.sent_at >= since)


def _figures() -> tuple[ColumnElement[int], ...]:
    """Return sent, opened, helpful, unhelpful, came_back, as `Record` has them."""
    return (
        func.count(),
        func.count().filter(SentLink.opened > 0),
        func.count().filter(SentLink.is_helpful.is_(True)),
        func.count().filter(SentLink.is_helpful.is_(False)),
        func.count().filter(SentLink.came_back_at.is_not(None)),
    )
