"""The demo's story: eight weeks of visitors, and what Ada, Cleo and Bo do meanwhile, by the same verbs as at the desk.

Time runs as it would have: who came before an answer was published did not find it, and who came after it may. Nothing
is written but by what would have written it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal import pipeline
from portal.bootstrap import Portal
from portal.cli.demo_content import merge_answer
from portal.cli.demo_needs import FOLDER, Coming, Need
from portal.cli.demo_visitors import let_visit
from portal.content.drafts import Drafted
from portal.db import transaction
from portal.errors import Conflict, Invalid, NotFound
from portal.gaps import store, tickets

DAYS = 56
_FRIDAY = 4
LEAD, WRITER, AGENT = "Ada", "Cleo", "Bo"
NO_APP = "Every page works on a phone and can be kept on its home screen, so we build no app."


@dataclass(slots=True)
class Story:
    """What has happened so far."""

    portal: Portal
    until: datetime
    owners: Mapping[str, int]
    """Name -> number of the account."""
    is_own: bool
    """Whether the articles are the demo's own copy, to which may be committed."""
    came: dict[str, Need] = field(default_factory=dict)
    """By visitor."""
    problems: list[str] = field(default_factory=list)
    """What could not happen, and why."""

    def tell(self, coming: Sequence[Coming], progress: Callable[[str], None]) -> None:
        """Let everybody come, and everything happen, in the order of time. progress: told how far it is."""
        begun = 0
        for days_ago, steps in PLAN:
            at = self._morning(days_ago) if days_ago else self.until
            now = [one for one in coming[begun:] if one.at < at]
            begun += len(now)
            let_visit(self.portal, now)
            self.came |= {one.visitor: one.need for one in now}
            progress(f"{begun} of {len(coming)} visitors have come")
            for minutes, step in enumerate(steps):
                self._happen(step, at + timedelta(minutes=7 * minutes))

    def _morning(self, days_ago: int) -> datetime:
        day = (self.until - timedelta(days=days_ago)).replace(hour=8, minute=20, second=0, microsecond=0)
        return day - timedelta(days=2) if day.weekday() > _FRIDAY else day

    def gap_of(self, part: str) -> int:
        """Return the number of the gap that most visitors with the need of this part are in. Raises NotFound."""
        wanted = {visitor for visitor, need in self.came.items() if need.desk == part}
        with self.portal.database.session() as session:
            known = {gap.id for gap in store.every_gap(session)}
            behind = store.visitors_by_gap(session)
        sizes = Counter({gap: len(behind[gap] & wanted) for gap in behind if gap in known})
        best = max(sizes, key=lambda gap: (sizes[gap], -gap), default=None)
        if best is None or not sizes[best]:
            raise NotFound(f"No gap was found for the need that is to be {part}.")
        return best

    def _happen(self, step: "Step", at: datetime) -> None:
        try:
            step(self, min(at, self.until))
        except (Conflict, Invalid, NotFound) as refusal:
            self.problems.append(str(refusal))


Step = Callable[[Story, datetime], None]


def look(story: Story, at: datetime) -> None:
    """Do what a running portal does every ten minutes."""
    pipeline.find_gaps(story.portal, at=at)
    pipeline.verify_gaps(story.portal, at=at)


def accept(part: str) -> Step:
    """Let the lead take a gap as work."""

    def step(story: Story, at: datetime) -> None:
        gap = story.gap_of(part)
        with story.portal.database.session() as session, transaction(session):
            tickets.accept(session, gap, by=LEAD, at=at)

    return step


def assign(part: str, to: str) -> Step:
    """Let the lead give a gap to somebody."""

    def step(story: Story, at: datetime) -> None:
        gap = story.gap_of(part)
        with story.portal.database.session() as session, transaction(session):
            tickets.assign(session, gap, owner=story.owners[to], by=LEAD, at=at, to=to)

    return step


def dismiss(part: str, because: str) -> Step:
    """Let the lead say that nothing is to be done."""

    def step(story: Story, at: datetime) -> None:
        gap = story.gap_of(part)
        with story.portal.database.session() as session, transaction(session):
            tickets.dismiss(session, gap, because=because, by=LEAD, at=at)

    return step


def draft(part: str) -> Step:
    """Let the writer draft what is proposed, and try it."""

    def step(story: Story, at: datetime) -> None:
        _drafted(story, part, at)

    return step


def publish(part: str) -> Step:
    """Let the writer fill the draft in and merge it; then it is live, and watched."""

    def step(story: Story, at: datetime) -> None:
        drafted = _drafted(story, part, at - timedelta(hours=5))
        if drafted is None:
            return
        need = next(need for need in story.came.values() if need.desk == part)
        text = (FOLDER / "answers" / need.answer).read_text("utf-8")
        settings = story.portal.settings
        merge_answer(settings, drafted.branch, drafted.paths[0], text, by=WRITER, at=at)
        pipeline.publish(story.portal, at=at)
        pipeline.verify_gaps(story.portal, at=at)

    return step


def _drafted(story: Story, part: str, at: datetime) -> Drafted | None:
    """Draft and replay; None where the articles are somebody's own, in whose repository nothing is written."""
    if not story.is_own:
        return None
    gap = story.gap_of(part)
    drafted = pipeline.draft_gap(story.portal, gap, by=WRITER, at=at)
    pipeline.replay_gap(story.portal, gap, revision=drafted.branch, at=at)
    return drafted


PLAN: Sequence[tuple[int, Sequence[Step]]] = (
    (43, (look, accept("closed"), assign("closed", WRITER))),
    (38, (publish("closed"),)),
    (27, (look, accept("accepted"))),
    (
        13,
        (look, dismiss("dismissed", NO_APP), accept("assigned"), assign("assigned", WRITER), assign("watched", WRITER)),
    ),
    (4, (look, publish("watched"))),
    (1, (accept("drafted"), assign("drafted", WRITER), draft("drafted"))),
    (0, (look,)),
)
"""What happens, by days ago, on working days."""
