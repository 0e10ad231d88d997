from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.events.kinds import Event
from portal.visits.sessionise import IDLE, EventsOutOfOrder, sessionise
from tests.visits.cast import ADA, BO, a_search, in_order

MINUTE = 60


def test_thirty_minutes_of_silence_still_belong_to_the_visit() -> None:
    visits = list(sessionise([a_search(at=0), a_search(at=30 * MINUTE)]))
    assert [len(visit.events) for visit in visits] == [2]


def test_a_longer_silence_ends_the_visit() -> None:
    visits = list(sessionise([a_search(at=0), a_search(at=30 * MINUTE + 1)]))
    assert [len(visit.events) for visit in visits] == [1, 1]


def test_each_visitor_has_visits_of_their_own() -> None:
    visits = list(sessionise(in_order([a_search(at=0), a_search(at=5, visitor=BO)])))
    assert [(visit.visitor, visit.began, visit.ended) for visit in visits] == [
        (visitor, visit.events[0].at, visit.events[-1].at) for visitor, visit in zip((ADA, BO), visits, strict=True)
    ]


def test_events_that_are_out_of_order_are_refused() -> None:
    with pytest.raises(EventsOutOfOrder, match="sort by visitor, then at"):
        list(sessionise([a_search(at=10), a_search(at=0)]))
    with pytest.raises(EventsOutOfOrder):
        list(sessionise([a_search(visitor=BO), a_search(at=10, visitor=ADA)]))


def test_no_events_are_no_visits() -> None:
    assert list(sessionise([])) == []


@given(st.lists(st.tuples(st.sampled_from([ADA, BO, "cleo"]), st.integers(0, 20_000))))
def test_every_event_is_in_exactly_one_visit(when: list[tuple[str, int]]) -> None:
    events: list[Event] = in_order(a_search(at=at, visitor=visitor) for visitor, at in when)
    visits = list(sessionise(events))
    assert [event for visit in visits for event in visit.events] == events
    for visit in visits:
        assert {event.visitor for event in visit.events} == {visit.visitor}
        gaps = [later.at - earlier.at for earlier, later in pairwise(visit.events)]
        assert all(timedelta(0) <= gap <= IDLE for gap in gaps)
    for earlier, later in pairwise(visits):
        assert earlier.visitor != later.visitor or later.began - earlier.ended > IDLE
