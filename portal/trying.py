"""Trying: a gap's proposal as a draft on a branch, and what a branch would answer. Nothing that is live changes."""

from dataclasses import replace
from datetime import datetime, timedelta

from portal.audience import Level
from portal.bootstrap import Portal
from portal.content import drafts
from portal.content.drafts import Drafted
from portal.content.source import Source, open_source
from portal.db import transaction, unavailable_when_away
from portal.errors import Conflict, Unavailable
from portal.gaps import needs_store, states, store, tickets
from portal.gaps.drafting import Asked as AskedBefore
from portal.gaps.drafting import Case, draft_of
from portal.gaps.models import State
from portal.gaps.patch import Content
from portal.gaps.replay import Asked, Replayed, Worked, replay
from portal.gaps.search_diff import Diff, search_diff
from portal.gaps.suggest import Evidence, Proposal
from portal.publishing import beside
from portal.search.building import publishing_lock
from portal.search.generation import Generation
from portal.visits import totals

WORKED_DAYS = 28
MOST_WORKED = 500
"""Wordings of the last weeks that are tried again with a replay, and with a comparison."""


def draft(portal: Portal, number: int, *, by: str, at: datetime) -> Drafted:
    """Write a gap's proposal as a draft, and note where it stands. Raises NotFound, Conflict, Invalid, GitFailed."""
    site = portal.library.current().site
    source = _fetched(portal)
    with unavailable_when_away(), portal.database.session() as session:
        gap = store.standing(session, number)
        if why_not := states.why_not(states.Verb.DRAFTED, gap.id, gap.state, gap.merged_into):
            raise Conflict(why_not)
        said = needs_store.wordings_of(
            session, gap.id, least_people=site.gaps.least_people, since=_since(portal, at)
        ).wordings
    if gap.state is State.SUGGESTED:  # nothing leaves the portal before somebody wants it; who drafts it does
        with portal.database.session() as session, transaction(session):
            tickets.accept(session, gap.id, by=by, at=at)
    case = Case(
        gap=gap.id,
        title=gap.title,
        proposal=Proposal.from_json(gap.proposal),
        evidence=Evidence.from_json(gap.evidence),
        asked=[AskedBefore(one.text, one.people) for one in said],
        branch=gap.branch,
    )
    tree = source.tree(source.newest())
    with tree.reading() as reading:
        content = Content(tree.blobs.keys(), lambda path: reading.read(tree.blobs[path]))
        drafted = drafts.write(portal.settings, source, draft_of(case, content, least=site.gaps.least_people), at=at)
    if drafted.is_new or gap.branch != drafted.branch:
        with portal.database.session() as session, transaction(session):
            tickets.drafted(session, gap.id, branch=drafted.branch, by=by, at=at)
    return drafted


def replay_on(portal: Portal, number: int, *, revision: str, at: datetime) -> Replayed:
    """Ask the failed searches of a gap again, of a revision; keep the answer with the gap. Raises as `beside` does."""
    live = portal.library.current()
    with unavailable_when_away(), portal.database.session() as session:
        gap = store.standing(session, number)
        least, since = live.site.gaps.least_people, _since(portal, at)
        said = needs_store.wordings_of(session, gap.id, least_people=least, since=since)
        top = totals.top_queries(session, at - timedelta(days=WORKED_DAYS), MOST_WORKED)
    worked = [Worked(one.text, one.lang, one.people, one.article) for one in top if one.resolved and one.article]
    if not said.wordings:
        raise Conflict(f"Gap {gap.id} has no wording of {least} different people within the window to try again.")
    commit = drafts.revision_named(_fetched(portal), revision)
    with beside(portal, commit, at=at) as made:
        targets = _changed(live, made) | ({gap.article} if gap.article else set())
        asked = [Asked(one.text, gap.lang, one.people) for one in said.wordings]
        before, after = live.level(Level.PUBLIC), made.level(Level.PUBLIC)
        done = replay(asked, worked, before, after, targets)
        files = tuple(sorted(page.path for one in targets if (page := after.shelf.page(one))))
    done = replace(done, gap=gap.id, revision=commit, files=files)
    with portal.database.session() as session, transaction(session):
        store.standing(session, gap.id).replay = done.to_json()
    return done


def compare(portal: Portal, before: str, after: str, *, at: datetime) -> Diff:
    """Ask two revisions what people asked most of the last weeks. Raises as `beside` does."""
    with unavailable_when_away(), portal.database.session() as session:
        top = totals.top_queries(session, at - timedelta(days=WORKED_DAYS), MOST_WORKED)
    source = _fetched(portal)
    commits = [drafts.revision_named(source, name) for name in (before, after)]
    with beside(portal, commits[0], at=at) as was, beside(portal, commits[1], at=at) as now:
        asked = [Asked(one.text, one.lang, one.people) for one in top]
        diff = search_diff(asked, was.level(Level.PUBLIC), now.level(Level.PUBLIC))
    return replace(diff, before=commits[0], after=commits[1])


def push_drafts(portal: Portal) -> str:
    """Push the drafts that could not be pushed when they were written; return a line of counts. Raises Unavailable."""
    if not portal.settings.push_remote:
        return "No remote is set."
    went, problems = drafts.push_waiting(portal.settings, open_source(portal.settings))
    if problems:
        raise Unavailable("; ".join(problems))
    return f"{went} drafts pushed."


def _since(portal: Portal, at: datetime) -> datetime:
    return at - timedelta(days=portal.library.current().site.gaps.window_days)


def _fetched(portal: Portal) -> Source:
    """Open the source as it is now; a mirror has one that fetches at a time."""
    with publishing_lock(portal.settings.data):
        source = open_source(portal.settings)
        source.refresh()
    return source


def _changed(before: Generation, after: Generation) -> set[str]:
    """Return the articles that one generation has and the other has not, or has otherwise."""
    was, now = (one.level(Level.PUBLIC).shelf.prints() for one in (before, after))
    return {article for article in now if now[article] != was.get(article)}
