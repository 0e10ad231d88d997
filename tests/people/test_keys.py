from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.people import accounts, entrance, keys
from portal.people.models import KeyKind, Role, UserKey
from tests.people.staff import AT, HASHED, a_user

A_MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(("purpose", "hours"), [(KeyKind.INVITATION, 7 * 24), (KeyKind.RESET, 2), (KeyKind.SETUP, 24)])
def test_a_link_lasts_as_long_as_its_kind(session: Session, purpose: KeyKind, hours: int) -> None:
    user_id = None if purpose is KeyKind.SETUP else a_user(session, has_password=False).id
    key = keys.make_key(session, kind=purpose, user_id=user_id, at=AT)
    assert keys.look_at(session, key, AT + timedelta(hours=hours) - A_MOMENT)[0] is purpose
    for use in (lambda at: keys.look_at(session, key, at), lambda at: keys.redeem(session, key, at=at)):
        with pytest.raises(NotFound, match="its time is over"):
            use(AT + timedelta(hours=hours))


def test_a_link_works_once(session: Session) -> None:
    bo = a_user(session, has_password=False)
    key = keys.make_key(session, kind=KeyKind.INVITATION, user_id=bo.id, at=AT)
    keys.look_at(session, key, AT)
    assert keys.redeem(session, key, at=AT) == (KeyKind.INVITATION, bo)
    with pytest.raises(NotFound, match="has been used"):
        keys.redeem(session, key, at=AT)
    with pytest.raises(NotFound, match="has been used"):
        keys.look_at(session, key, AT)


def test_a_newer_link_takes_the_place_of_the_older(session: Session) -> None:
    bo = a_user(session)
    first, second = (keys.make_key(session, kind=KeyKind.RESET, user_id=bo.id, at=AT) for _ in range(2))
    with pytest.raises(NotFound):
        keys.redeem(session, first, at=AT)
    assert keys.redeem(session, second, at=AT)[1] is bo


def test_a_link_of_a_shut_account_opens_nothing(session: Session) -> None:
    bo = a_user(session)
    accounts.disable(session, bo.id, at=AT)
    key = keys.make_key(session, kind=KeyKind.RESET, user_id=bo.id, at=AT)
    with pytest.raises(NotFound):
        keys.look_at(session, key, AT)
    with pytest.raises(NotFound):
        keys.redeem(session, key, at=AT)


@pytest.mark.parametrize("key", ["", "made-up", "x" * 5000, "\udcff"])
def test_a_link_that_was_made_up_opens_nothing(session: Session, key: str) -> None:
    with pytest.raises(NotFound):
        keys.redeem(session, key, at=AT)


def test_the_set_up_is_over_as_soon_as_somebody_can_sign_in(session: Session) -> None:
    key = keys.make_key(session, kind=KeyKind.SETUP, user_id=None, at=AT)
    other = keys.make_key(session, kind=KeyKind.SETUP, user_id=None, at=AT)
    a_user(session, "invited@acme.example", has_password=False)
    assert keys.look_at(session, key, AT) == (KeyKind.SETUP, None)
    a_user(session)
    for one in (key, other):
        with pytest.raises(NotFound):
            keys.look_at(session, one, AT)


def test_the_first_admin_takes_over_an_account_that_nobody_ever_used(session: Session) -> None:
    invited = a_user(session, "ada@acme.example", has_password=False)
    ada = entrance.first_admin(session, email="ada@acme.example", name="Ada", at=AT)
    assert (ada.id, ada.role, ada.name) == (invited.id, Role.ADMIN, "Ada")
    accounts.set_password(session, ada.id, HASHED)
    assert accounts.is_anybody(session)


def test_the_database_does_not_hold_the_link(session: Session) -> None:
    key = keys.make_key(session, kind=KeyKind.SETUP, user_id=None, at=AT)
    assert session.scalars(select(UserKey.token)).one() != key
