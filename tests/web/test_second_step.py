"""The second step: set up, shown, and taken once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import accounts, second_factor
from portal.people.models import User
from tests.web.desk_visitors import Somebody, cheap, make_user, sign_in, signed_in

pyotp = pytest.importorskip("pyotp")
PAGE = "/desk/second-factor"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
_KEY = re.compile(r'class="qr-key">([A-Z2-7 ]+)<')


class Clock:
    """What time it is, until a test says otherwise."""

    def __init__(self) -> None:
        self.at = datetime.now(tz=UTC)

    def now(self) -> datetime:
        return self.at

    def tick(self) -> None:
        self.at += timedelta(seconds=second_factor.STEP_SECONDS)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    time = Clock()
    monkeypatch.setattr("portal.clock.now", time.now)
    return time


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(portal: Portal) -> User:
    """Somebody with a second step."""
    user = make_user(portal)
    with portal.database.session() as session, transaction(session):
        return second_factor.enrol(session, user.id, SECRET, 1)


def show(client: FlaskClient, code: str, **form: str) -> tuple[int, str]:
    found = _CSRF.search(client.get(PAGE).text)
    answer = client.post(PAGE, data={"csrf": found[1] if found else "", "code": code} | form)
    return answer.status_code, answer.location or answer.text


def code(time: Clock, secret: str = SECRET) -> str:
    return str(pyotp.TOTP(secret).at(time.at))


def test_a_password_alone_opens_nothing(client: FlaskClient, bo: User) -> None:
    assert sign_in(client).location == PAGE
    assert client.get("/desk/account").location.startswith("/desk/sign-in")
    assert client.get("/en/articles/accounts/secret").status_code == 404
    assert "data:image" not in client.get(PAGE).text
    assert "qr-key" not in client.get(PAGE).text


def test_a_code_opens_the_desk_and_leads_on(client: FlaskClient, bo: User, time: Clock) -> None:
    answer = sign_in(client, next="/desk/account")
    assert answer.location == f"{PAGE}?next=%2Fdesk%2Faccount"
    half = client.get_cookie("staff")
    assert show(client, code(time), next="/desk/account") == (303, "/desk/account")
    assert client.get("/desk/account").status_code == 200
    whole = client.get_cookie("staff")
    assert half
    assert whole
    assert half.value != whole.value


def test_a_code_leads_nobody_elsewhere(client: FlaskClient, bo: User, time: Clock) -> None:
    sign_in(client)
    assert show(client, code(time), next="//evil.example")[1] == "/desk"


def test_a_code_is_taken_once(app: Flask, bo: User, time: Clock) -> None:
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        sign_in(client)
    assert show(first, code(time))[0] == 303
    status, said = show(second, code(time))
    assert (status, "used before" in said) == (422, True)
    time.tick()
    assert show(second, code(time))[0] == 303


def test_codes_are_not_guessed_at_without_end(client: FlaskClient, bo: User, time: Clock) -> None:
    sign_in(client)
    assert [show(client, "000000")[0] for _ in range(7)] == [422] * 5 + [429] * 2


def test_a_password_waits_ten_minutes_for_its_code(client: FlaskClient, bo: User, time: Clock) -> None:
    sign_in(client)
    time.at += timedelta(minutes=10)
    assert client.get(PAGE).location == "/desk/sign-in?next=%2Fdesk%2Fsecond-factor"


def test_who_must_have_a_second_step_sets_it_up_before_entering(
    client: FlaskClient, portal: Portal, time: Clock
) -> None:
    user = make_user(portal)
    with portal.database.session() as session, transaction(session):
        accounts.require_second_factor(session, user.id, is_required=True)
    assert sign_in(client).location == PAGE
    page = client.get(PAGE).text
    key = _KEY.search(page)
    assert key
    assert "<svg viewBox=" in page
    secret = key[1].replace(" ", "")
    assert _KEY.search(client.get(PAGE).text)[1] == key[1]  # type: ignore[index]
    assert show(client, "000000")[0] == 422
    assert show(client, code(time, secret)) == (303, "/desk")
    assert client.get("/desk/account").status_code == 200
    with portal.database.session() as session:
        assert accounts.get(session, user.id).totp_secret == secret


def test_nobody_who_has_a_second_step_is_offered_another_by_a_password(
    client: FlaskClient, bo: User, time: Clock
) -> None:
    sign_in(client)
    assert show(client, code(time, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))[0] == 422


def test_whoever_is_in_may_set_it_up_and_take_it_away(app: Flask, portal: Portal, time: Clock) -> None:
    bo = signed_in(app, portal, email="bo@acme.example")
    key = _KEY.search(bo.get(PAGE).text)
    assert key
    secret = key[1].replace(" ", "")
    assert show(bo.client, code(time, secret)) == (303, "/desk/account?done=second-factor")
    assert bo.get(PAGE).location == "/desk/account"
    assert bo.post("/desk/account/second-factor/removal", code="000000").status_code == 422
    time.tick()
    answer = bo.post("/desk/account/second-factor/removal", code=code(time, secret))
    assert answer.location == "/desk/account?done=second-factor-removed"
    assert bo.is_inside()
    assert sign_in(app.test_client()).location == "/desk"


def test_who_must_have_it_can_not_take_it_away(app: Flask, portal: Portal, bo: User, time: Clock) -> None:
    with portal.database.session() as session, transaction(session):
        accounts.require_second_factor(session, bo.id, is_required=True)
    who = signed_in(app, portal, email="bo@acme.example")
    answer = who.post("/desk/account/second-factor/removal", code=code(time))
    assert (answer.status_code, "must have a second step" in answer.text) == (422, True)


def test_without_the_packages_the_page_says_what_to_install(
    client: FlaskClient, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    csrf = _CSRF.search(client.get(PAGE).text)
    assert csrf
    monkeypatch.setattr(second_factor, "pyotp", None)
    answer = client.post(PAGE, data={"csrf": csrf[1], "code": "123456"})
    assert answer.status_code == 503
    assert "signpost-portal[second-factor]" in answer.text


def test_half_a_session_can_be_left(client: FlaskClient, bo: User) -> None:
    sign_in(client)
    csrf = _CSRF.search(client.get(PAGE).text)
    assert csrf
    assert client.post("/desk/sign-out", data={"csrf": csrf[1]}).location == "/desk/sign-in"
    assert client.get(PAGE).status_code == 303


def test_the_key_is_one_persons_and_one_sessions(app: Flask, portal: Portal) -> None:
    first = signed_in(app, portal, email="bo@acme.example")
    second: Somebody = signed_in(app, portal, email="cleo@acme.example")
    assert _KEY.findall(first.get(PAGE).text) != _KEY.findall(second.get(PAGE).text)
