"""People a week, weight, trend, Pareto."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gaps.score import covers, read_trend, score

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""A Sunday, the last day of its ISO week."""
DAY, WINDOW = timedelta(days=1), timedelta(days=90)


def _seen(*ago: float, who: str | None = None, weight: float = 1.0) -> list[tuple[str, datetime, float]]:
    return [(who or f"person {n}", AT - days * DAY, weight) for n, days in enumerate(ago)]


def test_people_are_counted_by_the_week_since_the_first_came() -> None:
    assert score(_seen(14, 1, 0), at=AT, window=WINDOW).people_a_week == 1.5
    assert score(_seen(1, 0, 0), at=AT, window=WINDOW).people_a_week == 3


def test_one_person_counts_once_with_the_worst_that_befell_them() -> None:
    seen = [("Ada", AT, 0.3), ("Ada", AT - DAY, 1.0)]
    found = score(seen, at=AT, window=WINDOW)
    assert (found.people, found.weight) == (1, 1.0)


def test_a_need_of_four_weeks_ago_weighs_half() -> None:
    old, new = (score(_seen(*days), at=AT, window=WINDOW) for days in ((28, 28, 28, 28), (0, 0, 0, 0)))
    assert old.weight == pytest.approx(old.people_a_week / 2)
    assert new.weight == new.people_a_week


def test_a_trend_has_twelve_iso_weeks_of_different_people() -> None:
    found = score([*_seen(0, 6), *_seen(7, 8, who="Ada"), *_seen(90)], at=AT, window=WINDOW)
    assert found.trend == (0,) * 10 + (1, 2)
    assert read_trend("[1, 2]") == (1, 2)
    assert read_trend("") == ()


def test_a_few_gaps_cover_most() -> None:
    assert covers([5, 1, 1, 1, 1, 1], 0.5) == 1
    assert covers([1, 1, 1, 1], 0.8) == 4
    assert covers([], 0.8) == 0
    assert covers([0, 0], 0.8) == 0


@given(st.lists(st.floats(0, 1000), max_size=30), st.floats(0.01, 1))
def test_as_many_gaps_as_are_said_to_cover_do(sizes: list[float], share: float) -> None:
    count = covers(sizes, share)
    largest = sorted(sizes, reverse=True)
    assert sum(largest[:count]) >= share * sum(sizes) - 1e-6
    assert count == 0 or sum(largest[: count - 1]) < share * sum(sizes)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 89), st.floats(0, 1)), min_size=1))
def test_a_score_is_never_more_than_its_people(rows: list[tuple[str, int, float]]) -> None:
    found = score([(who, AT - days * DAY, weight) for who, days, weight in rows], at=AT, window=WINDOW)
    assert found.people == len({who for who, _, _ in rows})
    assert 0 <= found.weight <= found.people_a_week + 1e-3 <= found.people + 1e-3
