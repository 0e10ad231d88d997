"""The users page: inviting, roles, shutting, links, second steps."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import accounts, second_factor
from portal.people.models import Role
from tests.people.staff import PASSWORD
from tests.web.desk_visitors import Somebody, cheap, make_user, sign_in, signed_in

LINK = re.compile(r"<code>http://localhost(/desk/keys/[\w-]{43})</code>")


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def ada(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, Role.ADMIN, "ada@acme.example")


def link_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found[1]


def test_whoever_is_invited_chooses_a_password_and_is_in(ada: Somebody, client: FlaskClient) -> None:
    answer = ada.post("/desk/people", email="Cleo@acme.example", name="Cleo", role="writer")
    assert "shown only now" in answer.text
    link = link_in(answer.text)
    assert link not in ada.get("/desk/people").text
    assert "Invited, not here yet" in ada.get("/desk/people").text
    shown = client.get(link)
    assert "cleo@acme.example" in shown.text
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": PASSWORD}).location == "/desk"
    assert client.get("/desk/account").status_code == 200
    assert client.post(link, data={"password": "another good password"}).status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"email": "nonsense", "name": "X", "role": "agent"}, "Write an e-mail address"),
        ({"email": "x@acme.example", "name": " ", "role": "agent"}, "Write a name"),
        ({"email": "x@acme.example", "name": "X", "role": "king"}, "Choose a role"),
        ({"email": "x@acme.example", "name": "X"}, "Choose a role"),
        ({"email": "ADA@acme.example", "name": "X", "role": "agent"}, "already"),
    ],
)
def test_an_invitation_that_can_not_be_sent_says_why_and_keeps_what_was_typed(
    ada: Somebody, form: dict[str, str], said: str
) -> None:
    answer = ada.post("/desk/people", **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{form["email"]}"' in answer.text
    assert "1 account<" in ada.get("/desk/people").text


def test_a_role_counts_from_the_next_request(app: Flask, portal: Portal, ada: Somebody) -> None:
    bo = signed_in(app, portal, email="bo@acme.example")
    assert bo.get("/desk/people").status_code == 403
    assert ada.post(f"/desk/people/{bo.user.id}/role", role="admin").location == "/desk/people?done=role"
    assert bo.get("/desk/people").status_code == 200


def test_an_account_that_is_shut_is_out_and_can_be_opened_again(app: Flask, portal: Portal, ada: Somebody) -> None:
    bo = signed_in(app, portal, email="bo@acme.example")
    ada.post(f"/desk/people/{bo.user.id}/access", access="shut")
    assert not bo.is_inside()
    assert sign_in(app.test_client()).status_code == 422
    ada.post(f"/desk/people/{bo.user.id}/access", access="open")
    assert sign_in(app.test_client()).status_code == 303


@pytest.mark.parametrize(("action", "form"), [("access", {"access": "shut"}), ("role", {"role": "lead"})])
def test_the_last_admin_stays_and_is_told_why(ada: Somebody, portal: Portal, action: str, form: dict[str, str]) -> None:
    make_user(portal, "invited@acme.example", Role.ADMIN, has_password=False)
    answer = ada.post(f"/desk/people/{ada.user.id}/{action}", **form)
    assert answer.status_code == 409
    assert "last admin" in answer.text
    assert ada.get("/desk/people").status_code == 200


def test_a_link_for_a_new_password_ends_what_was_before(app: Flask, portal: Portal, ada: Somebody) -> None:
    bo = signed_in(app, portal, email="bo@acme.example")
    link = link_in(ada.post(f"/desk/people/{bo.user.id}/link").text)
    visitor = app.test_client()
    assert visitor.post(link, data={"password": "short"}).status_code == 422
    assert visitor.post(link, data={"password": "a new and better one"}).status_code == 303
    assert not bo.is_inside()
    assert sign_in(app.test_client()).status_code == 422


def test_there_is_no_link_for_an_account_that_is_shut(portal: Portal, ada: Somebody, client: FlaskClient) -> None:
    bo = make_user(portal)
    ada.post(f"/desk/people/{bo.id}/access", access="shut")
    link = link_in(ada.post(f"/desk/people/{bo.id}/link").text)
    assert client.get(link).status_code == 404


def test_an_admin_can_require_a_second_step(app: Flask, portal: Portal, ada: Somebody) -> None:
    bo = signed_in(app, portal, email="bo@acme.example")
    ada.post(f"/desk/people/{bo.user.id}/second-factor", required="yes")
    assert not bo.is_inside()
    visitor = app.test_client()
    assert sign_in(visitor).location == "/desk/second-factor"
    assert visitor.get("/desk/account").status_code == 303
    ada.post(f"/desk/people/{bo.user.id}/second-factor", required="no")
    assert sign_in(visitor).location == "/desk"


def test_an_admin_can_take_away_a_second_step_whose_phone_was_lost(app: Flask, portal: Portal, ada: Somebody) -> None:
    bo = make_user(portal)
    with portal.database.session() as session, transaction(session):
        second_factor.enrol(session, bo.id, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 1)
    assert sign_in(app.test_client()).location == "/desk/second-factor"
    assert "Second step set up" in ada.get("/desk/people").text
    ada.post(f"/desk/people/{bo.id}/second-factor/removal")
    assert sign_in(app.test_client()).location == "/desk"


def test_without_the_packages_nobody_can_be_asked_for_a_second_step(
    ada: Somebody, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = make_user(portal)
    monkeypatch.setattr(second_factor, "pyotp", None)
    answer = ada.post(f"/desk/people/{bo.id}/second-factor", required="yes")
    assert answer.status_code == 409
    assert "signpost-portal[second-factor]" in answer.text
    with portal.database.session() as session:
        assert not accounts.get(session, bo.id).must_use_second_factor
    assert "signpost-portal[second-factor]" in ada.get("/desk/account").text


@pytest.mark.parametrize("action", ["role", "access", "link", "second-factor", "second-factor/removal"])
def test_an_account_that_is_not_there_is_said(ada: Somebody, action: str) -> None:
    answer = ada.post(f"/desk/people/999/{action}", role="agent")
    assert answer.status_code == 404
    assert "no such account" in answer.text


def test_names_and_addresses_are_shown_as_text(ada: Somebody) -> None:
    ada.post("/desk/people", email="x'&x@acme.example", name="<b>X</b>", role="agent")
    shown = ada.get("/desk/people").text
    assert "<b>X" not in shown
    assert "&lt;b&gt;X" in shown
