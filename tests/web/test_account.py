"""My account: what I can change of it."""

import pytest
from flask import Flask

from portal.app import create_app
from portal.bootstrap import Portal
from tests.people.staff import PASSWORD
from tests.web.desk_visitors import Somebody, cheap, sign_in, signed_in

NEW = "a new and better one"


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, email="bo@acme.example")


def test_a_name_can_be_changed(bo: Somebody) -> None:
    answer = bo.post("/desk/account/name", name="  Bo\n Derfuss ")
    assert answer.location == "/desk/account?done=name"
    assert "Bo Derfuss" in bo.get("/desk/account").text
    assert "Your name is changed" in bo.get(answer.location).text


def test_an_empty_name_is_refused_beside_the_field(bo: Somebody) -> None:
    answer = bo.post("/desk/account/name", name=" ")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "1 to 100 characters" in answer.text


def test_a_name_is_shown_as_text(bo: Somebody) -> None:
    bo.post("/desk/account/name", name="<script>alert(1)</script>{{7*7}}")
    assert "<script>alert(1)" not in bo.get("/desk/account").text
    assert "{{7*7}}" in bo.get("/desk/account").text


def test_a_new_password_ends_every_other_session_and_this_ones_token(app: Flask, portal: Portal, bo: Somebody) -> None:
    elsewhere = signed_in(app, portal, email="bo@acme.example")
    stolen = bo.client.get_cookie("staff")
    assert stolen
    assert bo.post("/desk/account/password", present=PASSWORD, password=NEW).location == "/desk/account?done=password"
    assert bo.is_inside()
    assert not elsewhere.is_inside()
    thief = app.test_client()
    thief.set_cookie("staff", stolen.value)
    assert thief.get("/desk/account").status_code == 303
    assert sign_in(app.test_client()).status_code == 422
    assert sign_in(app.test_client(), password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("present", "password", "said"),
    [("wrong", NEW, "not your present password"), ("", NEW, "not your present"), (PASSWORD, "short", "at least 12"),
     (PASSWORD, "bo@acme.example", "not your name or address")],
)  # fmt: skip
def test_a_password_that_can_not_be_taken_changes_nothing(
    app: Flask, bo: Somebody, present: str, password: str, said: str
) -> None:
    answer = bo.post("/desk/account/password", present=present, password=password)
    assert answer.status_code == 422
    assert said in answer.text
    assert sign_in(app.test_client()).status_code == 303


def test_the_present_password_is_not_guessed_at_without_end(bo: Somebody) -> None:
    statuses = [bo.post("/desk/account/password", present="guess", password=NEW).status_code for _ in range(7)]
    assert statuses == [422] * 5 + [429] * 2


def test_i_see_where_i_am_signed_in_and_can_sign_out_everywhere_else(app: Flask, portal: Portal, bo: Somebody) -> None:
    elsewhere = signed_in(app, portal, email="bo@acme.example")
    cleo = signed_in(app, portal, email="cleo@acme.example")
    shown = bo.get("/desk/account").text
    assert shown.count("Unknown browser") == 2
    assert shown.count("this one") == 1
    assert bo.post("/desk/account/sessions/removal").location == "/desk/account?done=sessions"
    assert (bo.is_inside(), elsewhere.is_inside(), cleo.is_inside()) == (True, False, True)
    assert "Sign out everywhere else" not in bo.get("/desk/account").text
