"""Tokens at the desk: made, shown once, revoked."""

import re

import pytest
from flask import Flask

from portal.app import create_app
from portal.bootstrap import Portal
from portal.people.models import Role
from tests.web.desk_visitors import Somebody, cheap, signed_in

TOKEN = re.compile(r"sp_[0-9A-Za-z]{40}")


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, email="bo@acme.example")


def made(somebody: Somebody, **form: str) -> str:
    """Make a token by the page; returns its text."""
    answer = somebody.post("/desk/tokens", **{"name": "Chat", "scopes": "gaps:read", "days": "90"} | form)
    assert answer.status_code == 200
    found = TOKEN.search(answer.text)
    assert found
    return found[0]


def asks(app: Flask, token: str) -> int:
    client = app.test_client(use_cookies=False)
    return client.get("/api/v1/whoami", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_is_shown_once_and_works(app: Flask, bo: Somebody) -> None:
    token = made(bo)
    assert asks(app, token) == 200
    page = bo.get("/desk/tokens").text
    assert token not in page
    assert token[:9] in page
    assert "Chat" in page


def test_a_revoked_token_is_turned_away(app: Flask, bo: Somebody) -> None:
    token = made(bo)
    [path] = re.findall(r'action="(/desk/tokens/\d+/revocation)"', bo.get("/desk/tokens").text)
    assert bo.post(path).location == "/desk/tokens?done=revoked"
    assert asks(app, token) == 401
    assert "Revoked" in bo.get("/desk/tokens?done=revoked").text
    assert "revocation" not in bo.get("/desk/tokens").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": ""}, "what the token is for"),
        ({"scopes": "everything"}, "what the page offers"),
        ({"scopes": "gaps:write"}, "Your role may not do this"),
        ({"days": "none"}, "Choose when the token ends"),
        ({"days": "4000"}, "Choose when the token ends"),
        ({"days": "٣"}, "Choose when the token ends"),
    ],
)
def test_what_cant_be_made_is_said_and_what_was_typed_stays(bo: Somebody, form: dict[str, str], said: str) -> None:
    answer = bo.post("/desk/tokens", **{"name": "Chat", "scopes": "gaps:read", "days": "30"} | form)
    assert answer.status_code == 422
    assert said in answer.text
    assert not TOKEN.search(answer.text)
    assert ('value="Chat"' in answer.text) is (form.get("name") is None)


def test_a_page_offers_what_the_role_may_have(app: Flask, portal: Portal, bo: Somebody) -> None:
    assert 'value="gaps:write"' not in bo.get("/desk/tokens").text
    assert 'value="gaps:write"' in signed_in(app, portal, Role.WRITER).get("/desk/tokens").text
    assert 'value="none"' not in bo.get("/desk/tokens").text
    assert 'value="none"' in signed_in(app, portal, Role.ADMIN).get("/desk/tokens").text


def test_everybody_sees_their_own_and_admins_everybodys(app: Flask, portal: Portal, bo: Somebody) -> None:
    made(bo, name="Bo's chat")
    lead, ada = signed_in(app, portal, Role.LEAD), signed_in(app, portal, Role.ADMIN)
    assert "Bo&#39;s chat" not in lead.get("/desk/tokens").text
    assert "Bo&#39;s chat" in ada.get("/desk/tokens").text
    [path] = re.findall(r'action="(/desk/tokens/\d+/revocation)"', ada.get("/desk/tokens").text)
    assert lead.post(path).status_code == 404
    assert ada.post(path).status_code == 303


def test_a_name_is_shown_as_text(bo: Somebody) -> None:
    made(bo, name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in bo.get("/desk/tokens").text


def test_a_change_needs_the_pages_own_form(app: Flask, bo: Somebody) -> None:
    answer = bo.client.post("/desk/tokens", data={"name": "x", "scopes": "gaps:read", "days": "30"})
    assert answer.status_code == 403
    assert app.test_client().get("/desk/tokens").status_code == 303


def test_the_account_leads_to_the_tokens(bo: Somebody) -> None:
    assert 'href="/desk/tokens"' in bo.get("/desk/account").text
