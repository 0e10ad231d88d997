"""Votes: cast, explained, withdrawn and counted. Every verb writes before it reads; edges commit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, func, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.errors import Conflict, Invalid, NotFound
from portal.feedback.models import COMMENT_LIMIT, Reason, Vote
from portal.text import without_controls

_FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many found it helpful, and how many did not."""

    helpful: int = 0
    unhelpful: int = 0

    @property
    def total(self) -> int:
        """All votes."""
        return self.helpful + self.unhelpful


def cast(  # noqa: PLR0913 - a vote is all of these
    session: Session, *, article: str, revision: str, lang: str, voter: str, is_helpful: bool, at: datetime
) -> Vote:
    """Count a click, once for a voter and revision; a second click takes the first one's place.

    voter: HMAC of the voter's key, 64 hexadecimal digits. A click on helpful drops reason and comment.
    """
    new = _insert(session).values(
        article_id=article,
        article_revision=revision,
        lang=lang,
        voter=voter,
        is_helpful=is_helpful,
        created_at=at,
        changed_at=at,
    )
    upsert = new.on_conflict_do_update(
        index_elements=[Vote.article_id, Vote.article_revision, Vote.voter],
        set_={
            "lang": new.excluded.lang,
            "is_helpful": new.excluded.is_helpful,
            "changed_at": new.excluded.changed_at,
            "reason": case((new.excluded.is_helpful, null()), else_=Vote.reason),
            "comment": case((new.excluded.is_helpful, null()), else_=Vote.comment),
        },
    )
    return session.scalars(upsert.returning(Vote), execution_options=_FRESH).one()


def explain(  # noqa: PLR0913 - the vote's key, and what is added to it
    session: Session,
    *,
    article: str,
    revision: str,
    voter: str,
    reason: str | None,
    comment: str | None,
    at: datetime,
) -> Vote:
    """Add to an unhelpful vote why; a later explanation takes the place of the former.

    reason: a value of Reason; None or empty for none. comment: plain text; blank for none.
    Raises Invalid when either can't be used, NotFound without a vote, Conflict when the vote says helpful by now.
    """
    change = (
        update(Vote)
        .where(_of(article, revision, voter), Vote.is_helpful.is_(False))
        .values(reason=_parse_reason(reason), comment=_clean(comment), changed_at=at)
    )
    vote = session.scalars(change.returning(Vote), execution_options=_FRESH).one_or_none()
    if vote:
        return vote
    if has_voted(session, article, revision, voter):
        raise Conflict("Your vote says that this article helped, so there is nothing to explain.")
    raise NotFound("There is no vote of yours on this article. Vote first, then say why.")


def withdraw(session: Session, *, article: str, revision: str, voter: str) -> bool:
    """Take a vote back with all that was said with it. Returns whether there was one."""
    gone = session.scalars(delete(Vote).where(_of(article, revision, voter)).returning(Vote.id))
    return gone.one_or_none() is not None


def mine(session: Session, article: str, revision: str, voter: str) -> Vote | None:
    """Return the voter's vote on this revision."""
    return session.scalars(select(Vote).where(_of(article, revision, voter))).one_or_none()


def has_voted(session: Session, article: str, revision: str, voter: str) -> bool:
    """Whether the voter has voted on this revision."""
    return session.scalar(select(Vote.id).where(_of(article, revision, voter))) is not None


def tally(session: Session, articles: Collection[str]) -> dict[str, Tally]:
    """Count the votes of each article over all its revisions, by one query; an article without votes has zeros.

    articles: up to 30,000 ids, which both databases take in one question.
    """
    asked = _counts(Vote.article_id).where(Vote.article_id.in_(articles))
    return dict.fromkeys(articles, Tally()) | _read(session.execute(asked).all())


def tally_by_revision(session: Session, article: str) -> dict[str, Tally]:
    """Count the votes of one article by revision; only revisions with votes are named."""
    return _read(session.execute(_counts(Vote.article_revision).where(Vote.article_id == article)).all())


def tally_by_language(session: Session, *, since: datetime) -> dict[tuple[str, str], Tally]:
    """Count what voters last said of each article, by (language, article), over all its revisions, by one query.

    since: clicks and explanations before it do not count. One voter is one voice: who voted on several revisions of an
    article counts with the latest vote, in its language. Articles without votes are not named. Reads every vote since
    then, which takes seconds where they are a million: for work beside requests.
    """
    newest_first = (Vote.changed_at.desc(), Vote.id.desc())
    place = func.row_number().over(partition_by=(Vote.article_id, Vote.voter), order_by=newest_first).label("place")
    voices = select(Vote.lang, Vote.article_id, Vote.is_helpful, place).where(Vote.changed_at >= since).subquery()
    is_helpful = voices.c.is_helpful.is_(True)
    key = (voices.c.lang, voices.c.article_id)
    asked = select(*key, func.count().filter(is_helpful), func.count().filter(~is_helpful)).group_by(*key)
    rows = session.execute(asked.where(voices.c.place == 1)).all()
    return {(lang, article): Tally(helpful, unhelpful) for lang, article, helpful, unhelpful in rows}


def _insert(session: Session) -> sqlite.Insert | postgresql.Insert:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(Vote) if is_sqlite else postgresql.insert(Vote)


def _of(article: str, revision: str, voter: str) -> ColumnElement[bool]:
    return and_(Vote.article_id == article, Vote.article_revision == revision, Vote.voter == voter)


def _counts(by: InstrumentedAttribute[str]) -> Select[str, int, int]:
    is_helpful = Vote.is_helpful.is_(True)
    return select(by, func.count().filter(is_helpful), func.count().filter(~is_helpful)).group_by(by)


def _read(rows: Collection[Row[str, int, int]]) -> dict[str, Tally]:
    return {name: Tally(helpful, unhelpful) for name, helpful, unhelpful in rows}


def _parse_reason(text: str | None) -> Reason | None:
    if not text:
        return None
    try:
        return Reason(text)
    except ValueError as error:
        known = ", ".join(Reason)
        raise Invalid(f"The reason {text[:40]!r} is not known. Send one of {known}, or none.") from error


def _clean(comment: str | None) -> str | None:
    """Drop controls and outer blanks; browsers send line ends as two characters and count them as one."""
    text = without_controls((comment or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > COMMENT_LIMIT:
        raise Invalid(f"The comment has {len(text):,} characters. Shorten it to {COMMENT_LIMIT:,}.")
    return text or None
