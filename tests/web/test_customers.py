"""Customers sign in by a link that their company's product signed: whom it lets in, and what they see then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import Portal
from portal.db import Database
from portal.people import signed_links
from portal.web import customers
from portal.web.customers import Customer
from tests.web.customers_centre import PRODUCT, enter, link, signing_in_at, with_key

WANTED = "/en/articles/accounts/sign-in"
Maker = Callable[[], str]


def later(**more: float) -> datetime:
    """A moment from now."""
    return datetime.now(tz=UTC) + timedelta(**more)


@pytest.fixture
def portal(portal: Portal) -> Portal:
    return with_key(portal)


def who(app: Flask, client: FlaskClient) -> Customer | None:
    cookie = client.get_cookie("customer")
    headers = {"Cookie": f"customer={cookie.value}"} if cookie else {}
    with app.test_request_context("/en/", headers=headers):
        return customers.customer()


def test_a_signed_link_signs_in_and_leads_on(client: FlaskClient) -> None:
    answer = enter(client, wanted=WANTED)
    assert (answer.status_code, answer.location) == (303, WANTED)
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    page = client.get(answer.location)
    assert "Ada Lovelace" in page.text
    assert 'action="/en/customers/sign-out"' in page.text


def test_what_the_link_says_is_known_of_the_customer(app: Flask, client: FlaskClient) -> None:
    enter(client, link(email="ada@example.com", products=["Uno", " Nano\n", "Uno"], lang="de"))
    ada = who(app, client)
    assert ada
    assert (ada.name, ada.address, ada.lang) == ("Ada Lovelace", "ada@example.com", "de")
    assert ada.products == ("Uno", "Nano")
    assert len(ada.subject) == 32


def test_a_form_of_the_products_page_signs_in_with_the_token_out_of_sight(client: FlaskClient) -> None:
    there = {"Origin": "https://app.acme.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/en/customers/enter", data={"token": link(), "next": WANTED}, headers=there)
    assert (answer.status_code, answer.location) == (303, WANTED)
    assert "Ada Lovelace" in client.get("/en/").text


def test_no_other_form_is_taken_from_another_site(client: FlaskClient) -> None:
    there = {"Origin": "https://app.acme.example", "Sec-Fetch-Site": "cross-site"}
    enter(client)
    assert client.post("/en/customers/sign-out", headers=there).status_code == 403
    assert "Ada Lovelace" in client.get("/en/").text


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\x09/evil", ""]
)
def test_a_link_leads_nowhere_else(client: FlaskClient, wanted: str) -> None:
    assert enter(client, wanted=wanted).location == "/en/"


def test_without_an_address_to_go_on_to_the_customers_language_begins(client: FlaskClient) -> None:
    assert enter(client, link(lang="DE"), wanted="").location == "/de/"
    assert enter(client, link(lang="fr"), wanted="").location == "/en/"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    said = enter(client).headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert "Secure" not in said
    token = link()
    safe = client.get("/en/customers/enter", query_string={"token": token}, base_url="https://localhost")
    assert "Secure" in safe.headers["Set-Cookie"]


def unsigned() -> str:
    return jwt.encode({"sub": "42", "iat": later(), "exp": later(minutes=5)}, "", "none")


FORGED: dict[str, Maker] = {
    "nothing": lambda: "",
    "no token at all": lambda: "x.y.z",
    "too long": lambda: link(name="x" * 5000),
    "another key": lambda: link("another key of thirty-two characters, and more"),
    "no signature": unsigned,
    "another algorithm": lambda: link(algorithm="HS512"),
    "nobody": lambda: link(sub=""),
    "without sub": lambda: link(sub=None),
    "without iat": lambda: link(iat=None),
    "without exp": lambda: link(exp=None),
    "made tomorrow": lambda: link(iat=later(days=1), exp=later(days=1, minutes=5)),
    "not yet": lambda: link(nbf=later(minutes=10)),
    "good for a day": lambda: link(exp=later(days=1)),
    "products as a word": lambda: link(products="Uno"),
    "a number as a product": lambda: link(products=[3]),
    "a name that is a list": lambda: link(name=["Ada"]),
    "until never": lambda: link(until=float("inf")),
    "cut off": lambda: link()[:-3],
}


@pytest.mark.parametrize("make", FORGED.values(), ids=FORGED.keys())
def test_a_link_that_is_not_right_signs_nobody_in_and_says_nothing_of_why(client: FlaskClient, make: Maker) -> None:
    token = make()
    answer = client.get("/en/customers/enter", query_string={"token": token})
    assert answer.status_code == 403
    assert "This link does not sign you in" in answer.text
    assert "Read on without signing in" in answer.text
    assert client.get_cookie("customer") is None
    assert not token or token not in answer.text
    for word in ("signature", "algorithm", "HS256", "claim", "Traceback"):
        assert word not in answer.text


def test_a_key_pair_is_no_key(client: FlaskClient) -> None:
    """A token that says RS256 is refused before anybody looks at what it says (CVE-2015-9235)."""
    said = link().split(".")
    header = jwt.utils.base64url_encode(b'{"alg":"RS256","typ":"JWT"}').decode()
    assert enter(client, ".".join((header, *said[1:]))).status_code == 403


def test_a_link_whose_time_is_over_says_so(client: FlaskClient) -> None:
    answer = enter(client, link(iat=later(minutes=-20), exp=later(minutes=-10)))
    assert (answer.status_code, "The time of this link is over" in answer.text) == (403, True)


def test_clocks_may_differ_by_a_minute(client: FlaskClient) -> None:
    late = link(iat=later(minutes=-5), exp=later(seconds=-40))
    early = link(iat=later(seconds=40))
    assert [enter(client, token).status_code for token in (late, early)] == [303, 303]


def test_a_link_that_has_a_number_works_once(app: Flask) -> None:
    token = link(jti="one")
    assert enter(app.test_client(), token).status_code == 303
    second = enter(app.test_client(), token)
    assert (second.status_code, "This link has been used already" in second.text) == (403, True)
    assert enter(app.test_client(), link(jti="two")).status_code == 303


def test_whoever_it_signed_in_may_click_it_once_more(client: FlaskClient) -> None:
    token = link(jti="one")
    assert [enter(client, token).status_code for _ in range(2)] == [303, 303]


def test_looking_ahead_uses_no_link_up(client: FlaskClient) -> None:
    asked = {"token": link(jti="one")}
    ahead = client.get("/en/customers/enter", query_string=asked, headers={"Sec-Purpose": "prefetch"})
    assert (ahead.status_code, client.head("/en/customers/enter", query_string=asked).status_code) == (503, 204)
    assert client.get("/en/customers/enter", query_string=asked).status_code == 303


def test_signing_out_is_one_click(client: FlaskClient) -> None:
    enter(client)
    answer = client.post("/en/customers/sign-out")
    assert (answer.status_code, answer.location) == (303, "/en/")
    assert "Ada Lovelace" not in client.get("/en/").text


CHANGES: tuple[Callable[[str], str], ...] = (
    lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
    lambda text: "e30." + text[-64:],
    lambda text: text * 9,
    lambda _: "x",
    lambda _: "." * 40,
    lambda _: "",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_cookie_that_was_changed_is_nobodys(app: Flask, client: FlaskClient, change: Callable[[str], str]) -> None:
    enter(client)
    cookie = client.get_cookie("customer")
    assert cookie
    client.set_cookie("customer", change(cookie.value))
    assert who(app, client) is None
    assert client.get("/en/").headers["Cache-Control"].startswith("public")


def test_nobody_stays_longer_than_portal_toml_says(
    app: Flask, client: FlaskClient, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with signing_in_at(portal, monkeypatch, days=3):
        said = enter(client).headers["Set-Cookie"]
    assert f"Max-Age={3 * 24 * 3600}" in said
    said = enter(client, link(until=later(hours=1))).headers["Set-Cookie"]
    assert 3590 <= int(said.partition("Max-Age=")[2].partition(";")[0]) <= 3600


def test_a_stay_that_is_over_is_over_whatever_the_browser_kept(app: Flask, client: FlaskClient) -> None:
    ada = Customer("a" * 32, "Ada", "", Level.CUSTOMERS, (), "")
    with app.test_request_context("/en/"):
        response = customers.remember(ada, app.response_class(), until=later(seconds=-1))
    client.set_cookie("customer", response.headers["Set-Cookie"].partition("=")[2].partition(";")[0])
    assert who(app, client) is None


def test_a_link_to_a_stay_that_is_over_signs_nobody_in(client: FlaskClient) -> None:
    assert enter(client, link(until=later(minutes=-1))).status_code == 403


def test_another_key_signs_everybody_out(client: FlaskClient, portal: Portal) -> None:
    enter(client)
    cookie = client.get_cookie("customer")
    assert cookie
    other = create_app(with_key(portal, "another key of thirty-two characters, and more"))
    later = other.test_client()
    later.set_cookie("customer", cookie.value)
    assert "Ada Lovelace" not in later.get("/en/").text


def test_however_much_a_link_says_the_cookie_stays_small(app: Flask, client: FlaskClient) -> None:
    said = link(
        name="\U0001f600" * 80,
        email=f"{'a' * 240}@example.com",
        products=[f"{n}" + "\U0001f600" * 58 for n in range(12)],
    )
    answer = client.post("/en/customers/enter", data={"token": said})
    assert len(answer.headers["Set-Cookie"]) < 4096
    ada = who(app, client)
    assert ada
    assert 5 < len(ada.products) < 12


def test_without_a_key_there_is_no_such_page(portal: Portal) -> None:
    client = create_app(with_key(portal, None)).test_client()
    assert enter(client).status_code == 404
    assert client.get("/en/customers/sign-in").status_code == 404


def test_without_its_package_links_are_refused_in_clear_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signed_links, "IS_INSTALLED", False)
    answer = enter(client)
    assert (answer.status_code, "signpost-portal[customers]" in answer.text) == (503, True)


def test_the_sign_in_leads_to_the_product_and_says_where_to_come_back_to(
    client: FlaskClient, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with signing_in_at(portal, monkeypatch, PRODUCT):
        page = client.get(WANTED).text
        assert 'href="/en/customers/sign-in?next=%2Fen%2Farticles%2Faccounts%2Fsign-in"' in page
        there = client.get("/en/customers/sign-in", query_string={"next": WANTED})
    assert there.location == "https://app.acme.example/help?to=%2Fen%2Farticles%2Faccounts%2Fsign-in"


def test_a_refused_link_offers_the_way_to_another(
    client: FlaskClient, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with signing_in_at(portal, monkeypatch):
        page = client.get("/en/customers/enter", query_string={"token": "x", "next": WANTED}).text
    assert 'class="button button-main" href="/en/customers/sign-in?next=%2Fen%2Farticles%2Faccounts%2Fsign-in"' in page


def test_with_the_database_away_only_links_that_work_once_are_refused(portal: Portal, tmp_path: Path) -> None:
    away = Database(f"sqlite:///{tmp_path / 'gone' / 'x.sqlite'}")
    client = create_app(replace(portal, database=away)).test_client()
    assert enter(client, link(jti="one")).status_code == 503
    assert enter(client).status_code == 303
