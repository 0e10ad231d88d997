"""Proving: what is published is watched, and closed by what visitors do since, or opened again; never by the commit.

merged and published -> watched -> closed, or open again.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import telling
from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.closes import closing_paths, closings
from portal.content.source import open_source
from portal.db import transaction, unavailable_when_away
from portal.errors import Conflict, NotFound
from portal.events import log
from portal.events.kinds import Event
from portal.gaps import store, tickets
from portal.gaps.models import Gap, State, Wording
from portal.gaps.states import MACHINE, PROVING
from portal.gaps.unmet import wording
from portal.gaps.verify import Measure, Seen, Verdict, Verified, Watch, decide, measure
from portal.visits.digest import digest
from portal.visits.outcome import RESOLVED, Outcome, ending
from portal.visits.totals import LONGEST_VISIT

_log = logging.getLogger(__name__)
SETTLED = timedelta(days=1)
"""So long after publication it is measured anew what was before: visits of then may not have been over, or told."""
MARKER = "closings"
"""File in the data folder that names the published revision whose closings were noted last."""


@dataclass(frozen=True, slots=True)
class _Watched:
    """A gap that is published: its wordings, by (language, text), and the articles that are to answer it."""

    gap: int
    is_new: bool
    since: datetime
    before: str | None
    wordings: frozenset[tuple[str, str]]
    articles: frozenset[str]

    def is_unsettled(self, at: datetime) -> bool:
        """Whether what was before publication has to be measured, again or for the first time."""
        return self.before is None or at - self.since < SETTLED


def note_closings(portal: Portal, *, at: datetime) -> tuple[int, ...]:
    """Move gaps on that what is live says it closes; return their numbers. Repeating it changes nothing.

    A number that no gap has, or that somebody else has moved on meanwhile, is passed over.
    Raises Unavailable where the database is away; then it is done the next time.
    """
    live, marker = portal.library.current(), portal.settings.data / MARKER
    before = marker.read_text("utf-8") if marker.exists() else None
    if before == live.revision:
        return ()
    found = closings(open_source(portal.settings), before, live.revision)
    moved = tuple(number for number, commit in sorted(found.items()) if _publish(portal, number, commit, at))
    marker.write_text(live.revision, "utf-8")
    return moved


def verify(portal: Portal, *, at: datetime) -> Verified:
    """Look at every gap that is published: watch it, close it, or open it again, by what visitors did since."""
    watched = _watched(portal)
    if not watched:
        return Verified()
    began = at - timedelta(days=portal.library.current().site.gaps.window_days)
    first = began if any(one.is_unsettled(at) for one in watched) else min(one.since for one in watched)
    with unavailable_when_away(), portal.database.session() as session:
        seen = list(_seen(log.read(session, since=first - LONGEST_VISIT), watched, at))
    verdicts: dict[Verdict, list[int]] = {verdict: [] for verdict in Verdict}
    for one in watched:
        before = Measure.from_json(one.before)
        if one.is_unsettled(at):
            before = measure(seen, one.wordings, since=began, until=one.since)
        if one.is_new:
            _watch(portal, one, at)
        verdicts[_decide(portal, one, before, seen, at)].append(one.gap)
    return Verified(
        began=tuple(one.gap for one in watched if one.is_new),
        closed=tuple(verdicts[Verdict.CLOSE]),
        reopened=tuple(verdicts[Verdict.REOPEN]),
        watching=tuple(verdicts[Verdict.WATCH]),
    )


def _publish(portal: Portal, number: int, commit: str, at: datetime) -> bool:
    """Note that a commit closes a gap; return whether that was news."""
    try:
        with portal.database.session() as session, transaction(session):
            gap = store.standing(session, number)
            if gap.revision == commit:
                return False
            tickets.published(session, gap.id, revision=commit, by=MACHINE, at=at)
    except (NotFound, Conflict) as refusal:
        _log.warning("Commit %s says that it closes gap %d: %s", commit[:12], number, refusal)
        return False
    return True


def _watched(portal: Portal) -> list[_Watched]:
    with unavailable_when_away(), portal.database.session() as session:
        gaps = [gap for gap in store.open_gaps(session) if gap.state in PROVING]
        wordings = store.every_wording(session) if gaps else []
    if not gaps:
        return []
    live = portal.library.current()
    articles = live.level(Level.PUBLIC).shelf.by_path()
    paths = closing_paths(open_source(portal.settings), live.revision)
    return [_watch_of(gap, wordings, paths, articles) for gap in gaps]


def _watch_of(
    gap: Gap, wordings: Sequence[Wording], paths: Mapping[int, Collection[str]], articles: Mapping[str, str]
) -> _Watched:
    closing = {articles[path] for path in paths.get(gap.id, ()) if path in articles}
    return _Watched(
        gap=gap.id,
        is_new=gap.state is State.PUBLISHED,
        since=gap.watched_from or gap.changed_at,
        before=gap.before,
        wordings=frozenset((one.lang, one.text) for one in wordings if one.gap_id == gap.id),
        articles=frozenset(closing | ({gap.article} if gap.article else set())),
    )


def _watch(portal: Portal, one: _Watched, at: datetime) -> None:
    """Begin to watch a gap, from the moment it was published on."""
    with portal.database.session() as session, transaction(session):
        tickets.watch(session, one.gap, by=MACHINE, at=at).watched_from = one.since


def _decide(portal: Portal, one: _Watched, before: Measure, seen: Iterable[Seen], at: datetime) -> Verdict:
    gaps = portal.library.current().site.gaps
    after = measure(seen, one.wordings, since=one.since, until=at)
    decision = decide(before, after, Watch(days=gaps.watch_days, people=gaps.watch_people), began=one.since, at=at)
    with portal.database.session() as session, transaction(session):
        gap = store.standing(session, one.gap)
        gap.before, gap.after = before.to_json(), after.to_json()
        if decision.verdict is Verdict.CLOSE:
            tickets.close(session, gap.id, by=MACHINE, at=at, because=decision.because)
            telling.write_letters(session, portal, gap, articles=one.articles, at=at)
        elif decision.verdict is Verdict.REOPEN:
            because = f"{decision.because} Published by {gap.revision}."
            tickets.reopen(session, gap.id, by=MACHINE, at=at, because=because)
    return decision.verdict


def _seen(events: Iterable[Event], watched: Sequence[_Watched], at: datetime) -> Iterator[Seen]:
    """Give every need that is about something that is watched, with how it ended.

    Whoever was helped by an article that is to answer counts for its gap, whatever their words: the new words of those
    who were not helped are gathered into the gap, and to leave out the others' would make the answer look bad.
    """
    known = {key for one in watched for key in one.wordings}
    stands_for = {article: min(one.wordings)[1] for one in watched if one.wordings for article in one.articles}
    for judged in digest(events, at=at):
        for episode, outcome in judged.needs:
            texts = tuple(wording(text) for text in episode.wordings)
            article = ending(episode).article if outcome in RESOLVED else None
            if article in stands_for:
                texts = (*texts, stands_for[article])
            if any((episode.lang, text) in known for text in texts):
                is_resolved = None if outcome is Outcome.UNKNOWN else outcome in RESOLVED
                yield Seen(episode.visitor, episode.began, episode.lang, texts, is_resolved)
