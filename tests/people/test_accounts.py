import pytest
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid, NotFound
from portal.people import accounts, keys, sessions
from portal.people.models import KeyKind, Role
from tests.people.staff import AT, CHEAP, a_user


def test_an_address_is_one_account_however_it_is_written(session: Session) -> None:
    bo = a_user(session, "Bo@Acme.example")
    assert bo.email == "bo@acme.example"
    assert accounts.find(session, " BO@acme.EXAMPLE ") is bo
    with pytest.raises(Conflict, match="already"):
        a_user(session, "bO@acme.example")


@pytest.mark.parametrize(
    "email", ["", "bo", "bo@", "@acme.example", "b o@acme.example", "bo@a@b", "x" * 250 + "@a.bc", "a\n@b.cd"]
)
def test_what_is_no_address_is_refused(session: Session, email: str) -> None:
    with pytest.raises(Invalid, match=r"ada@example\.com"):
        accounts.add(session, email=email, name="Bo", role=Role.AGENT, at=AT)


@pytest.mark.parametrize("name", ["", "  ", "\u202e", "x" * 101])
def test_a_name_has_letters_and_an_end(session: Session, name: str) -> None:
    with pytest.raises(Invalid, match="1 to 100"):
        accounts.add(session, email="bo@acme.example", name=name, role=Role.AGENT, at=AT)


def test_everybody_is_listed_by_name_and_who_is_shut_last(session: Session) -> None:
    a_user(session, "ada@acme.example", Role.ADMIN)
    shut = a_user(session, "abe@acme.example")
    a_user(session, "Cleo@acme.example")
    accounts.disable(session, shut.id, at=AT)
    assert [user.name for user in accounts.everybody(session)] == ["Ada", "Cleo", "Abe"]


def test_a_new_password_ends_all_sessions_and_links(session: Session) -> None:
    bo = a_user(session)
    token = sessions.sign_in(session, bo, at=AT).token
    key = keys.make_key(session, kind=KeyKind.RESET, user_id=bo.id, at=AT)
    accounts.set_password(session, bo.id, CHEAP.hash("another good password"))
    assert sessions.who(session, token, AT) is None
    with pytest.raises(NotFound):
        keys.redeem(session, key, at=AT)


def test_shutting_an_account_ends_its_sessions_for_good(session: Session) -> None:
    bo = a_user(session)
    token = sessions.sign_in(session, bo, at=AT).token
    accounts.disable(session, bo.id, at=AT)
    assert sessions.who(session, token, AT) is None
    accounts.enable(session, bo.id)
    assert sessions.who(session, token, AT) is None


def test_the_last_admin_who_can_sign_in_stays(session: Session) -> None:
    ada = a_user(session, "ada@acme.example", Role.ADMIN)
    a_user(session, "invited@acme.example", Role.ADMIN, has_password=False)
    shut = a_user(session, "shut@acme.example", Role.ADMIN)
    accounts.disable(session, shut.id, at=AT)
    with pytest.raises(Conflict, match="last admin"):
        accounts.disable(session, ada.id, at=AT)
    with pytest.raises(Conflict, match="last admin"):
        accounts.set_role(session, ada.id, Role.LEAD)
    accounts.set_role(session, ada.id, Role.ADMIN)
    accounts.enable(session, shut.id)
    assert accounts.set_role(session, ada.id, Role.LEAD).role is Role.LEAD


def test_others_may_come_and_go(session: Session) -> None:
    a_user(session, "ada@acme.example", Role.ADMIN)
    bo = a_user(session)
    assert accounts.set_role(session, bo.id, Role.WRITER).role is Role.WRITER
    assert accounts.disable(session, bo.id, at=AT).is_disabled


def test_an_account_that_is_not_there_is_said(session: Session) -> None:
    with pytest.raises(NotFound, match="no such account"):
        accounts.get(session, 999)
    with pytest.raises(NotFound, match="portal users list"):
        accounts.named(session, "nobody@acme.example")


def test_an_issuers_subject_belongs_to_one_account(session: Session) -> None:
    bo, cleo = a_user(session), a_user(session, "cleo@acme.example")
    accounts.link_subject(session, bo.id, "https://id.example 1")
    accounts.link_subject(session, bo.id, "https://id.example 1")
    with pytest.raises(Conflict, match="tied"):
        accounts.link_subject(session, bo.id, "https://id.example 2")
    with pytest.raises(Conflict, match="another account"), session.begin_nested():
        accounts.link_subject(session, cleo.id, "https://id.example 1")
    assert accounts.with_subject(session, "https://id.example 1") is bo


@pytest.mark.parametrize(("role", "reached"), [("agent", 1), ("writer", 2), ("lead", 3), ("admin", 4)])
def test_each_role_may_what_the_ones_before_may(role: str, reached: int) -> None:
    assert [Role(role).reaches(least) for least in Role] == [True] * reached + [False] * (4 - reached)


def test_a_password_is_kept_at_new_costs_only_while_it_is_the_same(session: Session) -> None:
    bo = a_user(session)
    token, before = sessions.sign_in(session, bo, at=AT).token, bo.password_hash or ""
    accounts.rehash(session, bo.id, "another", CHEAP.hash("stale"))
    assert accounts.get(session, bo.id).password_hash == before
    accounts.rehash(session, bo.id, before, CHEAP.hash("fresh"))
    assert accounts.get(session, bo.id).password_hash != before
    assert sessions.who(session, token, AT)


@pytest.mark.parametrize("words", ["Bo@Acme.example", " bo@acme.example ", "bo", "BO"])
def test_an_account_is_called_by_its_address_or_its_name(session: Session, words: str) -> None:
    bo = a_user(session)
    a_user(session, "cleo@acme.example")
    assert accounts.called(session, words) is bo


def test_letters_that_only_some_databases_fold_call_an_account_too(session: Session) -> None:
    user = a_user(session, name="Ünal Ö")
    assert accounts.called(session, "ünal ö") is user


def test_nobody_is_called_by_a_name_of_two_nor_by_that_of_an_account_that_is_shut(session: Session) -> None:
    bo, other = a_user(session), a_user(session, "bo@other.example")
    assert [accounts.called(session, words) for words in ("Bo", "", "nobody")] == [None] * 3
    accounts.disable(session, other.id, at=AT)
    assert accounts.called(session, "Bo") is bo
    accounts.disable(session, bo.id, at=AT)
    assert accounts.called(session, "bo@acme.example") is None


def test_a_language_is_a_tag_or_none(session: Session) -> None:
    bo = a_user(session)
    assert bo.lang is None
    assert accounts.set_language(session, bo.id, "pt-BR").lang == "pt-BR"
    for nonsense in ("", "d", "german language", "de-" + "x" * 40):
        with pytest.raises(Invalid, match="one of the languages"):
            accounts.set_language(session, bo.id, nonsense)
    assert accounts.set_language(session, bo.id, None).lang is None
