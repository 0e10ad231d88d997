"""One gap as values: the story on one side, the proposal and the work on the other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext

from portal.content.page import Card
from portal.gaps import states
from portal.gaps.desk_store import Listed
from portal.gaps.models import Change, Gap, State
from portal.gaps.needs_store import SaidOf
from portal.gaps.states import Verb
from portal.gaps.story import Story
from portal.gaps.suggest import Evidence, Kind, Proposal, Reference
from portal.outbox.parcel import Issue
from portal.web.desk.diffs import Diff, diff_of
from portal.web.desk.frame import DeskPage
from portal.web.desk.gap_filters import LIST
from portal.web.desk.gap_lists import trend_of
from portal.web.desk.gap_words import CAUSES, CHANGES, MEANINGS, OUTCOMES, REASONS, STATES, said
from portal.web.desk.plots import PLOT_HEIGHT, Bars, Share
from portal.web.gap_proofs import Replay, Watch, replay_of, watch_of
from portal.web.room_words import reworded


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article among those that were offered or come near. Without `url` this reader can't open it."""

    title: str
    url: str
    people: int = 0
    opened: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history."""

    by: str
    at: datetime
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """An issue elsewhere that is one with this gap. `url` is empty where it can't be opened safely."""

    tracker: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class Likely:
    """Who looks after the topic of a gap that is nobody's yet."""

    name: str
    """As the account has it; as `portal.toml` has it where there is no such account."""
    topic: str
    id: int | None
    """None for who has no account, so that nothing can be given to them here."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused: why, and what stood in it, so that nothing has to be typed twice."""

    form: str
    message: str
    values: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Undo:
    """What was just done, in words, and the form that takes it back; `url` is empty where nothing does."""

    said: str
    url: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPage(DeskPage):
    """desk/gap.html. All counts are of different people."""

    id: int
    version: int
    url: str
    state: State
    stands: str
    cause: str
    meaning: str
    lang: str
    topic: str
    owner: str
    owner_id: int | None
    likely: Likely | None
    created_at: datetime
    last_at: datetime
    days: int
    """How far back needs count."""
    people_a_week: float
    trend: Bars
    story: Story
    wordings: SaidOf
    outcomes: tuple[Share, ...]
    offered: tuple[ArticleLine, ...]
    alike: tuple[str, ...]
    kind: Kind
    proposal: Proposal
    article: ArticleLine | None
    """The article that the proposal changes."""
    nearest: tuple[ArticleLine, ...]
    reasons: tuple[str, ...]
    """What readers said of it, in words."""
    diff: Diff | None
    branch: str
    revision: str
    replay: Replay | None
    watch: Watch | None
    trackers: tuple[Tracked, ...]
    history: tuple[Event, ...]
    dismissal: str
    merged_into: tuple[int, str] | None
    verbs: frozenset[Verb]
    """What this reader may do now."""
    owners: tuple[tuple[int, str], ...]
    others: tuple[tuple[int, str], ...]
    """Gaps that this one may be merged into."""
    refused: Refused | None
    undo: Undo | None

    def may(self, verb: str) -> bool:
        """Whether this reader may do it now."""
        return verb in self.verbs


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the stores and the shelf had to say of one gap."""

    listed: Listed
    story: Story
    wordings: SaidOf
    changes: Sequence[Change]
    owners: Sequence[tuple[int, str]]
    likely: Likely | None
    others: Sequence[tuple[int, str]]
    merged_into: tuple[int, str] | None
    cards: Mapping[str, Card]
    """By id, of the articles that this reader may see."""
    topics: Mapping[str, str]
    issues: Mapping[str, Issue]
    """By tracker."""
    days: int
    least: int
    """Different people whose wording others may read."""


def page_of(known: Known, *, may_change: bool, refused: Refused | None = None, undo: Undo | None = None) -> GapPage:
    """Return the page of a gap."""
    gap = known.listed.gap
    evidence, proposal = Evidence.from_json(gap.evidence), Proposal.from_json(gap.proposal)
    return GapPage(
        title=gap.title,
        id=gap.id,
        version=gap.version,
        url=f"{LIST}/{gap.id}",
        state=gap.state,
        stands=said(STATES, gap.state),
        cause=said(CAUSES, gap.cause),
        meaning=said(MEANINGS, gap.cause),
        lang=gap.lang,
        topic=known.topics.get(gap.topic or "", gap.topic or ""),
        owner=known.listed.owner,
        owner_id=gap.owner,
        likely=known.likely,
        created_at=gap.created_at,
        last_at=gap.last_at,
        days=known.days,
        people_a_week=gap.people_a_week,
        trend=trend_of(gap.trend, PLOT_HEIGHT),
        story=known.story,
        wordings=known.wordings,
        outcomes=tuple(Share(said(OUTCOMES, name), count, known.story.people) for name, count in known.story.outcomes),
        offered=tuple(_line(one.article, known, one.people, one.opened) for one in known.story.offered),
        alike=evidence.alike,
        kind=proposal.kind,
        proposal=proposal,
        article=_reference(proposal.article, known) if proposal.article else None,
        nearest=tuple(_reference(one, known) for one in proposal.nearest or evidence.nearest if one.id in known.cards),
        reasons=tuple(said(REASONS, one) for one in proposal.reasons),
        diff=diff_of(proposal, gap.id),
        branch=gap.branch or "",
        revision=gap.revision or "",
        replay=replay_of(gap, least=known.least),
        watch=watch_of(gap),
        trackers=tuple(_trackers(known.issues)),
        history=tuple(_event(change) for change in known.changes),
        dismissal=gap.dismissal or "",
        merged_into=known.merged_into,
        verbs=_verbs(gap) if may_change else frozenset(),
        owners=tuple(known.owners),
        others=tuple(known.others),
        refused=refused,
        undo=undo,
    )


def articles_of(gap: Gap, story: Story) -> Collection[str]:
    """Name every article that the page may have to know the title of."""
    evidence, proposal = Evidence.from_json(gap.evidence), Proposal.from_json(gap.proposal)
    references = (*evidence.nearest, *proposal.nearest, *((proposal.article,) if proposal.article else ()))
    return {one.article for one in story.offered} | {one.id for one in references}


def _verbs(gap: Gap) -> frozenset[Verb]:
    return frozenset(verb for verb, allowed in states.ALLOWED.items() if gap.state in allowed)


def _line(article: str, known: Known, people: int = 0, opened: int = 0) -> ArticleLine:
    card = known.cards.get(article)
    if card is None:
        return ArticleLine(gettext("An article that is gone, or that you may not see"), "", people, opened)
    return ArticleLine(card.title, card.url, people, opened)


def _reference(one: Reference, known: Known) -> ArticleLine:
    return _line(one.id, known)


def _event(change: Change) -> Event:
    note = change.note if change.verb == Verb.DISMISSED else reworded(change.note)  # that one is somebody's own
    return Event(change.by, change.at, said(CHANGES, change.verb), note)


def _trackers(issues: Mapping[str, Issue]) -> list[Tracked]:
    return [Tracked(name, one.id, one.url if one.url.startswith("https://") else "") for name, one in issues.items()]
