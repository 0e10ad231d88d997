from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.audience import LEVELS, Audience, Level, Status, Visibility, may_see, next_change, stricter

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOMENTS = st.none() | st.integers(min_value=-30 * 24, max_value=60 * 24).map(lambda hours: NOW + hours * HOUR)
THINGS = st.builds(
    Visibility,
    audience=st.sampled_from(Audience),
    status=st.sampled_from(Status),
    publish_at=MOMENTS,
    until=MOMENTS,
)


@pytest.mark.parametrize(
    ("audience", "levels"),
    [
        (Audience.PUBLIC, {Level.PUBLIC, Level.CUSTOMERS, Level.STAFF}),
        (Audience.CUSTOMERS, {Level.CUSTOMERS, Level.STAFF}),
        (Audience.STAFF, {Level.STAFF}),
        (Audience.NOBODY, set()),
    ],
)
def test_an_audience_reaches_its_own_levels_and_those_above(audience: Audience, levels: set[Level]) -> None:
    assert {level for level in LEVELS if may_see(level, Visibility(audience), NOW)} == levels


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_what_is_not_published_is_for_staff_alone(status: Status) -> None:
    thing = Visibility(status=status)
    assert [level for level in LEVELS if may_see(level, thing, NOW)] == [Level.STAFF]


@pytest.mark.parametrize(
    ("starts", "ends", "is_open"),
    [(-1, 1, True), (0, None, True), (1, None, False), (None, 0, False), (None, 1, True), (1, -1, False)],
)
def test_customers_see_a_thing_within_its_time(starts: int | None, ends: int | None, is_open: bool) -> None:
    thing = Visibility(
        publish_at=None if starts is None else NOW + starts * DAY, until=None if ends is None else NOW + ends * DAY
    )
    assert may_see(Level.PUBLIC, thing, NOW) is is_open
    assert may_see(Level.STAFF, thing, NOW)


@given(THINGS)
def test_a_higher_level_never_sees_less(thing: Visibility) -> None:
    seen = [may_see(level, thing, NOW) for level in LEVELS]
    assert seen == sorted(seen)


@given(THINGS, THINGS)
def test_the_stricter_of_two_refuses_whom_either_refuses(one: Visibility, other: Visibility) -> None:
    both = stricter(one, other)
    for level, moment in product(LEVELS, (NOW - 30 * DAY, NOW, NOW + 30 * DAY)):
        if may_see(level, both, moment):
            assert may_see(level, one, moment)
            assert may_see(level, other, moment)


@given(THINGS)
def test_nothing_changes_before_the_next_change(thing: Visibility) -> None:
    edge = next_change(thing, NOW)
    until = edge - timedelta(microseconds=1) if edge else NOW + 365 * DAY
    for level in LEVELS:
        assert may_see(level, thing, NOW) is may_see(level, thing, until)
