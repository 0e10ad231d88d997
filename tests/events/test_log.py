"""The log: appended to once, read in order, forgotten."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.db import Database, transaction
from portal.events import log
from portal.events.kinds import Clicked, Voted
from tests.events.builders import ADA, BO, NOON, a_search, a_uid

HOUR = timedelta(hours=1)


def test_what_was_appended_is_read(session: Session) -> None:
    events = [
        a_search("größe ändern"),
        Clicked(uid=a_uid(), at=NOON + HOUR, visitor=ADA, lang="de", search="s", article="a", position=3),
        Voted(uid=a_uid(), at=NOON + 2 * HOUR, visitor=ADA, lang="de", article="a", revision="r", is_helpful=False),
    ]
    assert log.append(session, events) == 3
    assert list(log.read(session, since=NOON)) == events


def test_an_event_that_is_there_already_is_passed_over(session: Session) -> None:
    one, other = a_search("first"), a_search("second")
    assert log.append(session, [one, one]) == 1
    assert log.append(session, [one, other]) == 1
    assert {event.uid for event in log.read(session, since=NOON)} == {one.uid, other.uid}


def test_events_are_read_by_visitor_and_then_in_time(session: Session) -> None:
    late, early = a_search(visitor=ADA, at=NOON + HOUR), a_search(visitor=ADA, at=NOON)
    bos = a_search(visitor=BO, at=NOON + HOUR / 2)
    log.append(session, [late, bos, early])
    assert list(log.read(session, since=NOON)) == [early, late, bos]


def test_reading_begins_with_since_and_ends_before_until(session: Session) -> None:
    events = [a_search(at=NOON + n * HOUR) for n in range(4)]
    log.append(session, events)
    assert list(log.read(session, since=NOON + HOUR, until=NOON + 3 * HOUR)) == events[1:3]


def test_more_events_than_are_fetched_at_once_are_all_read(session: Session) -> None:
    events = [a_search(at=NOON + n * timedelta(seconds=1)) for n in range(log.AT_ONCE + 10)]
    assert log.append(session, iter(events)) == len(events)
    assert list(log.read(session, since=NOON)) == events


def test_an_event_of_a_later_version_is_passed_over(session: Session) -> None:
    log.append(session, [a_search(), a_search()])
    session.execute(text("UPDATE events SET kind = 'danced' WHERE id = (SELECT min(id) FROM events)"))
    assert len(list(log.read(session, since=NOON))) == 1


def test_one_visitors_events_are_shown_and_erased_and_no_others(session: Session) -> None:
    adas, bos = [a_search(visitor=ADA), a_search(visitor=ADA, at=NOON + HOUR)], a_search(visitor=BO)
    log.append(session, [bos, *adas])
    assert log.of_visitor(session, ADA) == adas
    assert log.erase(session, ADA) == 2
    assert log.of_visitor(session, ADA) == []
    assert list(log.read(session, since=NOON)) == [bos]


def test_one_event_is_taken_back_and_no_other(session: Session) -> None:
    one, other = a_search("first"), a_search("second")
    log.append(session, [one, other])
    assert [log.take_back(session, one.uid) for _ in range(2)] == [True, False]
    assert list(log.read(session, since=NOON)) == [other]


def test_what_is_old_goes_in_pieces_the_oldest_first(session: Session) -> None:
    events = [a_search(at=NOON + n * HOUR) for n in range(5)]
    log.append(session, reversed(events))
    assert log.expire(session, NOON + 3 * HOUR, limit=2) == 2
    assert list(log.read(session, since=NOON)) == events[2:]
    assert log.count(session, before=NOON + 3 * HOUR) == 1
    assert log.expire(session, NOON + 3 * HOUR, limit=2) == 1
    assert log.expire(session, NOON + 3 * HOUR, limit=2) == 0
    assert log.count(session) == 2


def test_whoever_reads_sees_the_log_as_it_was_at_the_first_event(database: Database) -> None:
    with database.session() as session, transaction(session):
        log.append(session, [a_search(visitor=BO, at=NOON + n * HOUR) for n in range(3)])
    with database.session() as reader, database.session() as writer:
        reading = log.read(reader, since=NOON)
        next(reading)
        with transaction(writer):
            log.append(writer, [a_search(visitor="c" * 32, at=NOON)])
        assert len(list(reading)) == 2
