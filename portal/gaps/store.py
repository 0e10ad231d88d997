"""Store: gaps and their wordings, written and read. One question each, or one for each few thousand rows."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.gaps import states
from portal.gaps.found import Findings, Found
from portal.gaps.models import Change, Gap, Need, State, Wording
from portal.gaps.needs_store import batches, insert_for, take_up
from portal.gaps.states import MACHINE, Verb


def write(session: Session, findings: Findings, *, at: datetime) -> list[int]:
    """Keep a part of what was found (`Findings.parts`); return the numbers of gaps that are new."""
    new = _add(session, [one for one in findings.found if one.gap is None], at)
    numbers = iter([gap.id for gap in new])
    placed = [(one, one.gap if one.gap is not None else next(numbers)) for one in findings.found]
    known = gaps_by_number(session, [number for _, number in placed])
    for one, number in placed:
        _bring_up_to_date(session, known[number], one, at)
    _place(session, placed)
    _move(session, _resolved(session, findings))
    _let_go(session, findings, at)
    session.flush()
    return [gap.id for gap in new]


def visitors_by_gap(session: Session) -> dict[int, set[str]]:
    """Return who had each gap."""
    found: dict[int, set[str]] = {}
    for gap, visitor in session.execute(select(Need.gap_id, Need.visitor).where(Need.gap_id.is_not(None)).distinct()):
        found.setdefault(int(gap or 0), set()).add(visitor)
    return found


def gaps_by_number(session: Session, numbers: Collection[int]) -> dict[int, Gap]:
    """Return gaps by number; those that are not there are left out."""
    return {gap.id: gap for gap in session.scalars(select(Gap).where(Gap.id.in_(numbers)))}


def every_gap(session: Session) -> list[Gap]:
    """Return all gaps but merged ones, by number."""
    return list(session.scalars(select(Gap).where(Gap.state != State.MERGED).order_by(Gap.id)))


def every_wording(session: Session) -> list[Wording]:
    """Return all wordings that belong to a gap."""
    return list(session.scalars(select(Wording).where(Wording.gap_id.is_not(None)).order_by(Wording.id)))


def open_gaps(session: Session) -> list[Gap]:
    """Return the gaps that are not over, those that weigh most first."""
    return list(session.scalars(select(Gap).where(Gap.state.in_(states.OPEN)).order_by(Gap.weight.desc(), Gap.id)))


def standing(session: Session, number: int) -> Gap:
    """Return a gap, or the one that it was merged into. Raises NotFound."""
    gap = session.get(Gap, number)
    if gap is not None and gap.merged_into is not None:
        gap = session.get(Gap, gap.merged_into)
    if gap is None:
        raise NotFound(f"There is no gap {number}.")
    return gap


def erase(session: Session, numbers: Collection[int]) -> None:
    """Delete gaps with all that they are, and those that were merged into them, as if nobody had had the need."""
    merged = session.scalars(select(Gap.id).where(Gap.merged_into.in_(numbers)))
    every = {*numbers, *merged}
    for model in (Wording, Change):
        session.execute(delete(model).where(model.gap_id.in_(every)))
    session.execute(update(Need).where(Need.gap_id.in_(every)).values(gap_id=None))
    session.execute(delete(Gap).where(Gap.id.in_(every)))


def _add(session: Session, some: Sequence[Found], at: datetime) -> list[Gap]:
    new = [
        Gap(
            lang=one.lang,
            title=one.title,
            cause=one.cause,
            state=State.SUGGESTED,
            version=1,
            created_at=at,
            changed_at=at,
            last_at=one.last_at,
        )
        for one in some
    ]
    session.add_all(new)
    session.flush()
    session.add_all(Change(gap_id=gap.id, at=at, by=MACHINE, verb=Verb.FOUND, state=gap.state) for gap in new)
    return new


def _bring_up_to_date(session: Session, gap: Gap, one: Found, at: datetime) -> None:
    """Write the figures, and where they are fresh the cause and all that follows; titles that people gave stay."""
    gap.people, gap.people_a_week, gap.weight = one.people, one.people_a_week, one.weight
    gap.trend, gap.last_at = json.dumps(one.trend), one.last_at
    if one.is_fresh:
        gap.cause, gap.topic, gap.article = one.cause, one.topic, one.article
        gap.evidence, gap.proposal = one.evidence.to_json(), one.proposal.to_json()
        gap.title = gap.title if gap.is_title_pinned else one.title
    if one.is_back and gap.state is State.DISMISSED:
        note = f"{one.people} people have it by now; it was dismissed at {gap.dismissed_people}"
        gap.dismissal = gap.dismissed_people = None
        _change_state(session, gap, Verb.REOPENED, State.SUGGESTED, at=at, note=note)


def _change_state(  # noqa: PLR0913 - all of a Change
    session: Session, gap: Gap, verb: Verb, state: State, *, at: datetime, note: str
) -> None:
    """Let Signpost itself change a gap, and say so."""
    gap.state, gap.version, gap.changed_at = state, gap.version + 1, at
    session.add(Change(gap_id=gap.id, at=at, by=MACHINE, verb=verb, state=state, note=note))


def _place(session: Session, placed: Sequence[tuple[Found, int]]) -> None:
    """Put wordings and needs into their gaps; what a person pinned stays where it is."""
    wordings = [
        {"lang": lang, "text": text, "gap_id": number, "is_pinned": False}
        for one, number in placed
        for lang, text in one.wordings
    ]
    for some in batches(wordings):
        new = insert_for(session, Wording)
        moved = new.on_conflict_do_update(
            index_elements=[Wording.lang, Wording.text],
            set_={"gap_id": new.excluded.gap_id},
            where=Wording.is_pinned.is_(False),
        )
        session.execute(moved, list(some))
    _move(session, [(uid, number) for one, number in placed for uid in one.needs])


def _move(session: Session, moves: Sequence[tuple[str, int]]) -> None:
    """Put needs into gaps, and tell the requests behind them."""
    table = cast("Table", Need.__table__)  # past the session's own count of every row, which takes longer than SQLite
    moved = update(table).where(table.c.uid == bindparam("need")).values(gap_id=bindparam("gap"))
    for some in batches(moves):
        session.execute(moved, [{"need": uid, "gap": gap} for uid, gap in some])
        take_up(session, [uid for uid, _ in some])


def _resolved(session: Session, findings: Findings) -> list[tuple[str, int]]:
    """Return the moves with the numbers of their gaps."""
    homes = {home for _, home in findings.moves if not isinstance(home, int)}
    texts = sorted({text for _, text in homes})
    numbers: dict[int | tuple[str, str], int | None] = {}
    for some in batches(texts):
        asked = select(Wording.lang, Wording.text, Wording.gap_id).where(Wording.text.in_(some))
        numbers |= {(lang, text): gap for lang, text, gap in session.execute(asked)}
    found = [(uid, home if isinstance(home, int) else numbers.get(home)) for uid, home in findings.moves]
    return [(uid, gap) for uid, gap in found if gap is not None]


def _let_go(session: Session, findings: Findings, at: datetime) -> None:
    for wordings in batches(findings.loose_wordings):
        session.execute(delete(Wording).where(Wording.id.in_(wordings), Wording.is_pinned.is_(False)))
    for needs in batches(findings.loose_needs):
        session.execute(update(Need).where(Need.uid.in_(needs)).values(gap_id=None))
    into = dict(findings.absorbed)
    for gap in gaps_by_number(session, [*into, *findings.faded]).values():
        if gap.state is State.SUGGESTED and gap.id in into:
            gap.merged_into = into[gap.id]
            _change_state(session, gap, Verb.MERGED, State.MERGED, at=at, note=f"into gap {into[gap.id]}")
        elif gap.state is State.SUGGESTED:
            note = "nobody has had this need for a long time"
            _change_state(session, gap, Verb.CLOSED, State.CLOSED, at=at, note=note)
