"""Files that programs send ahead wait a day, for one account, and are taken once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.errors import Conflict, NotFound
from portal.programs import uploads
from tests.people.staff import a_user

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOST = 3


def put(session: Session, number: int, user: int, at: datetime = AT) -> str:
    uid = f"{number:032x}"
    uploads.put(session, uid=uid, user=user, name="a.txt", media_type="text/plain", content=b"A", most=MOST, at=at)
    return uid


def test_a_file_is_read_as_it_came_and_taken_once(session: Session) -> None:
    user = a_user(session).id
    uid = put(session, 1, user)
    (found,) = uploads.read(session, [uid, uid], user=user, at=AT)
    assert (found.name, found.content, found.size_bytes) == ("a.txt", b"A", 1)
    uploads.take(session, [uid], user=user)
    with pytest.raises(NotFound, match="no upload"):
        uploads.read(session, [uid], user=user, at=AT)
    with pytest.raises(NotFound, match="at the same moment"):
        uploads.take(session, [uid], user=user)


def test_files_of_another_account_are_not_there(session: Session) -> None:
    mine, other = a_user(session).id, a_user(session, "other@acme.example").id
    uid = put(session, 1, mine)
    with pytest.raises(NotFound):
        uploads.read(session, [uid], user=other, at=AT)
    uploads.drop(session, uid, user=other)
    assert [one.uid for one in uploads.waiting(session, mine, at=AT)] == [uid]
    uploads.drop(session, uid, user=mine)
    assert uploads.waiting(session, mine, at=AT) == []


def test_only_so_many_may_wait_for_each_account(session: Session) -> None:
    mine, other = a_user(session).id, a_user(session, "other@acme.example").id
    for number in range(MOST):
        put(session, number, mine)
    with pytest.raises(Conflict, match="3 files of this account wait"):
        put(session, 9, mine)
    assert put(session, 10, other)


def test_after_a_day_it_is_forgotten_and_counts_no_more(session: Session) -> None:
    user, late = a_user(session).id, AT + uploads.KEPT + timedelta(seconds=1)
    uids = [put(session, number, user) for number in range(MOST)]
    assert uploads.waiting(session, user, at=late) == []
    with pytest.raises(NotFound):
        uploads.read(session, uids[:1], user=user, at=late)
    new = put(session, 9, user, at=late)
    assert [one.uid for one in uploads.waiting(session, user, at=AT)] == [new]


def test_expiring_says_how_many_went(session: Session) -> None:
    user = a_user(session).id
    put(session, 1, user)
    assert uploads.expire(session, AT) == 0
    assert uploads.expire(session, AT + timedelta(seconds=1)) == 1
