from datetime import date, timedelta

import pytest

from portal.web.visitors import KEPT, VisitKeys

DAY = date(2026, 11, 22)
KEYS = VisitKeys(b"a secret")


def test_a_key_leads_to_the_same_visitor_as_long_as_it_lasts() -> None:
    key = KEYS.make(DAY)
    assert KEYS.visitor(key, DAY) == KEYS.visitor(key, DAY + KEPT) == KEYS.name(key)


def test_after_thirty_days_it_is_nobodys() -> None:
    assert KEYS.visitor(KEYS.make(DAY), DAY + timedelta(days=31)) is None


def test_every_key_is_another_visitor_with_32_digits() -> None:
    names = {KEYS.name(KEYS.make(DAY)) for _ in range(100)}
    assert len(names) == 100
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in names)


def test_the_name_does_not_tell_the_key() -> None:
    key = KEYS.make(DAY)
    assert KEYS.name(key) not in key
    assert key.partition(".")[0] not in KEYS.name(key)


@pytest.mark.parametrize(
    "made_up",
    ["", ".", "x", "b56b2-00.11", "\udcff", "é.é", f"{DAY.toordinal():x}-{'0' * 32}.{'0' * 64}", "0" * 200],
)
def test_a_key_that_is_made_up_is_nobodys(made_up: str) -> None:
    assert KEYS.visitor(made_up, DAY) is None


def test_a_key_whose_day_was_changed_is_nobodys() -> None:
    day, _, rest = KEYS.make(DAY).partition("-")
    assert KEYS.visitor(f"{int(day, 16) + 20:x}-{rest}", DAY + timedelta(days=31)) is None


def test_a_key_of_another_portal_is_nobodys() -> None:
    assert VisitKeys(b"another").visitor(KEYS.make(DAY), DAY) is None
