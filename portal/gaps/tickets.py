# ruff: noqa: PLR0913, PLR0917 - every verb has who, when and which version beside what it is about
"""Tickets: what is done to a gap, by people and by Signpost. Every verb leaves a `Change` and a higher version.

Each verb: `version` is the one its caller looked at; a stale one raises Conflict and says who was quicker, a state in
which the verb makes no sense raises Conflict in words, an unknown number NotFound. Verbs flush; edges commit, within
`transaction(session)`, or two that write at once would not see each other on SQLite.
"""

import json
from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid, NotFound
from portal.gaps import states
from portal.gaps.models import WORDING_LIMIT, Change, Gap, Need, State, Wording
from portal.gaps.needs_store import take_up
from portal.gaps.states import Verb
from portal.gaps.unmet import as_typed
from portal.gaps.unmet import wording as wording_of
from portal.text import cut, one_line

_LONGEST_REASON = 500
_LONGEST_NOTE = 1000


def accept(session: Session, gap_id: int, *, by: str, at: datetime, version: int | None = None) -> Gap:
    """Take a suggested gap as work to be done."""
    gap = _take(session, gap_id, Verb.ACCEPTED, at, version)
    return _changed(session, gap, Verb.ACCEPTED, by, at, State.ACCEPTED)


def assign(
    session: Session, gap_id: int, *, owner: int | None, by: str, at: datetime, version: int | None = None, to: str = ""
) -> Gap:
    """Give it to a member of staff, or with None to nobody. to: their name, for the history."""
    gap = _take(session, gap_id, Verb.ASSIGNED, at, version)
    gap.owner = owner
    after = states.after_assigning(gap.state, has_owner=owner is not None)
    note = f"to {to}" if to else "" if owner is not None else "to nobody"
    return _changed(session, gap, Verb.ASSIGNED, by, at, after, note)


def dismiss(session: Session, gap_id: int, *, because: str, by: str, at: datetime, version: int | None = None) -> Gap:
    """Say that nothing is to be done; it comes back when twice as many people have the need. Raises Invalid."""
    reason = cut(one_line(because), _LONGEST_REASON)
    if not reason:
        raise Invalid("Say why this gap is dismissed, so that others need not ask.")
    gap = _take(session, gap_id, Verb.DISMISSED, at, version)
    gap.dismissal, gap.dismissed_people = reason, gap.people
    return _changed(session, gap, Verb.DISMISSED, by, at, State.DISMISSED, reason)


def reopen(
    session: Session, gap_id: int, *, by: str, at: datetime, version: int | None = None, because: str = ""
) -> Gap:
    """Go on with a gap that was dismissed, closed or thought to be proved."""
    gap = _take(session, gap_id, Verb.REOPENED, at, version)
    after = states.after_reopening(gap.state, has_owner=gap.owner is not None)
    gap.dismissal = gap.dismissed_people = gap.watched_from = None
    return _changed(session, gap, Verb.REOPENED, by, at, after, because)


def rename(session: Session, gap_id: int, *, title: str, by: str, at: datetime, version: int | None = None) -> Gap:
    """Give it a title that stays. Raises Invalid."""
    new = one_line(title)
    if not new or len(new) > WORDING_LIMIT:
        raise Invalid(f"A title has 1 to {WORDING_LIMIT} characters.")
    gap = _take(session, gap_id, Verb.RENAMED, at, version)
    before, gap.title, gap.is_title_pinned = gap.title, new, True
    return _changed(session, gap, Verb.RENAMED, by, at, gap.state, f"from \u201c{before}\u201d")


def drafted(session: Session, gap_id: int, *, branch: str, by: str, at: datetime, version: int | None = None) -> Gap:
    """Note the branch that a draft for it stands on; it may be drafted anew."""
    gap = _take(session, gap_id, Verb.DRAFTED, at, version)
    gap.branch = branch
    return _changed(session, gap, Verb.DRAFTED, by, at, State.DRAFTED, branch)


def published(
    session: Session, gap_id: int, *, revision: str, by: str, at: datetime, version: int | None = None
) -> Gap:
    """Note the published commit that says it closes this; the same commit again changes nothing."""
    known = session.get(Gap, gap_id)
    if known is not None and known.revision == revision and known.state in states.PROVING:
        return known
    gap = _take(session, gap_id, Verb.PUBLISHED, at, version)
    gap.revision = revision
    return _changed(session, gap, Verb.PUBLISHED, by, at, State.PUBLISHED, revision)


def watch(
    session: Session, gap_id: int, *, by: str, at: datetime, version: int | None = None, before: str | None = None
) -> Gap:
    """Begin to watch what visitors make of what was published. before: JSON of verify.Measure until now."""
    gap = _take(session, gap_id, Verb.WATCHED, at, version)
    gap.watched_from = at
    gap.before = before if before is not None else gap.before
    return _changed(session, gap, Verb.WATCHED, by, at, State.WATCHING)


def close(
    session: Session,
    gap_id: int,
    *,
    by: str,
    at: datetime,
    version: int | None = None,
    after: str | None = None,
    because: str = "",
) -> Gap:
    """Say that the need is met. after: JSON of verify.Measure since publication.

    Who is to hear of it: `store.askers`.
    """
    gap = _take(session, gap_id, Verb.CLOSED, at, version)
    gap.after = after if after is not None else gap.after
    return _changed(session, gap, Verb.CLOSED, by, at, State.CLOSED, because)


def merge(session: Session, gap_id: int, *, into: int, by: str, at: datetime, version: int | None = None) -> Gap:
    """Move all wordings and needs into another gap, for ever. Returns the other. Raises Invalid."""
    if into == gap_id:
        raise Invalid(f"Gap {gap_id} can't be merged into itself. Choose another.")
    gap = _take(session, gap_id, Verb.MERGED, at, version)
    other = _take(session, into, Verb.MERGED, at, None)
    if other.lang != gap.lang:
        raise Invalid(f"Gap {into} is about questions in {other.lang}, gap {gap_id} in {gap.lang}. Keep them apart.")
    gap.merged_into = into
    both = Wording.gap_id.in_((gap_id, into))  # what stays is pinned too, or arithmetic would part them again
    session.execute(update(Wording).where(both).values(gap_id=into, is_pinned=True))
    session.execute(update(Need).where(Need.gap_id == gap_id).values(gap_id=into))
    session.execute(update(Gap).where(Gap.merged_into == gap_id).values(merged_into=into))
    take_up(session, list(session.scalars(select(Need.uid).where(Need.gap_id == into, Need.request.is_not(None)))))
    _changed(session, gap, Verb.MERGED, by, at, State.MERGED, f"into gap {into}")
    _recount(session, other)
    return _changed(session, other, Verb.MERGED, by, at, other.state, f"with gap {gap_id}")


def split(
    session: Session, gap_id: int, *, wordings: Collection[int], by: str, at: datetime, version: int | None = None
) -> Gap:
    """Make a new gap of some of the wordings, by their ids; they stay there. Returns the new one. Raises Invalid."""
    gap = _take(session, gap_id, Verb.SPLIT, at, version)
    every = {one.id: one for one in session.scalars(select(Wording).where(Wording.gap_id == gap_id))}
    moving = [every[one] for one in wordings if one in every]
    if not moving or len(moving) == len(every):
        raise Invalid("Tick some of the wordings, but not all: the others stay.")
    new = Gap(
        lang=gap.lang,
        title=_sentence(moving[0].text),
        cause=gap.cause,
        state=State.SUGGESTED,
        topic=gap.topic,
        article=gap.article,
        version=1,
        created_at=at,
        changed_at=at,
        last_at=gap.last_at,
    )
    session.add(new)
    session.flush()
    for one in every.values():
        one.is_pinned = True  # on both sides, or what was parted would come together again
    _move(session, moving, gap, new)
    session.add(Change(gap_id=new.id, at=at, by=by, verb=Verb.FOUND, state=new.state, note=f"split from gap {gap_id}"))
    _changed(session, gap, Verb.SPLIT, by, at, gap.state, f"{len(moving)} wordings went to gap {new.id}")
    return new


def move(
    session: Session, gap_id: int, *, wording: int, into: int, by: str, at: datetime, version: int | None = None
) -> Gap:
    """Move one wording, by its id, into another gap, where it stays. Returns the gap it left. Raises Invalid."""
    gap = _take(session, gap_id, Verb.MOVED, at, version)
    other = _take(session, into, Verb.MOVED, at, None)
    moving = session.get(Wording, wording)
    if moving is None or moving.gap_id != gap_id or into == gap_id or moving.lang != other.lang:
        raise Invalid(f"That wording can't be moved from gap {gap_id} to gap {into}. Look at both again.")
    _move(session, [moving], gap, other)
    _changed(session, other, Verb.MOVED, by, at, other.state, f"a wording came from gap {gap_id}")
    return _changed(session, gap, Verb.MOVED, by, at, gap.state, f"a wording went to gap {into}")


def _take(session: Session, gap_id: int, verb: Verb, at: datetime, version: int | None) -> Gap:
    """Lock a gap, if it is still what the caller looked at and may be changed so. Raises NotFound and Conflict."""
    mine = select(Gap).where(Gap.id == gap_id).with_for_update().execution_options(populate_existing=True)
    gap = session.scalars(mine).one_or_none()
    if gap is None:
        raise NotFound(f"There is no gap {gap_id}.")
    if version is not None and version != gap.version:
        raise Conflict(_who_was_quicker(session, gap, at))
    reason = states.why_not(verb, gap.id, gap.state, gap.merged_into)
    if reason:
        raise Conflict(reason)
    return gap


def _who_was_quicker(session: Session, gap: Gap, at: datetime) -> str:
    latest = select(Change).where(Change.gap_id == gap.id).order_by(Change.at.desc(), Change.id.desc()).limit(1)
    change = session.scalars(latest).one_or_none()
    if change is None:
        return f"Gap {gap.id} has changed. Look at it again before you change it."
    return states.too_late(change.by, change.verb, at - change.at)


def _changed(session: Session, gap: Gap, verb: Verb, by: str, at: datetime, state: State, note: str = "") -> Gap:
    gap.state, gap.version, gap.changed_at = state, gap.version + 1, at
    session.add(
        Change(gap_id=gap.id, at=at, by=by[:100], verb=verb, state=state, note=cut(one_line(note), _LONGEST_NOTE))
    )
    session.flush()
    return gap


def _move(session: Session, moving: Collection[Wording], gap: Gap, other: Gap) -> None:
    """Pin wordings in another gap, and let the needs follow that have most of their wordings there now."""
    texts = {one.text for one in moving}
    for one in moving:
        one.gap_id, one.is_pinned = other.id, True
    rows = session.execute(select(Need.uid, Need.wordings).where(Need.gap_id == gap.id)).all()
    going = [uid for uid, raw in rows if _is_mostly(json.loads(raw), texts)]
    if going:
        session.execute(update(Need), [{"uid": uid, "gap_id": other.id} for uid in going])
    session.flush()
    take_up(session, list(session.scalars(select(Need.uid).where(Need.gap_id == other.id, Need.request.is_not(None)))))
    _recount(session, gap)
    _recount(session, other)


def _is_mostly(wordings: list[str], texts: Collection[str]) -> bool:
    """Whether more of a need's wordings are among `texts` than not; of two alike the first one decides."""
    inside = Counter(wording_of(text) in texts for text in wordings)
    return inside[True] > inside[False] or (inside[True] == inside[False] and wording_of(wordings[0]) in texts)


def _recount(session: Session, gap: Gap) -> None:
    """Count its people at once; all else waits for the next `find_gaps`."""
    people = select(func.count(Need.visitor.distinct())).where(Need.gap_id == gap.id)
    gap.people = session.scalar(people) or 0


def _sentence(text: str) -> str:
    typed = as_typed(text)
    return typed[:1].upper() + typed[1:]
