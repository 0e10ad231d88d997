from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people import accounts, sessions
from portal.people.models import UserSession
from portal.people.sessions import GRAIN, HALFWAY, IDLE, LONGEST
from tests.people.staff import AT, a_user

A_MOMENT = timedelta(seconds=1)


def test_the_database_does_not_hold_what_the_cookie_holds(session: Session) -> None:
    token = sessions.sign_in(session, a_user(session), at=AT).token
    kept = session.scalars(select(UserSession.token)).one()
    assert token not in kept
    assert len(kept) == 64
    assert len(token) >= 43


def test_a_session_lasts_while_it_is_used(session: Session) -> None:
    bo = a_user(session)
    token, at = sessions.sign_in(session, bo, at=AT).token, AT
    for _ in range(5):
        at += IDLE - A_MOMENT
        assert sessions.who(session, token, at) is bo
        assert sessions.is_to_be_noted(session, token, at)
        sessions.note(session, token, at)
    assert sessions.who(session, token, at + IDLE) is None


def test_a_session_ends_after_thirty_days_however_busy(session: Session) -> None:
    token, at = sessions.sign_in(session, a_user(session), at=AT).token, AT
    while at < AT + LONGEST - IDLE:
        at += IDLE / 2
        sessions.note(session, token, at)
    assert sessions.who(session, token, AT + LONGEST - A_MOMENT)
    assert sessions.who(session, token, AT + LONGEST) is None


def test_reading_pages_seldom_writes(session: Session) -> None:
    token = sessions.sign_in(session, a_user(session), at=AT).token
    assert not sessions.is_to_be_noted(session, token, AT + GRAIN - A_MOMENT)
    assert sessions.is_to_be_noted(session, token, AT + GRAIN)
    assert not sessions.is_to_be_noted(session, "made up", AT + GRAIN)


def test_signing_out_ends_this_session_and_no_other(session: Session) -> None:
    bo = a_user(session)
    here, there = (sessions.sign_in(session, bo, at=AT).token for _ in range(2))
    sessions.sign_out(session, here)
    sessions.sign_out(session, here)
    assert sessions.who(session, here, AT) is None
    assert sessions.who(session, there, AT) is bo


def test_signing_out_everywhere_else_leaves_this_one_and_everybody_else(session: Session) -> None:
    bo, cleo = a_user(session), a_user(session, "cleo@acme.example")
    here, there, hers = (sessions.sign_in(session, who, at=AT).token for who in (bo, bo, cleo))
    assert sessions.sign_out_everywhere(session, bo.id, but=here) == 1
    alive = [sessions.who(session, token, AT) for token in (here, there, hers)]
    assert alive == [bo, None, cleo]


def test_half_a_session_opens_nothing_and_soon_ends(session: Session) -> None:
    bo = accounts.require_second_factor(session, a_user(session).id, is_required=True)
    signed = sessions.sign_in(session, bo, at=AT)
    assert not signed.is_complete
    assert sessions.who(session, signed.token, AT) is None
    assert sessions.waiting(session, signed.token, AT + HALFWAY - A_MOMENT) is bo
    assert sessions.waiting(session, signed.token, AT + HALFWAY) is None


def test_the_second_step_makes_a_new_session(session: Session) -> None:
    bo = accounts.require_second_factor(session, a_user(session).id, is_required=True)
    half = sessions.sign_in(session, bo, device="Firefox · Linux", at=AT)
    whole = sessions.complete(session, half.token, bo, at=AT)
    assert whole.is_complete
    assert sessions.who(session, whole.token, AT) is bo
    assert sessions.waiting(session, half.token, AT) is None
    assert sessions.who(session, half.token, AT) is None
    assert [one.device for one in sessions.of_user(session, bo.id, AT)] == ["Firefox · Linux"]


def test_a_whole_session_does_not_wait_for_a_code(session: Session) -> None:
    token = sessions.sign_in(session, a_user(session), at=AT).token
    assert sessions.waiting(session, token, AT) is None


def test_requiring_a_second_step_ends_the_sessions_of_who_has_none(session: Session) -> None:
    bo = a_user(session)
    token = sessions.sign_in(session, bo, at=AT).token
    accounts.require_second_factor(session, bo.id, is_required=True)
    assert sessions.who(session, token, AT) is None


def test_what_has_ended_is_cleared_away(session: Session) -> None:
    bo = a_user(session)
    sessions.sign_in(session, bo, at=AT)
    sessions.sign_in(session, bo, at=AT + LONGEST)
    assert len(session.scalars(select(UserSession)).all()) == 1


def test_a_session_that_outlived_its_account_opens_nothing(session: Session) -> None:
    bo = a_user(session)
    token = sessions.sign_in(session, bo, at=AT).token
    bo.disabled_at = AT
    session.flush()
    assert sessions.who(session, token, AT) is None
