"""Verbs, states, history, versions."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database, transaction
from portal.errors import Conflict, Invalid, NotFound
from portal.gaps import needs_store, store, tickets
from portal.gaps.found import Findings, Found
from portal.gaps.models import Change, Gap, Need, State, Wording
from tests.gaps.needs import AT, a_need


def a_gap(session: Session, *texts: str, people: int = 2) -> int:
    """Keep a gap in which each wording was asked by so many people."""
    said = texts or ("cancel plan",)
    needs = [a_need(f"{text}-{n}", text) for text in said for n in range(people)]
    needs_store.put_needs(session, needs, since=AT, until=AT)
    found = Found(
        gap=None,
        lang="en",
        people=len(needs),
        people_a_week=1.0,
        weight=0.5,
        trend=(0,) * 12,
        last_at=AT,
        title=said[0],
        wordings=tuple(("en", text) for text in said),
        needs=tuple(need.uid for need in needs),
    )
    return store.write(session, Findings(found=(found,)), at=AT)[0]


def _ids(session: Session, gap: int) -> dict[str, int]:
    return {one.text: one.id for one in session.scalars(select(Wording).where(Wording.gap_id == gap))}


def test_a_gap_goes_all_the_way_and_remembers_who_and_when(session: Session) -> None:
    gap = a_gap(session)
    tickets.accept(session, gap, by="Cleo", at=AT)
    tickets.assign(session, gap, owner=None, by="Cleo", at=AT)
    tickets.drafted(session, gap, branch="gap-1", by="Cleo", at=AT)
    tickets.published(session, gap, revision="abc", by="Signpost", at=AT)
    tickets.watch(session, gap, by="Signpost", at=AT)
    closed = tickets.close(session, gap, by="Signpost", at=AT, because="5 of 5 were helped")
    assert (closed.state, closed.version, closed.branch, closed.revision) == (State.CLOSED, 7, "gap-1", "abc")
    history = session.scalars(select(Change).where(Change.gap_id == gap).order_by(Change.id)).all()
    assert [(one.by, one.verb, one.state) for one in history] == [
        ("Signpost", "found", "suggested"),
        ("Cleo", "accepted", "accepted"),
        ("Cleo", "assigned", "accepted"),
        ("Cleo", "drafted", "drafted"),
        ("Signpost", "published", "published"),
        ("Signpost", "watched", "watching"),
        ("Signpost", "closed", "closed"),
    ]


def test_whoever_changes_an_older_version_is_told_who_was_quicker(session: Session) -> None:
    gap = a_gap(session)
    tickets.accept(session, gap, by="Cleo", at=AT, version=1)
    with pytest.raises(Conflict, match=r"Cleo accepted this 2 minutes ago"):
        tickets.dismiss(session, gap, because="no", by="Bo", at=AT + timedelta(minutes=2), version=1)


def test_of_two_who_change_a_gap_at_once_one_is_told(database: Database) -> None:
    with database.session() as first, database.session() as second:
        with transaction(first):
            gap = a_gap(first)
        seen = second.get_one(Gap, gap).version
        second.commit()
        with transaction(first):
            tickets.accept(first, gap, by="Cleo", at=AT, version=seen)
        with pytest.raises(Conflict, match="Cleo"), transaction(second):
            tickets.accept(second, gap, by="Bo", at=AT, version=seen)


def test_a_verb_that_makes_no_sense_is_refused_in_words(session: Session) -> None:
    gap = a_gap(session)
    with pytest.raises(Conflict, match="can't be watched: it is only suggested"):
        tickets.watch(session, gap, by="Cleo", at=AT)
    with pytest.raises(NotFound, match="no gap 999"):
        tickets.accept(session, 999, by="Cleo", at=AT)


def test_a_gap_is_dismissed_with_a_reason_alone(session: Session) -> None:
    gap = a_gap(session)
    with pytest.raises(Invalid, match="why"):
        tickets.dismiss(session, gap, because="  ", by="Cleo", at=AT)
    done = tickets.dismiss(session, gap, because="out of scope", by="Cleo", at=AT)
    assert (done.state, done.dismissal, done.dismissed_people) == (State.DISMISSED, "out of scope", 2)


def test_a_dismissed_gap_is_judged_anew_and_a_closed_one_goes_on(session: Session) -> None:
    gap = a_gap(session)
    tickets.dismiss(session, gap, because="no", by="Cleo", at=AT)
    assert tickets.reopen(session, gap, by="Cleo", at=AT).state is State.SUGGESTED
    tickets.close(session, gap, by="Cleo", at=AT)
    assert tickets.reopen(session, gap, by="Cleo", at=AT).state is State.ACCEPTED


def test_the_same_commit_publishes_once(session: Session) -> None:
    gap = a_gap(session)
    first = tickets.published(session, gap, revision="abc", by="Signpost", at=AT).version
    assert tickets.published(session, gap, revision="abc", by="Signpost", at=AT).version == first


def test_a_merged_gap_lives_on_in_the_other(session: Session) -> None:
    one, other = a_gap(session, "cancel plan"), a_gap(session, "stop paying")
    tickets.merge(session, one, into=other, by="Cleo", at=AT)
    assert store.standing(session, one).id == other
    assert set(_ids(session, other)) == {"cancel plan", "stop paying"}
    assert session.get_one(Gap, other).people == 4
    with pytest.raises(Conflict, match=f"merged into gap {other}"):
        tickets.accept(session, one, by="Cleo", at=AT)


def test_gaps_merged_one_after_the_other_lead_to_the_last(session: Session) -> None:
    gaps = [a_gap(session, text) for text in ("first words", "second words", "third words")]
    tickets.merge(session, gaps[0], into=gaps[1], by="Cleo", at=AT)
    tickets.merge(session, gaps[1], into=gaps[2], by="Cleo", at=AT)
    assert store.standing(session, gaps[0]).id == gaps[2]


def test_a_gap_is_not_merged_into_itself_nor_into_another_language(session: Session) -> None:
    gap, other = a_gap(session), a_gap(session, "kündigen")
    session.get_one(Gap, other).lang = "de"
    for into in (gap, other):
        with pytest.raises(Invalid):
            tickets.merge(session, gap, into=into, by="Cleo", at=AT)


def test_split_takes_wordings_and_their_people_along(session: Session) -> None:
    gap = a_gap(session, "cancel plan", "cancel order")
    new = tickets.split(session, gap, wordings=[_ids(session, gap)["cancel order"]], by="Cleo", at=AT)
    assert (new.state, new.title, new.people) == (State.SUGGESTED, "Cancel order", 2)
    assert session.get_one(Gap, gap).people == 2
    assert session.scalars(select(Wording.is_pinned).where(Wording.gap_id == new.id)).all() == [True]


@pytest.mark.parametrize("choose", [lambda _: [], lambda ids: ids, lambda _: [999]])
def test_a_split_needs_some_of_the_wordings_but_not_all(
    session: Session, choose: Callable[[list[int]], list[int]]
) -> None:
    gap = a_gap(session, "cancel plan", "cancel order")
    with pytest.raises(Invalid, match="but not all"):
        tickets.split(session, gap, wordings=choose(list(_ids(session, gap).values())), by="Cleo", at=AT)


def test_a_moved_wording_stays_where_it_was_put(session: Session) -> None:
    one, other = a_gap(session, "cancel plan", "cancel order"), a_gap(session, "order status")
    tickets.move(session, one, wording=_ids(session, one)["cancel order"], into=other, by="Cleo", at=AT)
    assert set(_ids(session, other)) == {"order status", "cancel order"}
    assert [session.get_one(Gap, gap).people for gap in (one, other)] == [2, 4]
    with pytest.raises(Invalid, match="can't be moved"):
        tickets.move(session, one, wording=_ids(session, other)["cancel order"], into=other, by="Cleo", at=AT)


def test_a_title_that_somebody_gave_stays(session: Session) -> None:
    gap = a_gap(session)
    tickets.rename(session, gap, title="Ending a plan", by="Cleo", at=AT)
    anew = Found(gap=gap, lang="en", people=2, people_a_week=1.0, weight=1.0, trend=(), last_at=AT, title="Cancel plan")
    store.write(session, Findings(found=(anew,)), at=AT)
    assert session.get_one(Gap, gap).title == "Ending a plan"


def test_reopening_forgets_the_watch(session: Session) -> None:
    gap = a_gap(session)
    tickets.published(session, gap, revision="abc", by="Signpost", at=AT)
    tickets.watch(session, gap, by="Signpost", at=AT, before="{}")
    again = tickets.reopen(session, gap, by="Signpost", at=AT, because="abc did not help")
    assert (again.state, again.watched_from) == (State.ACCEPTED, None)


def test_needs_stay_with_the_gap_where_most_of_their_words_are(session: Session) -> None:
    gap = a_gap(session, "cancel plan", "cancel order", "cancel trip")
    need = a_need("Ada", "cancel plan", "cancel order", "cancel trip")
    needs_store.put_needs(session, [need], since=AT, until=AT)
    session.get_one(Need, need.uid).gap_id = gap
    session.flush()
    tickets.split(session, gap, wordings=[_ids(session, gap)["cancel trip"]], by="Cleo", at=AT)
    session.expire_all()
    assert session.get_one(Need, need.uid).gap_id == gap
