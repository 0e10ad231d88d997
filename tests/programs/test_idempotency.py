"""A write that a program named is done once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid
from portal.programs import idempotency
from portal.programs.idempotency import KEPT, LEASE, Answer, Claim

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DONE = Answer(201, {"Location": "/x/1"}, '{"id":1}')


def a_claim(*, who: str = "token 1", path: str = "/x", key: str = "k", body: bytes = b"{}") -> Claim:
    return Claim.of(who, "POST", path, key, body)


def test_the_same_again_is_answered_the_same(session: Session) -> None:
    assert idempotency.claim(session, a_claim(), at=AT) is None
    idempotency.settle(session, a_claim(), DONE)
    assert idempotency.claim(session, a_claim(), at=AT + KEPT / 2) == DONE


def test_another_body_under_the_same_key_is_a_mistake(session: Session) -> None:
    idempotency.claim(session, a_claim(), at=AT)
    idempotency.settle(session, a_claim(), DONE)
    with pytest.raises(Invalid, match="new key for each write"):
        idempotency.claim(session, a_claim(body=b'{"a":1}'), at=AT)


def test_one_that_is_under_way_is_not_begun_again(session: Session) -> None:
    idempotency.claim(session, a_claim(), at=AT)
    with pytest.raises(Conflict, match="under way"):
        idempotency.claim(session, a_claim(), at=AT + LEASE / 2)


def test_one_whose_process_was_killed_is_begun_again_under_the_same_uid(session: Session) -> None:
    idempotency.claim(session, a_claim(), at=AT)
    assert idempotency.claim(session, a_claim(), at=AT + LEASE * 2) is None
    assert a_claim().uid == a_claim().uid
    assert len(a_claim().uid) == 32


def test_one_that_failed_may_be_tried_again(session: Session) -> None:
    idempotency.claim(session, a_claim(), at=AT)
    idempotency.release(session, a_claim())
    assert idempotency.claim(session, a_claim(body=b"other"), at=AT) is None


def test_what_was_answered_is_not_let_go(session: Session) -> None:
    idempotency.claim(session, a_claim(), at=AT)
    idempotency.settle(session, a_claim(), DONE)
    idempotency.release(session, a_claim())
    assert idempotency.claim(session, a_claim(), at=AT) == DONE


@pytest.mark.parametrize("other", [a_claim(who="token 2"), a_claim(path="/y"), a_claim(key="l")])
def test_keys_of_others_and_of_other_addresses_are_other_keys(session: Session, other: Claim) -> None:
    idempotency.claim(session, a_claim(), at=AT)
    assert idempotency.claim(session, other, at=AT) is None
    assert other.uid != a_claim().uid


def test_after_a_day_a_key_is_free(session: Session) -> None:
    idempotency.claim(session, a_claim(), at=AT)
    idempotency.settle(session, a_claim(), DONE)
    assert idempotency.claim(session, a_claim(), at=AT + KEPT + LEASE) is None


def test_old_keys_are_forgotten(session: Session) -> None:
    idempotency.claim(session, a_claim(), at=AT)
    idempotency.claim(session, a_claim(key="l"), at=AT + KEPT)
    assert idempotency.expire(session, AT + KEPT / 2) == 1
