"""The desk's guards: a token in every form, and a role for every page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.bootstrap import Portal
from portal.people.models import Role
from portal.web import staff
from tests.web.desk_visitors import Somebody, cheap, signed_in

ADMINS = {
    "/desk/people": ("GET", "POST"),
    "/desk/people/<int:user_id>/access": ("POST",),
    "/desk/people/<int:user_id>/link": ("POST",),
    "/desk/people/<int:user_id>/role": ("POST",),
    "/desk/people/<int:user_id>/second-factor": ("POST",),
    "/desk/people/<int:user_id>/second-factor/removal": ("POST",),
}
EVERYBODY = {
    "/desk": ("GET",),
    "/desk/account": ("GET",),
    "/desk/account/language": ("POST",),
    "/desk/account/name": ("POST",),
    "/desk/account/password": ("POST",),
    "/desk/account/second-factor/removal": ("POST",),
    "/desk/account/sessions/removal": ("POST",),
    "/desk/second-factor": ("GET", "POST"),
}
STRANGERS = {
    "/desk/forgotten": ("GET", "POST"),
    "/desk/keys/<key>": ("GET", "POST"),
    "/desk/oidc": ("GET",),
    "/desk/oidc/back": ("GET",),
    "/desk/sign-in": ("GET", "POST"),
    "/desk/sign-out": ("POST",),
}
DOOR = frozenset({"sign_in", "leaving", "keys", "second_factor", "account", "people", "oidc"})


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, email="bo@acme.example")


def ways(rules: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [
        (method, rule.replace("<int:user_id>", "1").replace("<key>", "made-up"))
        for rule, all_ in rules.items()
        for method in all_
    ]


def test_every_way_through_the_door_has_its_place_in_the_matrix(app: Flask) -> None:
    there = {rule.rule: rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in DOOR}
    methods = {path: tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})) for path, rule in there.items()}
    for rule in app.url_map.iter_rules():
        if rule.rule in there:
            methods[rule.rule] = tuple(sorted({*methods[rule.rule], *((rule.methods or set()) - {"HEAD", "OPTIONS"})}))
    assert methods == ADMINS | EVERYBODY | STRANGERS


@pytest.mark.parametrize("role", [Role.AGENT, Role.WRITER, Role.LEAD])
def test_people_are_for_admins(app: Flask, portal: Portal, role: Role) -> None:
    who = signed_in(app, portal, role)
    for method, path in ways(ADMINS):
        answer = who.get(path) if method == "GET" else who.post(path, role="admin", email="x@acme.example", name="X")
        assert answer.status_code == 403, (method, path)
        assert "This page is for others" in answer.text
        assert "acme.example" not in answer.text
    assert "/desk/people" not in who.get("/desk/account").text


@pytest.mark.parametrize("number", [1, 999_999])
def test_who_may_not_know_is_not_told_whether_an_account_is_there(bo: Somebody, number: int) -> None:
    answer = bo.post(f"/desk/people/{number}/role", role="admin")
    assert (answer.status_code, "no such account" in answer.text) == (403, False)


def test_an_admin_may_enter_everywhere(app: Flask, portal: Portal) -> None:
    ada = signed_in(app, portal, Role.ADMIN)
    for method, path in ways(ADMINS | EVERYBODY):
        if method == "GET":
            assert ada.get(path).status_code < 400, path


def test_a_stranger_is_led_to_the_sign_in_from_everywhere_else(client: FlaskClient) -> None:
    for method, path in ways(ADMINS | EVERYBODY):
        answer = client.open(path, method=method)
        assert answer.status_code == 303, (method, path)
        assert answer.location.startswith("/desk/sign-in"), (method, path)


@pytest.mark.parametrize("sent", [None, "", "0" * 64, "wrong", "\u00e9"])
@pytest.mark.parametrize(
    ("method", "path"), [way for way in ways(ADMINS | EVERYBODY | {"/desk/sign-out": ("POST",)}) if way[0] == "POST"]
)
def test_a_form_without_its_sessions_token_changes_nothing(
    app: Flask, portal: Portal, method: str, path: str, sent: str | None
) -> None:
    ada = signed_in(app, portal, Role.ADMIN)
    form = {"role": "agent", "name": "Mallory", "access": "shut", "required": "yes"} | (
        {} if sent is None else {"csrf": sent}
    )
    answer = ada.client.open(path, method=method, data=form)
    assert answer.status_code == 403
    assert "This form is out of date" in answer.text
    assert ada.is_inside()
    assert "Mallory" not in ada.get("/desk/account").text


def test_anothers_token_is_as_good_as_none(app: Flask, portal: Portal, bo: Somebody) -> None:
    cleo = signed_in(app, portal, email="cleo@acme.example")
    answer = bo.client.post("/desk/account/name", data={"csrf": cleo.csrf(), "name": "Mallory"})
    assert answer.status_code == 403


def test_a_script_may_send_the_token_in_a_header(bo: Somebody) -> None:
    answer = bo.client.post("/desk/account/name", data={"name": "Bob"}, headers={staff.HEADER: bo.csrf()})
    assert answer.status_code == 303


def test_a_token_does_not_help_a_form_of_another_site(bo: Somebody) -> None:
    form = {"csrf": bo.csrf(), "name": "Mallory"}
    answer = bo.client.post("/desk/account/name", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_readers_forms_need_no_token_of_the_desks(bo: Somebody) -> None:
    assert bo.client.post("/en/votes/pw-1", data={"helpful": "yes"}).status_code == 303
