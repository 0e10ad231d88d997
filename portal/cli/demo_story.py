"""The demo's story: eight weeks of visitors, and what Ada, Cleo and Bo do meanwhile, by the same verbs as at the desk.

Time runs as it would have: who came before an answer was published did not find it, and who came after may. Nothing is
written but by those who would have written it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from portal import pipeline
from portal.audience import Level
from portal.bootstrap import Portal
from portal.cli.demo_content import merge_answer
from portal.cli.demo_needs import FOLDER, Coming, Need
from portal.db import transaction
from portal.errors import Conflict, Invalid, NotFound
from portal.events import log
from portal.events.kinds import Event, Voted
from portal.feedback import votes
from portal.gaps import store, tickets
from portal.gaps.crowd import Look, Shown, visits
from portal.search.hits import Query

DAYS = 56
OFFERED = 10
LEAD, WRITER, AGENT = "Ada", "Cleo", "Bo"
_NO_APP = "Every page works on a phone, and can be kept on its home screen. We won't build an app."


@dataclass(slots=True)
class Story:
    """What has happened so far, and to which gaps."""

    portal: Portal
    until: datetime
    owners: dict[str, int]
    """Name -> number of the account."""
    is_own: bool
    """Whether the articles are the demo's own copy, to which may be committed."""
    needs: dict[str, Need] = field(default_factory=dict)
    """By visitor."""
    said: list[str] = field(default_factory=list)
    """What could not be told as it was meant, and why."""

    def tell(self, coming: Sequence[Coming]) -> None:
        """Let everybody come, and everything happen, in the order of time."""
        waiting = list(coming)
        for days_ago, happens in self._plan():
            at = self.until - timedelta(days=days_ago)
            now, waiting = [one for one in waiting if one.at < at], [one for one in waiting if one.at >= at]
            self._visit(now)
            for step in happens:
                self._happen(step, at)

    def _plan(self) -> list[tuple[float, list[Callable[[datetime], None]]]]:
        """Return what happens, by days ago."""
        return [
            (43.2, [self._look]),
            (43.1, [self._accept("closed"), self._assign("closed")]),
            (38.3, [self._publish("closed")]),
            (27.2, [self._look]),
            (27.0, [self._dismiss("dismissed", _NO_APP), self._accept("accepted")]),
            (13.2, [self._look]),
            (13.1, [self._accept("assigned"), self._assign("assigned"), self._assign("watched")]),
            (4.2, [self._look, self._publish("watched")]),
            (1.9, [self._accept("drafted"), self._draft("drafted")]),
            (0.0, [self._look]),
        ]

    def _visit(self, coming: Sequence[Coming]) -> None:
        """Let people come; their events are written in one go, and the votes that some of them gave."""
        look, events = self._looking(), []
        for one in coming:
            self.needs[one.visitor] = one.need
            events += [replace(event, visitor=one.visitor)
                       for event in visits([one.person], look, began=one.at, days=0, seed=one.seed)]  # fmt: skip
        with self.portal.database.session() as session, transaction(session):
            log.append(session, events)
        self._vote([event for event in events if isinstance(event, Voted)])

    def _looking(self) -> Look:
        generation = self.portal.library.current()
        reader = generation.level(Level.PUBLIC)

        def look(text: str) -> Shown:
            page = reader.search(Query(text=text, lang="en"), offset=0, limit=OFFERED)
            shown = page.hits or page.nearest
            return Shown(tuple(hit.card.id for hit in shown), not page.hits, page.confidence, generation.name)

        return look

    def _vote(self, given: Sequence[Voted]) -> None:
        with self.portal.database.session() as session, transaction(session):
            for number, one in enumerate(given):
                key = {"article": one.article, "revision": self._revision(one), "voter": voter_of(one.visitor)}
                votes.cast(session, **key, lang=one.lang, is_helpful=one.is_helpful, at=one.at)
                if one.is_helpful:
                    continue
                comments = self.needs[one.visitor].comments
                comment = comments[number // 2 % len(comments)] if comments and number % 2 else None
                votes.explain(session, **key, reason=one.reason, comment=comment, at=one.at)

    def _revision(self, vote: Voted) -> str:
        page = self.portal.library.current().level(Level.PUBLIC).shelf.page(vote.article)
        return page.card.revision if page else ""

    def _look(self, at: datetime) -> None:
        """Do what a running portal does of its own."""
        pipeline.find_gaps(self.portal, at=at)
        pipeline.verify_gaps(self.portal, at=at)

    def _accept(self, part: str) -> "Step":
        return Step(part, lambda gap, at: self._by_verb(tickets.accept, gap, at, LEAD))
