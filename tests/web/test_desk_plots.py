"""Plots as numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.web.desk.plots import LEAST_TOP, Share, bars, pareto


def test_the_tallest_bar_fills_the_height_and_others_their_share() -> None:
    drawn = bars([0, 5, 10], 20)
    assert [(bar.y, bar.height) for bar in drawn.bars] == [(20, 0), (10, 10), (0, 20)]
    assert [bar.ago for bar in drawn.bars] == [2, 1, 0]


def test_a_single_person_does_not_look_like_a_crowd() -> None:
    assert bars([1], 20).bars[0].height == 20 / LEAST_TOP


def test_something_is_seen_of_every_number_but_nothing() -> None:
    assert [bar.height for bar in bars([1, 0, 1000], 20).bars] == [1, 0, 20]


def test_no_weeks_are_no_bars() -> None:
    assert (bars([]).bars, bars([]).width) == ((), 0)


@given(some.lists(some.integers(0, 10**6), max_size=20), some.integers(1, 100))
def test_no_bar_leaves_its_plot(values: list[int], height: int) -> None:
    drawn = bars(values, height)
    for bar in drawn.bars:
        assert 0 <= bar.y <= height
        assert bar.height <= height
        assert bar.x + 6 <= drawn.width


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([8, 1, 1], (1, 3, 80)),
        ([1, 1, 1, 1, 1], (4, 5, 80)),
        ([1, 8, 1], (1, 3, 80)),
        ([5, 5], None),
        ([0, 0, 0], None),
    ],
)
def test_the_line_stands_after_as_few_as_hold_eighty_percent(
    sizes: list[float], expected: tuple[int, int, int] | None
) -> None:
    line = pareto(sizes)
    assert (line and (line.count, line.total, line.percent)) == expected


def test_a_line_under_the_last_row_is_none() -> None:
    line = pareto([1, 1, 1])
    assert line
    assert [line.is_after(place) for place in (1, 2, 3)] == [False, False, False]


def test_a_share_of_nothing_is_nothing() -> None:
    assert Share("a", 0, 0).percent == 0
    assert Share("a", 1, 3).percent == 33.3
