from datetime import UTC, date, datetime, timedelta

import pytest

from portal.web.filters import plural, relative, when

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-2, "today"), (0, "today"), (1, "yesterday"), (2, "2 days ago"), (13, "13 days ago"), (14, "2 weeks ago"),
        (60, "9 weeks ago"), (61, "2 months ago"), (365, "12 months ago"), (730, "24 months ago"),
        (731, "2 years ago"), (3653, "10 years ago"),
    ],
)  # fmt: skip
def test_dates_are_relative(days: int, said: str) -> None:
    assert relative(TODAY - timedelta(days=days), TODAY) == said


def test_the_exact_moment_is_on_hover() -> None:
    written = when(datetime(2020, 5, 7, 8, 9, tzinfo=UTC))
    assert 'title="7 May 2020, 08:09 UTC"' in written
    assert 'datetime="2020-05-07T08:09:00+00:00"' in written


@pytest.mark.parametrize(("count", "said"), [(0, "0 articles"), (1, "1 article"), (1204, "1,204 articles")])
def test_numbers_of_things_are_written_out(count: int, said: str) -> None:
    assert plural(count, "article") == said


def test_odd_plurals_are_given() -> None:
    assert plural(2, "reply", "replies") == "2 replies"
