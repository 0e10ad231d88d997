from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.errors import Unavailable
from portal.people import second_factor, sessions
from tests.people.staff import AT, a_user

pyotp = pytest.importorskip("pyotp")
STEP = timedelta(seconds=second_factor.STEP_SECONDS)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""Of RFC 6238's own examples."""


def code(at: object = AT) -> str:
    return str(pyotp.TOTP(SECRET).at(at))


def test_a_present_code_is_taken_and_one_step_around_it() -> None:
    now = second_factor.step_of(SECRET, code(), AT)
    assert now is not None
    assert second_factor.step_of(SECRET, code(AT - STEP), AT) == now - 1
    assert second_factor.step_of(SECRET, code(AT + STEP), AT) == now + 1
    assert second_factor.step_of(SECRET, code(AT - 2 * STEP), AT) is None
    assert second_factor.step_of(SECRET, code(AT + 2 * STEP), AT) is None


def test_a_code_may_be_typed_with_a_blank() -> None:
    digits = code()
    assert second_factor.step_of(SECRET, f" {digits[:3]} {digits[3:]}", AT)


@pytest.mark.parametrize("typed", ["", "0", "abcdef", "١٢٣٤٥٦", "12345678901234567890", "\udcff"])
def test_what_is_no_code_is_not_taken(typed: str) -> None:
    assert second_factor.step_of(SECRET, typed, AT) is None


def test_a_code_is_taken_once_and_none_before_it(session: Session) -> None:
    bo = a_user(session)
    step = second_factor.step_of(SECRET, code(), AT) or 0
    second_factor.enrol(session, bo.id, SECRET, step)
    assert not second_factor.use_up(session, bo, step)
    assert not second_factor.use_up(session, bo, step - 1)
    assert second_factor.use_up(session, bo, step + 1)
    assert not second_factor.use_up(session, bo, step + 1)


def test_a_reset_ends_the_sessions_and_forgets_the_secret(session: Session) -> None:
    bo = a_user(session)
    second_factor.enrol(session, bo.id, SECRET, 1)
    here, there = (sessions.sign_in(session, bo, at=AT, is_complete=True).token for _ in range(2))
    second_factor.reset(session, bo.id, but=here)
    assert sessions.who(session, here, AT) is bo
    assert sessions.who(session, there, AT) is None
    assert bo.totp_secret is None
    assert not bo.needs_second_factor


def test_the_picture_says_whose_code_it_is_and_holds_no_style() -> None:
    address = second_factor.address(SECRET, email="bo@acme.example", name="Acme help")
    assert address.startswith("otpauth://totp/Acme%20help:bo%40acme.example?secret=" + SECRET)
    picture = second_factor.picture(address)
    assert picture.startswith("<svg ")
    assert "style" not in picture
    assert "<script" not in picture


def test_two_secrets_differ() -> None:
    assert second_factor.new_secret() != second_factor.new_secret()


def test_without_the_packages_everything_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_factor, "pyotp", None)
    assert not second_factor.is_available()
    with pytest.raises(Unavailable, match=r"pip install .*second-factor"):
        second_factor.step_of(SECRET, "123456", AT)
