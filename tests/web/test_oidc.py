"""Signing in with a company's own sign-in: whom it lets in, and what it must prove."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import accounts
from portal.people.models import Role
from portal.web import oidc_client

pytest.importorskip("authlib")
from joserfc.jwk import ECKey, OctKey

from tests.web.desk_visitors import cheap, make_user
from tests.web.issuer import CLIENT, CLIENT_SECRET, Issuer, run_issuer

LATER, LONG_AGO = 4_000_000_000, 1_000_000_000


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with run_issuer() as issuer:
        yield issuer


@pytest.fixture
def app(portal: Portal, issuer: Issuer) -> Flask:
    settings = replace(
        portal.settings, oidc_issuer=issuer.address, oidc_client_id=CLIENT, oidc_client_secret=CLIENT_SECRET
    )
    return cheap(create_app(replace(portal, settings=settings)))


def come_by(client: FlaskClient, issuer: Issuer, wanted: str = "") -> TestResponse:
    there = client.get("/desk/oidc", query_string={"next": wanted} if wanted else {})
    assert there.status_code == 303, there.text
    return client.get(issuer.visit(there.location))


def test_the_sign_in_offers_the_issuer_and_asks_it_nothing(client: FlaskClient, issuer: Issuer) -> None:
    assert "Sign in with 127.0.0.1" in client.get("/desk/sign-in").text
    assert issuer.asked == []


def test_who_was_invited_by_a_verified_address_is_tied_to_that_account(
    client: FlaskClient, portal: Portal, issuer: Issuer
) -> None:
    bo = make_user(portal, has_password=False)
    assert come_by(client, issuer).location == "/desk"
    assert client.get("/desk/account").status_code == 200
    assert client.get_cookie("oidc", path="/desk/oidc") is None
    with portal.database.session() as session:
        assert accounts.get(session, bo.id).oidc_subject == f"{issuer.address} 42"


def test_the_next_time_the_subject_is_enough(client: FlaskClient, portal: Portal, issuer: Issuer) -> None:
    make_user(portal, has_password=False)
    come_by(client, issuer)
    client.delete_cookie("staff")
    issuer.claims = {"email": "married@acme.example", "email_verified": None}
    assert come_by(client, issuer, "/desk/account").location == "/desk/account"


@pytest.mark.parametrize(
    "claims", [{"email": "eve@acme.example"}, {"email_verified": False}, {"email_verified": "true"}, {"email": None}]
)
def test_who_was_not_invited_is_refused_in_words(
    client: FlaskClient, portal: Portal, issuer: Issuer, claims: dict[str, object]
) -> None:
    make_user(portal, has_password=False)
    issuer.claims = claims
    answer = come_by(client, issuer)
    assert answer.status_code == 403
    assert "no account here" in answer.text
    assert client.get("/desk/account").status_code == 303
    with portal.database.session() as session:
        assert len(accounts.everybody(session)) == 1


def test_a_subject_is_not_taken_over_by_another_with_the_same_address(
    client: FlaskClient, portal: Portal, issuer: Issuer
) -> None:
    make_user(portal, has_password=False)
    come_by(client, issuer)
    client.delete_cookie("staff")
    issuer.claims = {"sub": "43"}
    assert come_by(client, issuer).status_code == 409
    assert client.get("/desk/account").status_code == 303


def test_an_account_that_is_shut_stays_shut(client: FlaskClient, portal: Portal, issuer: Issuer) -> None:
    bo = make_user(portal)
    come_by(client, issuer)
    with portal.database.session() as session, transaction(session):
        accounts.disable(session, bo.id, at=bo.created_at)
    assert come_by(client, issuer).status_code == 403
    assert client.get("/desk/account").status_code == 303


def test_a_required_second_step_is_asked_for_here_too(client: FlaskClient, portal: Portal, issuer: Issuer) -> None:
    bo = make_user(portal, has_password=False)
    with portal.database.session() as session, transaction(session):
        accounts.require_second_factor(session, bo.id, is_required=True)
    assert come_by(client, issuer).location == "/desk/second-factor"


@pytest.mark.parametrize(
    "claims",
    [{"iss": "http://127.0.0.1:1"}, {"aud": "another"}, {"nonce": "another"}, {"nonce": None}, {"exp": LONG_AGO},
     {"iat": LATER}, {"nbf": LATER}, {"sub": None}, {"aud": None}, {"exp": None}, {"iss": None}],
)  # fmt: skip
def test_a_token_with_a_wrong_claim_lets_nobody_in(
    client: FlaskClient, portal: Portal, issuer: Issuer, claims: dict[str, object]
) -> None:
    make_user(portal)
    issuer.claims = claims
    answer = come_by(client, issuer)
    assert (answer.status_code, "did not confirm" in answer.text) == (403, True)
    assert client.get("/desk/account").status_code == 303


@pytest.mark.parametrize("how", ["another key", "the client's secret", "nothing"])
def test_a_token_that_the_issuer_did_not_sign_lets_nobody_in(
    client: FlaskClient, portal: Portal, issuer: Issuer, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(portal)
    if how == "another key":
        issuer.signs_with = ECKey.generate_key("P-256", {"kid": "1"})
    elif how == "the client's secret":
        issuer.signs_with, issuer.header = OctKey.import_key(CLIENT_SECRET), {"alg": "HS256"}  # type: ignore[assignment]
    else:
        token = issuer.token

        def unsigned(form: dict[str, str]) -> tuple[int, dict[str, object]]:
            status, body = token(form)
            head, payload, _ = str(body["id_token"]).split(".")
            return status, body | {"id_token": f"eyJhbGciOiJub25lIn0.{payload}." if head else ""}

        monkeypatch.setattr(Issuer, "token", lambda _, form: unsigned(form))
    assert come_by(client, issuer).status_code == 403
    assert client.get("/desk/account").status_code == 303


def test_a_signature_by_a_shared_secret_is_not_taken_even_if_the_issuer_shows_it(
    client: FlaskClient, portal: Portal, issuer: Issuer
) -> None:
    make_user(portal)
    issuer.key = OctKey.generate_key(256, {"kid": "1"})  # type: ignore[assignment]
    issuer.header = {"alg": "HS256"}
    assert come_by(client, issuer).status_code == 403


@pytest.mark.parametrize("state", ["", "another", "\u00e9"])
def test_who_did_not_leave_from_here_does_not_come_back_here(
    client: FlaskClient, portal: Portal, issuer: Issuer, state: str
) -> None:
    make_user(portal)
    issuer.visit(client.get("/desk/oidc").location)
    answer = client.get("/desk/oidc/back", query_string={"code": "a-code", "state": state})
    assert (answer.status_code, "not begun here" in answer.text) == (403, True)


def test_another_browsers_way_back_is_not_mine(app: Flask, portal: Portal, issuer: Issuer) -> None:
    make_user(portal)
    mine, theirs = app.test_client(), app.test_client()
    back = issuer.visit(theirs.get("/desk/oidc").location)
    mine.get("/desk/oidc")
    assert mine.get(back).status_code == 403
    assert app.test_client().get(back).status_code == 403


def test_a_code_without_its_verifier_is_worth_nothing(client: FlaskClient, portal: Portal, issuer: Issuer) -> None:
    make_user(portal)
    back = issuer.visit(client.get("/desk/oidc").location)
    issuer.challenge = "another"
    assert client.get(back).status_code == 403


def test_who_is_refused_there_is_told_here(client: FlaskClient, issuer: Issuer) -> None:
    back = issuer.visit(client.get("/desk/oidc").location)
    answer = client.get(back.replace("code=a-code", "error=access_denied&error_description=%3Cscript%3E"))
    assert (answer.status_code, "did not let you in" in answer.text) == (403, True)
    assert "script" not in answer.text.partition("<main")[2]


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_elsewhere_on_the_way_back(
    client: FlaskClient, portal: Portal, issuer: Issuer, wanted: str
) -> None:
    make_user(portal)
    assert come_by(client, issuer, wanted).location == "/desk"


@pytest.mark.parametrize(
    "metadata", [{"issuer": "http://127.0.0.1:1"}, {"token_endpoint": "ftp://127.0.0.1/"}, {"jwks_uri": ""}]
)
def test_an_issuer_that_is_another_or_leads_astray_is_not_believed(
    client: FlaskClient, issuer: Issuer, metadata: dict[str, str]
) -> None:
    issuer.metadata = metadata
    answer = client.get("/desk/oidc")
    assert (answer.status_code, "be reached" in answer.text) == (503, True)


def test_the_issuer_is_asked_once_an_hour(client: FlaskClient, portal: Portal, issuer: Issuer) -> None:
    make_user(portal)
    come_by(client, issuer)
    come_by(client, issuer)
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


def test_a_new_key_of_the_issuers_is_fetched_when_it_signs(client: FlaskClient, portal: Portal, issuer: Issuer) -> None:
    make_user(portal)
    come_by(client, issuer)
    issuer.key, issuer.header = ECKey.generate_key("P-256", {"kid": "2"}), {"kid": "2"}
    assert come_by(client, issuer).status_code == 303
    assert len(issuer.asked) == 4


def test_an_issuer_that_is_away_is_said(portal: Portal) -> None:
    settings = replace(portal.settings, oidc_issuer="http://127.0.0.1:1", oidc_client_id=CLIENT)
    answer = cheap(create_app(replace(portal, settings=settings))).test_client().get("/desk/oidc")
    assert answer.status_code == 503
    assert "Traceback" not in answer.text


def test_without_the_packages_the_page_says_what_to_install(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_client, "IS_INSTALLED", False)
    assert "signpost-portal[oidc]" in client.get("/desk/oidc").text


def test_without_an_issuer_there_is_no_such_page(portal: Portal) -> None:
    client = cheap(create_app(portal)).test_client()
    assert client.get("/desk/oidc").status_code == client.get("/desk/oidc/back").status_code == 404
    assert "Sign in with" not in client.get("/desk/sign-in").text


def test_the_way_back_is_of_the_portals_own_address(portal: Portal, issuer: Issuer) -> None:
    settings = replace(
        portal.settings, oidc_issuer=issuer.address, oidc_client_id=CLIENT, base_url="https://help.acme.example"
    )
    there = cheap(create_app(replace(portal, settings=settings))).test_client().get("/desk/oidc").location
    assert "redirect_uri=https%3A%2F%2Fhelp.acme.example%2Fdesk%2Foidc%2Fback" in there


def test_an_admin_by_issuer_alone_counts_as_one(client: FlaskClient, portal: Portal, issuer: Issuer) -> None:
    make_user(portal, role=Role.ADMIN, has_password=False)
    come_by(client, issuer)
    with portal.database.session() as session:
        assert accounts.is_anybody(session)
