from hypothesis import given
from hypothesis import strategies as st

from portal.visits.sketch import KEPT, sketch, together


@given(st.lists(st.sets(st.integers(0, 80), max_size=30), max_size=6))
def test_people_of_several_days_are_counted_once_and_exactly_up_to_63(days: list[set[int]]) -> None:
    people = set().union(*days)
    counted = together(sketch(f"visitor {one}" for one in day) for day in days)
    assert counted == len(people) if len(people) < KEPT else counted >= KEPT


def test_thousands_are_estimated_to_a_third() -> None:
    days = [sketch(f"visitor {i}" for i in range(first, first + 1000)) for first in (0, 500, 2000)]
    assert 2500 * 2 / 3 <= together(days) <= 2500 * 4 / 3


def test_nobody_is_nobody() -> None:
    assert together([]) == together([sketch([])]) == 0
