"""Gap, with its wordings, needs and history. A gap and its ticket are one row and one number."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model

WORDING_LIMIT = 200
"""Characters of a wording; what is longer is cut at a word."""


class Cause(StrEnum):
    """Why those people were not helped."""

    MISSING = "missing"
    OTHER_WORDS = "other_words"
    OTHER_LANGUAGE = "other_language"
    NOT_VISIBLE = "not_visible"
    DRAFT = "draft"
    BADLY_RANKED = "badly_ranked"
    UNHELPFUL = "unhelpful"
    OUT_OF_DATE = "out_of_date"


class State(StrEnum):
    """Where a gap stands. `merged` gaps live on in another."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    DRAFTED = "drafted"
    PUBLISHED = "published"
    WATCHING = "watching"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    MERGED = "merged"


def _choice(kind: type[StrEnum], name: str) -> Enum:
    return Enum(kind, name=name, length=20, native_enum=False, create_constraint=True, values_callable=list)


class Gap(Model):
    """A need that several people had and no article met, and the work to meet it. `id` is its number for ever.

    `version` grows with each change by hand or by state; whoever changes an older one is told (Conflict).
    """

    __tablename__ = "gaps"
    __table_args__ = (Index(None, "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(String(35))
    title: Mapped[str] = mapped_column(String(WORDING_LIMIT))
    is_title_pinned: Mapped[bool] = mapped_column(default=False)
    """Whether a person gave the title."""
    cause: Mapped[Cause] = mapped_column(_choice(Cause, "cause"))
    state: Mapped[State] = mapped_column(_choice(State, "state"))
    topic: Mapped[str | None] = mapped_column(String(80))
    article: Mapped[str | None] = mapped_column(String(64))
    """Id of the article that the proposal changes; none for a new one."""
    people: Mapped[int] = mapped_column(default=0)
    """Different people within the window."""
    people_a_week: Mapped[float] = mapped_column(default=0.0)
    weight: Mapped[float] = mapped_column(default=0.0)
    """Priority: people a week x weight of outcome x freshness."""
    trend: Mapped[str] = mapped_column(Text, default="[]")
    """JSON: people in each of the last twelve weeks, oldest first."""
    evidence: Mapped[str] = mapped_column(Text, default="{}")
    """JSON of suggest.Evidence: why alike, what was offered and refused, variations tried."""
    proposal: Mapped[str] = mapped_column(Text, default="{}")
    """JSON of suggest.Proposal."""
    owner: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    dismissal: Mapped[str | None] = mapped_column(String(500))
    dismissed_people: Mapped[int | None]
    """How many people it had when it was dismissed; at twice as many it comes back."""
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("gaps.id", ondelete="SET NULL"))
    branch: Mapped[str | None] = mapped_column(String(200))
    revision: Mapped[str | None] = mapped_column(String(64))
    """The published commit that says it closes this."""
    watched_from: Mapped[datetime | None]
    before: Mapped[str | None] = mapped_column(Text)
    """JSON of verify.Measure before publication."""
    after: Mapped[str | None] = mapped_column(Text)
    replay: Mapped[str | None] = mapped_column(Text)
    """JSON of replay.Replayed, the last one."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When somebody last had this need."""


class Wording(Model):
    """One way in which people asked. Where a person put it, it stays (`is_pinned`)."""

    __tablename__ = "gap_wordings"
    __table_args__ = (Index(None, "lang", "text", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(String(35))
    text: Mapped[str] = mapped_column(String(WORDING_LIMIT))
    gap_id: Mapped[int | None] = mapped_column(ForeignKey("gaps.id", ondelete="SET NULL"), index=True)
    """None while too few people have it."""
    is_pinned: Mapped[bool] = mapped_column(default=False)


class Need(Model):
    """One person's unmet need: an episode that ended badly, or well only after other words. `uid` is its first search.

    `wordings` is a JSON list of the texts that failed, as typed, the first one first. Deleted when its events would be.
    """

    __tablename__ = "gap_needs"
    __table_args__ = (Index(None, "at"), Index(None, "gap_id", "at"))

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    visitor: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    lang: Mapped[str] = mapped_column(String(35))
    outcome: Mapped[str] = mapped_column(String(20))
    weight: Mapped[float]
    wordings: Mapped[str] = mapped_column(Text)
    offered: Mapped[str] = mapped_column(Text, default="[]")
    """JSON: ids of articles that were shown, best first."""
    clicked: Mapped[str] = mapped_column(Text, default="[]")
    """JSON: [article, position] pairs."""
    ended_on: Mapped[str | None] = mapped_column(String(64))
    """The article that helped after other words; none where nothing did."""
    ended_with: Mapped[str | None] = mapped_column(String(WORDING_LIMIT))
    """Those other words."""
    request: Mapped[str | None] = mapped_column(String(32))
    """uid of what they wrote themselves."""
    gap_id: Mapped[int | None] = mapped_column(ForeignKey("gaps.id", ondelete="SET NULL"))


class Change(Model):
    """One change of a gap: who, when, what. `by` is an account's name, or Signpost."""

    __tablename__ = "gap_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    gap_id: Mapped[int] = mapped_column(ForeignKey("gaps.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(100))
    verb: Mapped[str] = mapped_column(String(20))
    state: Mapped[State] = mapped_column(_choice(State, "state"))
    """The state after it."""
    note: Mapped[str] = mapped_column(String(1000), default="")
