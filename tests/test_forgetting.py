"""What is kept of a person is shown and erased; what is old goes, and figures stay."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import forgetting
from portal.bootstrap import Portal
from portal.db import Model, transaction
from portal.events import log
from portal.events.kinds import Event
from portal.feedback import requests
from portal.feedback.models import Request
from portal.gaps.models import Need
from portal.visits import totals
from portal.visits.models import AskedDay, VisitDay
from tests.events.builders import ADA, BO, NOON, a_search

DAY = timedelta(days=1)
KEPT = 180 * DAY
OLD = NOON - KEPT - DAY


def _commit(portal: Portal, rows: Iterable[Model], events: Iterable[Event] = ()) -> None:
    with portal.database.session() as session, transaction(session):
        session.add_all(rows)
        log.append(session, events)


def a_request(uid: str, *, visitor: str = ADA, at: datetime = NOON, **others: object) -> Request:
    return Request(uid=uid, at=at, lang="en", text="a cheaper plan", visitor=visitor, **others)


def a_need(uid: str, *, visitor: str = ADA, at: datetime = NOON) -> Need:
    texts = '["cheaper plan"]'
    return Need(uid=uid, visitor=visitor, at=at, lang="en", outcome="no_results", weight=0.7, wordings=texts)


def _everything(portal: Portal, at: datetime) -> None:
    _commit(
        portal,
        [
            a_request("1", at=at),
            a_need("2", at=at),
            AskedDay(day=at.date(), lang="en", text="plan", people=1, resolved=0, askers="", helped=""),
            VisitDay(day=at.date(), lang="en", name="visits", n=1, count=1),
        ],
        [a_search(at=at), a_search(at=at, visitor=BO)],
    )


def _all(session: Session, model: type[Model]) -> list[Model]:
    return list(session.scalars(select(model)))


def test_what_is_older_than_it_may_be_goes_and_figures_stay(portal: Portal) -> None:
    _everything(portal, OLD)
    done = forgetting.expire(portal, at=NOON)
    assert (done.events, done.needs, done.wordings, done.requests) == (2, 1, 1, 1)
    with portal.database.session() as session:
        assert log.count(session) == 0
        assert [_all(session, model) for model in (Request, Need, AskedDay)] == [[], [], []]
        assert len(_all(session, VisitDay)) == 1
    assert forgetting.expire(portal, at=NOON).events == 0


def test_what_is_young_enough_stays(portal: Portal) -> None:
    _everything(portal, NOON - KEPT + DAY)
    done = forgetting.expire(portal, at=NOON)
    assert (done.events, done.needs, done.wordings, done.requests) == (0, 0, 0, 0)


def test_many_old_events_all_go(portal: Portal) -> None:
    count = log.EXPIRED_AT_ONCE * 2 + 1
    _commit(portal, [], [a_search(at=OLD) for _ in range(count)])
    assert forgetting.expire(portal, at=NOON).events == count


def test_a_rehearsal_counts_the_same_and_deletes_nothing(portal: Portal) -> None:
    _everything(portal, OLD)
    rehearsed = forgetting.expire(portal, at=NOON, is_rehearsal=True)
    assert forgetting.expire(portal, at=NOON) == rehearsed


def test_who_still_waits_to_hear_keeps_the_address_and_nothing_else(portal: Portal) -> None:
    waits = a_request("1", at=OLD, address="ada@example.com", gap=7, search="s")
    heard = a_request("2", at=OLD, address=None, gap=7, told_at=NOON)
    nobody_took_it_up = a_request("3", at=OLD, address="bo@example.com")
    _commit(portal, [waits, heard, nobody_took_it_up])
    assert forgetting.expire(portal, at=NOON).requests == 3
    with portal.database.session() as session:
        (left,) = requests.waiting(session, 7)
        assert (left.uid, left.address, left.text, left.visitor, left.search) == ("1", "ada@example.com", "", "", None)
        assert len(_all(session, Request)) == 1
    assert forgetting.expire(portal, at=NOON).requests == 0


def test_an_address_of_somebody_who_has_heard_goes_at_once(portal: Portal) -> None:
    _commit(portal, [a_request("1", address="ada@example.com", gap=7, told_at=NOON)])
    assert forgetting.expire(portal, at=NOON).addresses == 1
    with portal.database.session() as session:
        assert [one.address for one in session.scalars(select(Request))] == [None]


def test_all_that_is_kept_of_somebody_is_shown_and_nothing_of_others(portal: Portal) -> None:
    _everything(portal, NOON)
    _commit(portal, [a_request("3", visitor=BO), a_need("4", visitor=BO)])
    kept = forgetting.kept_of(portal, ADA)
    assert [event["query"] for event in kept["events"]] == ["reset password"]
    assert [(one["uid"], one["text"]) for one in kept["requests"]] == [("1", "a cheaper plan")]
    assert [need["uid"] for need in kept["needs"]] == ["2"]
    assert BO not in str(kept)


def test_all_that_is_kept_of_somebody_is_erased_and_nothing_of_others(portal: Portal) -> None:
    _everything(portal, NOON)
    _commit(portal, [a_request("3", visitor=BO), a_need("4", visitor=BO)])
    done = forgetting.erase(portal, ADA)
    assert (done.events, done.requests, done.needs) == (1, 1, 1)
    kept, others = forgetting.kept_of(portal, ADA), forgetting.kept_of(portal, BO)
    assert [kept[part] for part in ("events", "requests", "needs")] == [[], [], []]
    assert [len(others[part]) for part in ("events", "requests", "needs")] == [1, 1, 1]
    assert forgetting.erase(portal, ADA).events == 0


def test_the_days_of_somebody_who_was_erased_are_counted_anew(portal: Portal) -> None:
    _everything(portal, NOON)
    later = NOON + 30 * DAY
    with portal.database.session() as session, transaction(session):
        waiting = totals.uncounted(session, at=later, kept_from=OLD)
        totals.settle(session, replace(waiting, event=10**6), at=later)
    forgetting.erase(portal, ADA)
    with portal.database.session() as session:
        assert totals.uncounted(session, at=later, kept_from=OLD).days == (NOON.date(),)


def test_what_waits_in_a_spill_file_is_shown_and_erased_too(portal: Portal) -> None:
    file = portal.database.engine.url.database or ""
    portal.database.close()
    aside = f"{file}.aside"
    _move(file, aside)
    portal.recorder.put(a_search("spilled"))
    portal.recorder.close()
    _move(aside, file)
    assert [event["query"] for event in forgetting.kept_of(portal, ADA)["events"]] == ["spilled"]
    assert forgetting.erase(portal, ADA).events == 1


def test_the_line_of_counts_names_everything() -> None:
    line = forgetting.Forgotten(events=1200, before=datetime(2026, 5, 1, tzinfo=UTC)).line()
    assert line.startswith("1,200 events, 0 needs")
    assert date(2026, 5, 1).isoformat() in line


def _move(file: str, to: str) -> None:
    for ending in ("", "-wal", "-shm"):
        path = Path(file + ending)
        if path.exists():
            path.rename(to + ending)
