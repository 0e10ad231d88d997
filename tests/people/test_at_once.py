"""Several at the same moment, each with a connection of its own: nobody slips through."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from portal.db import Database, transaction
from portal.errors import Conflict, NotFound, TooMany, Unavailable
from portal.people import accounts, keys
from portal.people.models import KeyKind, Role
from portal.people.throttles import FREE, OF_SOURCE, Throttle
from tests.people.staff import AT, a_user

AT_ONCE = 4


def at_once(database: Database, works: list[Callable[[Session], object]]) -> list[object]:
    """Do each in a transaction of its own; return what each returned, or the error that it ended with."""

    def do(work: Callable[[Session], object]) -> object:
        try:
            with database.session() as session, transaction(session):
                return work(session)
        except (Conflict, NotFound, TooMany, Unavailable) as error:
            return type(error)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(do, works))


@pytest.mark.parametrize(("same", "let_through"), [("account", FREE), ("source", OF_SOURCE)])
def test_guesses_at_once_are_all_counted(database: Database, same: str, let_through: int) -> None:
    def throttle(number: int) -> Throttle:
        other = str(number)
        return Throttle(b"x", "192.0.2.1" if same == "source" else other, "bo" if same == "account" else other)

    came = at_once(database, [lambda session, n=n: throttle(n).count(session, AT) for n in range(OF_SOURCE + 10)])
    assert (came.count(None), came.count(Unavailable)) == (let_through, 0)


def test_a_link_that_two_follow_at_once_works_for_one(database: Database) -> None:
    with database.session() as session, transaction(session):
        bo = a_user(session, has_password=False)
        key = keys.make_key(session, kind=KeyKind.INVITATION, user_id=bo.id, at=AT)
    came = at_once(database, [lambda session: keys.redeem(session, key, at=AT)[0]] * AT_ONCE)
    assert sorted(map(str, came)) == sorted(map(str, [KeyKind.INVITATION, *[NotFound] * (AT_ONCE - 1)]))


def test_the_last_two_admins_can_not_shut_each_other_at_once(database: Database) -> None:
    with database.session() as session, transaction(session):
        two = [a_user(session, f"{name}@acme.example", Role.ADMIN).id for name in ("ada", "cleo")]
    came = at_once(database, [lambda session, who=who: accounts.disable(session, who, at=AT).id for who in two])
    assert came.count(Conflict) == 1


def test_two_invitations_of_one_address_at_once_are_one_account(database: Database) -> None:
    came = at_once(database, [lambda session: a_user(session, has_password=False).email] * AT_ONCE)
    assert (came.count("bo@acme.example"), came.count(Conflict)) == (1, AT_ONCE - 1)
