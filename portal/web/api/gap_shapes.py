"""Shapes of gaps and their tickets, which are one."""

from collections.abc import Sequence
from datetime import datetime
from json import loads
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from portal.gaps import models
from portal.gaps.desk_store import Listed
from portal.gaps.models import Cause, State
from portal.gaps.needs_store import Said
from portal.gaps.suggest import Evidence, Proposal
from portal.web.api.gap_proof_shapes import Replay, Watch, of_replay, of_watch
from portal.web.api.members import Change, ListQuery, Number, Person, Shape, Text, Version
from portal.web.gap_proofs import replay_of, watch_of

Reason = Annotated[Text, StringConstraints(max_length=500)]


class Gap(Shape):
    """A need that several people had and no article met, and the work to meet it."""

    id: int
    version: Version
    title: str
    lang: str
    topic: str | None
    cause: Cause
    state: State
    article: str | None = Field(description="The article that the proposal changes; null for a new one.")
    people: int = Field(description="Different people within the window.")
    people_a_week: float
    weight: float = Field(description="Priority: people a week, by outcome and freshness.")
    trend: tuple[int, ...] = Field(description="People in each of the last twelve weeks, oldest first.")
    owner: Person | None
    dismissal: str | None
    merged_into: int | None
    branch: str | None
    revision: str | None
    created_at: datetime
    changed_at: datetime
    last_at: datetime = Field(description="When somebody last had this need.")
    url: str = Field(description="Its page at the desk.")


class Wording(Shape):
    """A way in which people asked."""

    id: int = Field(description="Names it when a gap is split.")
    text: str
    people: int


class Changed(Shape):
    """One thing that was done with a gap."""

    at: datetime
    by: str
    verb: str
    state: State
    note: str


class WholeGap(Gap):
    """A gap with how people asked, what speaks for it, what is proposed, and what was done."""

    wordings: tuple[Wording, ...] = Field(description="Empty while too few people had the need to be told.")
    untold: int = Field(description="How many wordings are not told for that reason.")
    alike: tuple[str, ...] = Field(description="Why the wordings belong together.")
    outcomes: dict[str, int] = Field(description="How it ended, by different people.")
    proposal: dict[str, Any] = Field(description="The smallest change that would close it; docs/gaps.md has its kinds.")
    replay: Replay | None = Field(description="The last one; null before the first.")
    watch: Watch | None = Field(description="Null while nothing is published for it.")
    history: tuple[Changed, ...] = Field(description="The latest first.")


class Gaps(Shape):
    """A portion of the gaps, by number."""

    gaps: tuple[Gap, ...]
    next_cursor: str | None


class GapFilters(Shape):
    """Which gaps; what is absent filters nothing."""

    state: State | None = None
    cause: Cause | None = None
    lang: str | None = None
    topic: str | None = Field(default=None, description="A topic's slug.")


class GapsQuery(GapFilters, ListQuery):
    """Which gaps, and which part of the list."""


class Dismissal(Change):
    """Why nothing is to be done."""

    because: Reason = Field(examples=["Not something that we offer."])


class Reopening(Change):
    """Why it goes on."""

    because: Annotated[str, StringConstraints(max_length=500)] = ""


class Ownership(Change):
    """Whose work it is."""

    owner: Number | None = Field(description="Number of an account; null for nobody.")


class Naming(Change):
    """What to call it."""

    title: Annotated[Text, StringConstraints(max_length=models.WORDING_LIMIT)] = Field(examples=["White film on tea"])


class GapMerging(Change):
    """Which gap it becomes a part of."""

    into: Number = Field(description="Number of the other one, of the same language.", examples=[12])


class Splitting(Change):
    """Which wordings become a gap of their own."""

    wordings: Annotated[tuple[Number, ...], Field(min_length=1, max_length=200)] = Field(
        description="Their ids, as the gap tells them: some, but not all.", examples=[[31, 32]]
    )


class Replaying(Shape):
    """What to try."""

    revision: Annotated[Text, StringConstraints(max_length=250)] = Field(
        description="A branch, tag or commit of the articles' repository, such as a draft's branch.",
        examples=["signpost/gap-12"],
    )


class Draft(Shape):
    """What became of a draft."""

    gap: int
    branch: str
    commit: str | None = Field(description="Null where there is no repository, but a patch file.")
    is_new: bool
    is_pushed: bool
    problem: str | None = Field(description="Why it could not be pushed.")
    paths: tuple[str, ...]


def of_gap(listed: Listed, base: str) -> Gap:
    """Return a gap as lists have it. base: the portal's address."""
    return Gap.model_validate(_members(listed, base))


def of_whole(  # noqa: PLR0913 - a gap with all that is told of it
    listed: Listed, base: str, said: Sequence[Said], changes: Sequence[models.Change], *, untold: int, least: int
) -> WholeGap:
    """Return a gap with its evidence, proposal, proofs and history. least: people who make a wording readable."""
    evidence = Evidence.from_json(listed.gap.evidence)
    more = {
        "wordings": tuple(Wording(id=one.id, text=one.text, people=one.people) for one in said),
        "untold": untold,
        "alike": evidence.alike,
        "outcomes": dict(evidence.outcomes),
        "proposal": loads(Proposal.from_json(listed.gap.proposal).to_json()),
        "replay": of_replay(replay_of(listed.gap, least=least)),
        "watch": of_watch(watch_of(listed.gap)),
        "history": tuple(
            Changed(at=one.at, by=one.by, verb=one.verb, state=one.state, note=one.note) for one in changes
        ),
    }
    return WholeGap.model_validate(_members(listed, base) | more)


def _members(listed: Listed, base: str) -> dict[str, object]:
    gap = listed.gap
    own = {"trend", "owner", "url"}
    named = {name: getattr(gap, name) for name in Gap.model_fields if name not in own}
    owner = Person(id=gap.owner, name=listed.owner) if gap.owner else None
    trend = tuple(loads(gap.trend or "[]"))
    return named | {"trend": trend, "owner": owner, "url": f"{base}/desk/gaps/{gap.id}"}
