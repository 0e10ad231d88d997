"""Tokens: made, known again, dead."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Forbidden, Invalid, NotFound
from portal.people import accounts
from portal.people.models import Role, User
from portal.programs import token_text, tokens
from portal.programs.models import ApiToken
from portal.programs.tokens import GRAIN, MOST_DAYS, MOST_TOKENS, Scope, Trouble
from tests.people.staff import a_user

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def a_token(
    session: Session,
    user: User,
    *scopes: Scope,
    name: str = "Help desk",
    expires_at: datetime | None = AT + 90 * DAY,
) -> tuple[ApiToken, str]:
    chosen = scopes or (Scope.CONVERSATIONS_READ,)
    return tokens.make(session, user=user, name=name, scopes=chosen, expires_at=expires_at, at=AT)


def test_a_token_says_who_asks_and_what_they_may(session: Session) -> None:
    bo = a_user(session)
    _, text = a_token(session, bo, Scope.CONVERSATIONS_READ, Scope.LINKS_WRITE)
    found = tokens.who(session, text, AT)
    assert found
    assert (found.user.id, found.name) == (bo.id, "Help desk")
    assert found.scopes == {Scope.CONVERSATIONS_READ, Scope.LINKS_WRITE}


def test_a_tokens_text_is_kept_nowhere(session: Session) -> None:
    _, text = a_token(session, a_user(session))
    row = session.execute(select(*ApiToken.__table__.columns)).one()
    assert not any(text in str(value) for value in row)
    assert row.token == token_text.digest(text)
    assert text.startswith(row.beginning)


def test_a_token_ends_at_its_moment(session: Session) -> None:
    _, text = a_token(session, a_user(session), expires_at=AT + DAY)
    assert tokens.who(session, text, AT + DAY - timedelta(seconds=1))
    assert tokens.who(session, text, AT + DAY) is None
    assert tokens.why_not(session, text, AT + DAY) is Trouble.EXPIRED


def test_a_revoked_token_is_dead_at_once_and_stays_so(session: Session) -> None:
    bo = a_user(session)
    token, text = a_token(session, bo)
    tokens.revoke(session, token.id, by=bo, at=AT)
    tokens.revoke(session, token.id, by=bo, at=AT + DAY)
    assert tokens.who(session, text, AT) is None
    assert tokens.why_not(session, text, AT) is Trouble.REVOKED
    assert token.revoked_at == AT


def test_a_token_dies_with_its_account_and_lives_again_with_it(session: Session) -> None:
    a_user(session, "ada@acme.example", Role.ADMIN)
    bo = a_user(session)
    _, text = a_token(session, bo)
    accounts.disable(session, bo.id, at=AT)
    assert tokens.who(session, text, AT) is None
    assert tokens.why_not(session, text, AT) is Trouble.SHUT
    accounts.enable(session, bo.id)
    assert tokens.who(session, text, AT)


def test_a_token_never_may_more_than_the_role_its_account_has_now(session: Session) -> None:
    cleo = a_user(session, "cleo@acme.example", Role.WRITER)
    _, text = a_token(session, cleo, Scope.GAPS_WRITE, Scope.GAPS_READ)
    accounts.set_role(session, cleo.id, Role.AGENT)
    found = tokens.who(session, text, AT)
    assert found
    assert found.scopes == {Scope.GAPS_READ}


def test_nobody_makes_a_token_for_what_their_role_may_not(session: Session) -> None:
    with pytest.raises(Forbidden, match="gaps:write"):
        a_token(session, a_user(session), Scope.GAPS_WRITE)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "\x00"])
def test_a_token_needs_a_name(session: Session, name: str) -> None:
    with pytest.raises(Invalid, match="what the token is for"):
        a_token(session, a_user(session), name=name)


def test_a_token_needs_a_scope(session: Session) -> None:
    with pytest.raises(Invalid, match="at least one"):
        tokens.make(session, user=a_user(session), name="x", scopes=(), expires_at=AT + DAY, at=AT)


@pytest.mark.parametrize("expires_at", [AT, AT - DAY, AT + (MOST_DAYS + 1) * DAY])
def test_a_token_ends_in_the_future_and_not_too_far_in_it(session: Session, expires_at: datetime) -> None:
    with pytest.raises(Invalid, match="ends between"):
        a_token(session, a_user(session), expires_at=expires_at)


def test_only_an_admins_token_may_have_no_end(session: Session) -> None:
    with pytest.raises(Invalid, match="Only admins"):
        a_token(session, a_user(session), expires_at=None)
    _, text = a_token(session, a_user(session, "ada@acme.example", Role.ADMIN), expires_at=None)
    assert tokens.who(session, text, AT + 10_000 * DAY)


def test_an_account_has_so_many_living_tokens_and_no_more(session: Session) -> None:
    bo = a_user(session)
    made = [a_token(session, bo)[0] for _ in range(MOST_TOKENS)]
    with pytest.raises(Invalid, match="Revoke"):
        a_token(session, bo)
    tokens.revoke(session, made[0].id, by=bo, at=AT)
    a_token(session, bo)


def test_only_the_owner_and_admins_revoke(session: Session) -> None:
    bo, ada = a_user(session), a_user(session, "ada@acme.example", Role.ADMIN)
    lead = a_user(session, "lea@acme.example", Role.LEAD)
    token, text = a_token(session, bo)
    with pytest.raises(NotFound):
        tokens.revoke(session, token.id, by=lead, at=AT)
    assert tokens.who(session, text, AT)
    tokens.revoke(session, token.id, by=ada, at=AT)
    assert tokens.who(session, text, AT) is None


def test_a_list_is_ones_own_or_everybodys(session: Session) -> None:
    bo, cleo = a_user(session), a_user(session, "cleo@acme.example")
    mine, theirs = a_token(session, bo)[0], a_token(session, cleo)[0]
    assert [one.token.id for one in tokens.listed(session, user=bo.id)] == [mine.id]
    assert {one.token.id for one in tokens.listed(session)} == {mine.id, theirs.id}


def test_use_is_noted_every_few_minutes_and_not_each_time(session: Session) -> None:
    _, text = a_token(session, a_user(session))
    first = tokens.who(session, text, AT)
    assert first
    assert tokens.is_to_be_noted(first, AT)
    tokens.note(session, first, AT)
    again = tokens.who(session, text, AT)
    assert again
    assert not tokens.is_to_be_noted(again, AT + GRAIN / 2)
    assert tokens.is_to_be_noted(again, AT + GRAIN)


def test_tokens_are_written_so_that_scanners_know_them() -> None:
    made = {token_text.new_token() for _ in range(200)}
    assert len(made) == 200
    assert all(len(one) == 43 and one.startswith("sp_") and token_text.is_token(one) for one in made)


@given(st.text(max_size=50))
def test_no_other_text_passes_for_a_token(text: str) -> None:
    assert not token_text.is_token(text)


@given(st.integers(3, 42))
def test_a_mistyped_token_is_known_to_be_one(place: int) -> None:
    made = token_text.new_token()
    other = "a" if made[place] != "a" else "b"
    assert not token_text.is_token(made[:place] + other + made[place + 1 :])
