from datetime import date

import pytest
from limits import RateLimitItemPerDay

from portal.errors import TooMany
from portal.web.limits import Limits

DAY = date(2026, 3, 1)
TWO = RateLimitItemPerDay(2)


def refused(limits: Limits, address: str, today: date = DAY) -> bool:
    try:
        limits.count(TWO, "thing", address=address, today=today)
    except TooMany:
        return True
    return False


def test_one_more_than_the_limit_is_refused_with_a_time_to_wait() -> None:
    limits = Limits()
    assert [refused(limits, "192.0.2.1") for _ in range(3)] == [False, False, True]
    with pytest.raises(TooMany) as error:
        limits.check(TWO, "thing", address="192.0.2.1", today=DAY)
    assert 0 < error.value.retry_after <= 86_400


def test_a_check_counts_nothing() -> None:
    limits = Limits()
    for _ in range(5):
        limits.check(TWO, "thing", address="192.0.2.1", today=DAY)
    assert not refused(limits, "192.0.2.1")


def test_clients_are_counted_apart() -> None:
    limits = Limits()
    assert [refused(limits, f"192.0.2.{n}") for n in range(5)] == [False] * 5


def test_an_ipv6_client_is_its_network() -> None:
    limits = Limits()
    assert [refused(limits, f"2001:db8:1:2::{n}") for n in range(3)] == [False, False, True]
    assert not refused(limits, "2001:db8:1:3::1")


def test_ipv4_in_ipv6_is_counted_by_its_whole_address() -> None:
    limits = Limits()
    assert [refused(limits, f"::ffff:192.0.2.{n}") for n in range(5)] == [False] * 5


def test_tomorrow_nobody_is_known_any_more() -> None:
    limits = Limits()
    assert [refused(limits, "192.0.2.1") for _ in range(3)] == [False, False, True]
    assert not refused(limits, "192.0.2.1", date(2026, 3, 2))


@pytest.mark.parametrize("address", ["", "unix:", "not an address", "1.2.3.4.5"])
def test_an_odd_address_is_a_client_too(address: str) -> None:
    limits = Limits()
    assert [refused(limits, address) for _ in range(3)] == [False, False, True]
