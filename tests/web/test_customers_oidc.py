"""Customers sign in with the company's own sign-in, beside or in place of signed links."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.bootstrap import Portal
from portal.web import customers
from portal.web.customers import Customer
from tests.web.customers_centre import signing_in_at, with_key

pytest.importorskip("authlib")

from tests.web.issuer import CLIENT, CLIENT_SECRET, Issuer, run_issuer

WANTED = "/en/articles/accounts/sign-in"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with run_issuer() as issuer:
        yield issuer


@pytest.fixture
def portal(portal: Portal, issuer: Issuer) -> Portal:
    settings = replace(
        portal.settings, customer_oidc_issuer=issuer.address, customer_oidc_client_id=CLIENT,
        customer_oidc_client_secret=CLIENT_SECRET,
    )  # fmt: skip
    return replace(portal, settings=settings)


def come_by(client: FlaskClient, issuer: Issuer, wanted: str = WANTED) -> TestResponse:
    asked = client.get("/en/customers/sign-in", query_string={"next": wanted})
    there = client.get(asked.location)
    assert there.status_code == 303, there.text
    return client.get(issuer.visit(there.location))


def who(app: Flask, client: FlaskClient) -> Customer | None:
    cookie = client.get_cookie("customer")
    with app.test_request_context("/en/", headers={"Cookie": f"customer={cookie.value}"} if cookie else {}):
        return customers.customer()


def test_whom_the_issuer_knows_is_signed_in_and_led_on(app: Flask, client: FlaskClient, issuer: Issuer) -> None:
    issuer.claims = {"products": ["Uno", "Nano"], "locale": "de"}
    assert come_by(client, issuer).location == WANTED
    bo = who(app, client)
    assert bo
    assert (bo.name, bo.address, bo.products, bo.lang) == ("Bo", "bo@acme.example", ("Uno", "Nano"), "de")
    assert client.get_cookie("customer-oidc", path="/customers/oidc") is None
    assert client.get("/desk").location.startswith("/desk/sign-in")


@pytest.mark.parametrize("is_verified", [False, None, "true"])
def test_an_address_that_is_not_verified_is_not_theirs(
    app: Flask, client: FlaskClient, issuer: Issuer, is_verified: object
) -> None:
    issuer.claims = {"email_verified": is_verified}
    come_by(client, issuer)
    bo = who(app, client)
    assert bo
    assert bo.address == ""


@pytest.mark.parametrize("claims", [{"products": "Uno"}, {"products": {"Uno": 1}}, {"name": None, "locale": 3}])
def test_odd_claims_are_left_out(app: Flask, client: FlaskClient, issuer: Issuer, claims: dict[str, object]) -> None:
    issuer.claims = claims
    assert come_by(client, issuer).status_code == 303
    bo = who(app, client)
    assert bo
    assert bo.products == ()


def test_a_trip_that_was_not_begun_here_ends_outside(client: FlaskClient, issuer: Issuer) -> None:
    there = client.get("/customers/oidc")
    back = issuer.visit(there.location)
    client.delete_cookie("customer-oidc", path="/customers/oidc")
    assert client.get(back).status_code == 403
    assert client.get_cookie("customer") is None


def test_the_desks_trip_is_no_customers_trip(client: FlaskClient, issuer: Issuer) -> None:
    there = client.get("/customers/oidc")
    assert client.get(issuer.visit(there.location).replace("/customers/oidc/", "/desk/oidc/")).status_code == 404


def test_where_to_go_on_lies_within_the_portal(client: FlaskClient, issuer: Issuer) -> None:
    assert come_by(client, issuer, "//evil.example").location == "/en/"
    there = client.get("/customers/oidc?next=https://evil.example")
    assert client.get(issuer.visit(there.location)).location == "/"


def test_where_there_are_two_ways_both_are_shown(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(with_key(portal)).test_client()
    with signing_in_at(portal, monkeypatch):
        page = client.get("/en/customers/sign-in", query_string={"next": WANTED}).text
    assert 'href="/customers/oidc?next=%2Fen%2Farticles%2Faccounts%2Fsign-in"' in page
    assert 'href="https://app.acme.example/help?to=%2Fen%2Farticles%2Faccounts%2Fsign-in"' in page


def test_an_issuer_that_is_away_is_said_to_be(portal: Portal) -> None:
    away = replace(portal, settings=replace(portal.settings, customer_oidc_issuer="http://127.0.0.1:1"))
    assert create_app(away).test_client().get("/customers/oidc").status_code == 503
