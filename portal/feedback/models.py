"""Vote, Request and Flag: what readers and agents gave."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model

COMMENT_LIMIT = 2000
"""Characters a comment may have; some 300 words, more than a form's field invites to."""
REQUEST_LIMIT = 500
"""Characters of what somebody was looking for; a few sentences."""
ADDRESS_LIMIT = 254
"""Characters of an e-mail address that a mail can be sent to (RFC 5321, 4.5.3.1.3, without its brackets)."""
VOTER_LENGTH = 64
"""Characters of a voter: SHA-256 in hexadecimal."""


class Reason(StrEnum):
    """Why an article did not help, as its reader sees it."""

    WRONG = "wrong"
    UNCLEAR = "unclear"
    MISSING = "missing"
    DID_NOT_WORK = "did_not_work"
    NOT_LOOKED_FOR = "not_looked_for"


class Vote(Model):
    """What one voter says of one revision of one article; whoever changes their mind changes this row.

    A new revision is voted on anew, and the votes on the old one stay. `article_id` and `article_revision` point
    into git, not into a table, so votes outlive their article. `voter` is an HMAC of the voter's key, never the key.
    `created_at` is the first click; `changed_at` the last click or explanation.
    """

    __tablename__ = "votes"
    __table_args__ = (
        UniqueConstraint("article_id", "article_revision", "voter"),
        # Holds all that counting asks for, so that counting never reads the rows.
        Index(None, "article_id", "article_revision", "is_helpful"),
        CheckConstraint(f"length(voter) = {VOTER_LENGTH}", name="voter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(String(64))
    article_revision: Mapped[str] = mapped_column(String(64))
    lang: Mapped[str] = mapped_column(String(35))
    voter: Mapped[str] = mapped_column(String(VOTER_LENGTH))
    is_helpful: Mapped[bool]
    reason: Mapped[Reason | None] = mapped_column(
        Enum(Reason, name="reason", length=20, native_enum=False, create_constraint=True, values_callable=list)
    )
    comment: Mapped[str | None] = mapped_column(String(COMMENT_LIMIT))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Request(Model):
    """What somebody was looking for and did not find, in their words, or an article that an agent asks for.

    `text` went through redaction; `address` is where they want to hear that it is there, and is deleted when they
    have heard. `gap` is the number of the gap that took it up.
    """

    __tablename__ = "requests"

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
    lang: Mapped[str] = mapped_column(String(35))
    text: Mapped[str] = mapped_column(String(REQUEST_LIMIT))
    visitor: Mapped[str] = mapped_column(String(40), index=True)
    search: Mapped[str | None] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(ADDRESS_LIMIT))
    user: Mapped[int | None]
    gap: Mapped[int | None] = mapped_column(index=True)
    told_at: Mapped[datetime | None]


class Fault(StrEnum):
    """What is wrong with an article, as an agent says."""

    WRONG = "wrong"
    OUT_OF_DATE = "out_of_date"
    UNCLEAR = "unclear"
    INCOMPLETE = "incomplete"


class Flag(Model):
    """An agent says that an article is wrong; it waits for the article's owner, else for whoever looks after its topic.

    `owner`, `topic` and `title` are as they were then: the article may move.
    """

    __tablename__ = "flags"

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
    article: Mapped[str] = mapped_column(String(64), index=True)
    revision: Mapped[str] = mapped_column(String(64))
    lang: Mapped[str] = mapped_column(String(35))
    title: Mapped[str] = mapped_column(String(300))
    topic: Mapped[str] = mapped_column(String(80))
    owner: Mapped[str] = mapped_column(String(254))
    fault: Mapped[Fault] = mapped_column(
        Enum(Fault, name="fault", length=20, native_enum=False, create_constraint=True, values_callable=list)
    )
    text: Mapped[str] = mapped_column(String(REQUEST_LIMIT))
    user: Mapped[int | None]
    by: Mapped[str] = mapped_column(String(100))
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    done_by: Mapped[str] = mapped_column(String(100))
    was_right: Mapped[bool | None]
    """Whether something was mended; false where the article was right, None while the flag waits."""
    answer: Mapped[str] = mapped_column(String(REQUEST_LIMIT))
    """What was done, in words; empty for none."""
