from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import TooMany
from portal.people.models import Attempt
from portal.people.throttles import FREE, OF_ACCOUNT, OF_SOURCE, WINDOW, Throttle
from tests.people.staff import AT

BO = Throttle(b"secret", "192.0.2.1", "bo@acme.example")


def wait(session: Session, throttle: Throttle, at: datetime = AT) -> int:
    """Seconds to wait; 0, and the try is counted."""
    try:
        with session.begin_nested():
            throttle.count(session, at)
    except TooMany as error:
        return error.retry_after
    return 0


def tries(throttle: Throttle = BO) -> Iterator[Throttle]:
    """One source, and another account each time."""
    return (replace(throttle, account=f"{number}@acme.example") for number in range(1000))


def test_a_source_has_twenty_tries_in_ten_minutes(session: Session) -> None:
    one = tries()
    assert [wait(session, next(one)) for _ in range(OF_SOURCE)] == [0] * OF_SOURCE
    assert OF_SOURCE == 20
    assert wait(session, next(one), AT + timedelta(minutes=4)) == 360
    assert wait(session, replace(BO, source="192.0.2.2"), AT) == 0
    assert wait(session, next(one), AT + WINDOW) == 0


def test_an_account_has_ten_tries_in_ten_minutes_from_wherever_and_waits_longer_each_time(session: Session) -> None:
    at, waits = AT, []
    for number in range(OF_ACCOUNT):
        throttle = replace(BO, source=f"192.0.2.{number}")
        seconds = wait(session, throttle, at)
        if seconds:
            waits.append(seconds)
            at += timedelta(seconds=seconds)
            assert wait(session, throttle, at) == 0
    assert (len(waits), waits) == (OF_ACCOUNT - FREE, [2, 4, 8, 16, 32])
    until = (AT + WINDOW - at).total_seconds()
    assert wait(session, replace(BO, source="198.51.100.1"), at) == until
    assert wait(session, replace(BO, source="198.51.100.1"), AT + WINDOW) == 0


def test_what_was_refused_is_not_counted(session: Session) -> None:
    for _ in range(FREE):
        wait(session, BO)
    assert [wait(session, BO) for _ in range(5)] == [2] * 5
    assert wait(session, BO, AT + timedelta(seconds=2)) == 0


def test_signing_in_takes_back_what_was_counted(session: Session) -> None:
    for _ in range(3 * OF_SOURCE):
        assert wait(session, BO) == 0
        BO.forget(session)


def test_signing_in_to_one_account_does_not_free_a_source_of_its_tries_at_others(session: Session) -> None:
    others = tries()
    for _ in range(OF_SOURCE - 1):
        wait(session, next(others))
    assert wait(session, BO) == 0
    BO.forget(session)
    assert wait(session, next(others)) == 0
    assert wait(session, next(others)) > 0


def test_a_clock_that_was_set_back_locks_nobody_out(session: Session) -> None:
    for number in range(OF_ACCOUNT):
        wait(session, BO, AT + number * timedelta(seconds=40))
    assert wait(session, BO, AT - timedelta(hours=2)) == 0


def test_neither_address_nor_account_is_written_down(session: Session) -> None:
    wait(session, BO)
    kept = session.scalars(select(Attempt.key)).all()
    assert len(kept) == 2
    assert not [key for key in kept if "192" in key and "acme" in key]
    assert {len(key) for key in kept} == {64}
    other = replace(BO, secret=b"another")
    wait(session, other)
    assert len(session.scalars(select(Attempt.key)).all()) == 4


def test_old_counts_are_cleared_away(session: Session) -> None:
    wait(session, BO)
    wait(session, replace(BO, source="192.0.2.9", account="x"), AT + WINDOW)
    assert len(session.scalars(select(Attempt)).all()) == 2


@pytest.mark.parametrize("account", ["", "\udcff", "x" * 300])
def test_whatever_is_typed_is_counted(session: Session, account: str) -> None:
    assert wait(session, replace(BO, account=account)) == 0
