"""Who may do what: every operation with every kind of token. Default deny."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import accounts
from portal.people.models import Role
from portal.programs import token_text, tokens
from portal.programs.scopes import Scope, within
from portal.web.api.document import parsed
from portal.web.api.operations import OPERATIONS, Operation
from tests.web.api_program import Program, a_program, a_token
from tests.web.conftest import PASSWORD, SECRET
from tests.web.desk_visitors import signed_in

VALUES = {
    "article_id": PASSWORD,
    "number": "1",
    "uid": "0" * 32,
    "token": "abc",
    "voter": "reader-1",
    "name": "people",
    "saved_id": "1",
    "slug": "accounts",
}
Kind = tuple[str, str]


@pytest.fixture
def nobody(app: Flask) -> Program:
    return Program(app.test_client(use_cookies=False))


def every(app: Flask) -> list[tuple[str, str, Operation]]:
    """(method, path, what it is) of every operation of the document."""
    with app.test_request_context():
        paths: dict[str, Any] = parsed()["paths"]
    found = [
        (method.upper(), re.sub(r"\{(\w+)\}", lambda name: VALUES[name[1]], path), OPERATIONS[one["operationId"]])
        for path, methods in paths.items()
        for method, one in methods.items()
    ]
    assert len(found) == len(OPERATIONS)
    return [(method, path.removeprefix("/api/v1"), one) for method, path, one in found]


def test_every_route_of_the_api_is_an_operation_of_the_document(app: Flask) -> None:
    routed = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    described = {(view.rule, method) for view, method in _described(app)}
    assert routed - described == {("/api/v1/openapi.json", "GET"), ("/api/v1/docs", "GET")}


def _described(app: Flask) -> list[tuple[Any, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.rpartition(".")[2] in OPERATIONS and rule.rule.startswith("/api/")
    ]


def test_without_a_token_nothing_is_answered_but_what_the_public_reads(app: Flask, nobody: Program) -> None:
    walked = 0
    for method, path, one in every(app):
        answer = nobody.send(method, path, None if method == "GET" else {})
        if one.is_open:
            assert answer.status_code not in {401, 403}, (method, path)
            continue
        walked += 1
        assert answer.status_code == 401, (method, path)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Signpost"'
        assert answer.mimetype == "application/problem+json"
        assert "/desk/tokens" in (answer.json or {})["detail"]
    assert walked > 25


def bad_tokens(portal: Portal) -> dict[str, tuple[str, str]]:
    """Authorization header -> what is said of it, by name."""
    everything = within(Scope, Role.WRITER)
    expired, _ = a_token(portal, everything, lives=timedelta(days=-1))
    revoked, user = a_token(portal, everything)
    shut, other = a_token(portal, everything, email="gone@acme.example")
    with portal.database.session() as session, transaction(session):
        token = next(
            one.token for one in tokens.listed(session, user=user.id) if revoked.startswith(one.token.beginning)
        )
        tokens.revoke(session, token.id, by=user, at=clock.now())
        accounts.disable(session, other.id, at=clock.now())
    return {
        "empty": ("Bearer ", "not known"),
        "garbage": ("Bearer garbage", "not known"),
        "unknown": (f"Bearer {token_text.new_token()}", "not known"),
        "long": ("Bearer " + "x" * 5000, "not known"),
        "odd": ("bearer \xff'; DROP TABLE users", "not known"),
        "expired": (f"Bearer {expired}", "has expired"),
        "revoked": (f"Bearer {revoked}", "was revoked"),
        "shut": (f"Bearer {shut}", "account of this token is shut"),
    }


def test_a_token_that_is_not_taken_opens_nothing_not_even_what_is_open(
    app: Flask, portal: Portal, nobody: Program
) -> None:
    for name, (header, said) in bad_tokens(portal).items():
        for method, path, _ in every(app):
            answer = nobody.send(method, path, None if method == "GET" else {}, Authorization=header)
            assert answer.status_code == 401, (name, method, path)
            assert said in (answer.json or {})["detail"]
            assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_opens_what_its_scopes_name_and_nothing_else(app: Flask, portal: Portal) -> None:
    programs = {scope: a_program(app, portal, scope, email="wes@acme.example") for scope in Scope}
    for method, path, one in every(app):
        for scope, program in programs.items():
            answer = program.send(method, path, None if method == "GET" else {})
            if one.is_open or one.scope in {None, scope}:
                assert answer.status_code not in {401, 403}, (scope, method, path)
                continue
            assert answer.status_code == 403, (scope, method, path)
            assert (answer.json or {})["scope"] == one.scope
            assert f'scope="{one.scope}"' in answer.headers["WWW-Authenticate"]
            assert str(one.scope) in (answer.json or {})["detail"]


def test_a_scope_is_worth_nothing_once_the_role_is_lower(app: Flask, portal: Portal) -> None:
    program = a_program(app, portal, Scope.GAPS_WRITE, email="wes@acme.example")
    assert program.post("/gaps/1/acceptance").status_code == 404
    assert program.user
    with portal.database.session() as session, transaction(session):
        accounts.set_role(session, program.user.id, Role.AGENT)
    assert program.post("/gaps/1/acceptance").status_code == 403


def test_a_cookie_gives_a_program_nothing(app: Flask, portal: Portal) -> None:
    ada = signed_in(app, portal, Role.ADMIN)
    assert ada.get("/desk/account").status_code == 200
    for method, path, one in every(app):
        if not one.is_open:
            answer = ada.client.open(f"/api/v1{path}", method=method, json=None if method == "GET" else {})
            assert answer.status_code == 401, (method, path)
    assert ada.get(f"/api/v1/articles/{SECRET}").status_code == 404
    assert (ada.get("/api/v1/search?q=quokkacanary").json or {})["total"] == 0


def test_articles_for_staff_need_their_scope(app: Flask, portal: Portal, nobody: Program) -> None:
    reader = a_program(app, portal, Scope.ARTICLES_READ)
    other = a_program(app, portal, Scope.GAPS_READ)
    assert reader.get(f"/articles/{SECRET}").status_code == 200
    assert reader.get(f"/articles/{SECRET}").headers["Cache-Control"] == "private, no-store"
    assert (reader.get("/search?q=quokkacanary").json or {})["total"] == 1
    for program in (other, nobody):
        assert program.get(f"/articles/{SECRET}").status_code == 404
        assert (program.get("/search?q=quokkacanary").json or {})["total"] == 0
        assert SECRET not in program.get("/articles?limit=50").text
    missing, forbidden = nobody.get("/articles/nowhere-x"), nobody.get(f"/articles/{SECRET}")
    assert missing.data == forbidden.data


def test_a_token_opens_no_page(app: Flask, portal: Portal) -> None:
    program = a_program(app, portal, role=Role.ADMIN)
    headers = {"Authorization": f"Bearer {program.token}"}
    client = app.test_client(use_cookies=False)
    assert client.get("/desk/gaps", headers=headers).status_code == 303
    assert client.get("/en/search?q=quokkacanary", headers=headers).text.count("Canary procedure") == 0


def test_whoami_tells_what_a_token_is_and_may(app: Flask, portal: Portal) -> None:
    program = a_program(app, portal, Scope.GAPS_READ, Scope.MEASURES_READ)
    said = program.get("/whoami").json or {}
    assert said["account"]["name"] == "Writer"
    assert (said["token"], said["role"], said["scopes"]) == ("Help desk", "writer", ["gaps:read", "measures:read"])


def test_basic_authentication_of_a_proxy_before_us_is_no_token(nobody: Program) -> None:
    assert nobody.get("/search?q=password", Authorization="Basic YTpi").status_code == 200
    assert nobody.get("/whoami", Authorization="Basic YTpi").status_code == 401


def test_a_tokens_use_is_noted(app: Flask, portal: Portal) -> None:
    program = a_program(app, portal, Scope.GAPS_READ)
    program.get("/whoami")
    assert program.user
    with portal.database.session() as session:
        assert tokens.listed(session, user=program.user.id)[0].token.used_at
