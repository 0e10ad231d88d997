"""Signing in and out: what is let in, what ends it, and what a stranger can learn."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import accounts, sessions
from portal.people.models import Role
from portal.people.passwords import Hashed, Passwords
from portal.web import context, staff
from portal.web.desk.doorstep import named
from tests.people.staff import CHEAP, HASHED, PASSWORD, Noting
from tests.web.conftest import PASSWORD as ARTICLE
from tests.web.desk_visitors import Somebody, cheap, make_user, sign_in, signed_in

INSIDE = "/desk/account"
KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, email="bo@acme.example")


def is_inside(client: FlaskClient) -> bool:
    return client.get(INSIDE).status_code == 200


def test_a_right_password_opens_the_desk(client: FlaskClient, portal: Portal) -> None:
    make_user(portal)
    answer = sign_in(client, "  BO@acme.example ")
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert client.get("/desk").location == "/desk/inbox"
    assert is_inside(client)


def test_the_cookie_holds_a_random_token_that_scripts_and_other_sites_do_not_get(
    client: FlaskClient, portal: Portal
) -> None:
    make_user(portal)
    first, second = (sign_in(client).headers["Set-Cookie"] for _ in range(2))
    assert first.partition(";")[0] != second.partition(";")[0]
    assert "HttpOnly" in first
    assert "SameSite=Lax" in first
    assert "Secure" not in first
    assert len(first.partition("=")[2].partition(";")[0]) >= 43


def test_the_cookie_is_for_https_alone_where_there_is_https(client: FlaskClient, portal: Portal) -> None:
    make_user(portal)
    form = {"email": "bo@acme.example", "password": PASSWORD}
    answer = client.post("/desk/sign-in", data=form, base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_signing_in_again_ends_the_session_before(client: FlaskClient, portal: Portal, app: Flask) -> None:
    make_user(portal)
    sign_in(client)
    old = client.get_cookie(staff.COOKIE)
    assert old
    sign_in(client)
    other = app.test_client()
    other.set_cookie(staff.COOKIE, old.value)
    assert not is_inside(other)
    assert is_inside(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("bo@acme.example", "wrong password"),
        ("bo@acme.example", ""),
        ("nobody@acme.example", PASSWORD),
        ("shut@acme.example", PASSWORD),
        ("invited@acme.example", PASSWORD),
        ("", ""),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ],
)
def test_everybody_who_is_refused_is_told_the_same(
    client: FlaskClient, portal: Portal, email: str, password: str
) -> None:
    make_user(portal)
    make_user(portal, "invited@acme.example", has_password=False)
    shut = make_user(portal, "shut@acme.example")
    with portal.database.session() as session, transaction(session):
        accounts.disable(session, shut.id, at=shut.created_at)
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert "No account fits" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert answer.text.replace("&#39;", "'").replace(email, "") == sign_in(client, "x", "x").text.replace('"x"', '""')


@pytest.mark.parametrize(
    "email", ["bo@acme.example", "nobody@acme.example", "shut@acme.example", "invited@acme.example"]
)
def test_everybody_who_is_refused_costs_one_comparison(app: Flask, portal: Portal, email: str) -> None:
    make_user(portal)
    make_user(portal, "invited@acme.example", has_password=False)
    shut = make_user(portal, "shut@acme.example")
    with portal.database.session() as session, transaction(session):
        accounts.disable(session, shut.id, at=shut.created_at)
    noting = Noting()
    context.put(app, Passwords(noting))
    sign_in(app.test_client(), email, "wrong password")
    assert [kept.split("$")[3] for kept in noting.verified] == ["m=8,t=1,p=1"]


def test_a_password_that_was_hashed_at_other_costs_is_hashed_anew(client: FlaskClient, portal: Portal) -> None:
    user = make_user(portal)
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with portal.database.session() as session, transaction(session):
        accounts.set_password(session, user.id, Hashed(old))
    sign_in(client)
    assert is_inside(client)
    with portal.database.session() as session:
        kept = accounts.get(session, user.id).password_hash or ""
    assert not CHEAP.is_outdated(kept)
    assert CHEAP.is_right(kept, PASSWORD)


def test_a_source_is_refused_after_twenty_guesses_in_ten_minutes(client: FlaskClient, portal: Portal) -> None:
    make_user(portal)
    statuses = [sign_in(client, f"{number}@acme.example", "guess").status_code for number in range(22)]
    assert statuses == [422] * 20 + [429] * 2
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 500 < int(answer.headers["Retry-After"]) <= 600
    assert "many attempts" in answer.text


def test_an_account_is_guessed_at_slowly_from_wherever(portal: Portal) -> None:
    make_user(portal)
    behind = cheap(create_app(replace(portal, settings=replace(portal.settings, trusted_proxies=1)))).test_client()
    answers = [
        behind.post("/desk/sign-in", data={"email": "bo@acme.example", "password": "guess"},
                    headers={"X-Forwarded-For": f"198.51.100.{number}"})
        for number in range(7)
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
    assert answers[-1].headers["Retry-After"] == "2"


def test_a_forged_address_buys_no_guesses(client: FlaskClient) -> None:
    statuses = [
        client.post(
            "/desk/sign-in",
            data={"email": f"{n}@a.bc", "password": "x"},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
        )
        for n in range(21)
    ]
    assert statuses[-1].status_code == 429


def test_people_who_sign_in_from_one_office_do_not_use_up_its_guesses(client: FlaskClient, portal: Portal) -> None:
    make_user(portal)
    assert {sign_in(client).status_code for _ in range(30)} == {303}


def test_signing_out_ends_the_session_in_the_database_too(bo: Somebody, app: Flask) -> None:
    stolen = bo.client.get_cookie(staff.COOKIE)
    assert stolen
    answer = bo.post("/desk/sign-out")
    assert (answer.status_code, answer.location) == (303, "/desk/sign-in")
    assert bo.client.get_cookie(staff.COOKIE) is None
    thief = app.test_client()
    thief.set_cookie(staff.COOKIE, stolen.value)
    assert not is_inside(thief)


def _shut(portal: Portal, who: Somebody) -> None:
    with portal.database.session() as session, transaction(session):
        accounts.disable(session, who.user.id, at=who.user.created_at)


def _new_password(portal: Portal, who: Somebody) -> None:
    with portal.database.session() as session, transaction(session):
        accounts.set_password(session, who.user.id, HASHED)


def _everywhere(portal: Portal, who: Somebody) -> None:
    with portal.database.session() as session, transaction(session):
        sessions.sign_out_everywhere(session, who.user.id)


@pytest.mark.parametrize("end", [_shut, _new_password, _everywhere])
def test_a_session_ends_with_the_next_request(
    bo: Somebody, portal: Portal, end: Callable[[Portal, Somebody], None]
) -> None:
    assert bo.is_inside()
    end(portal, bo)
    assert not bo.is_inside()
    assert "Quokkacanary" not in bo.get("/en/articles/accounts/secret").text


def test_a_session_ends_when_nobody_uses_it(bo: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    at = staff.clock.now()
    monkeypatch.setattr("portal.clock.now", lambda: at + timedelta(hours=11))
    assert bo.is_inside()
    monkeypatch.setattr("portal.clock.now", lambda: at + timedelta(hours=22))
    assert bo.is_inside()
    monkeypatch.setattr("portal.clock.now", lambda: at + timedelta(hours=35))
    assert not bo.is_inside()


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example",
        "https:evil.example",
        "https://evil.example", "http:/evil.example", "javascript:alert(1)", "/\t/evil.example", "\t//evil.example",
        "/%09/evil.example\n", " /desk", "//localhost@evil.example", "//localhost.evil.example", "desk", "",
        "/\x00/evil.example", "/desk\r\nSet-Cookie: a=b", "/\u2028/evil.example", "////", "/\\", "http://localhost/desk",
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere_after_signing_in(client: FlaskClient, portal: Portal, wanted: str) -> None:
    make_user(portal)
    assert sign_in(client, next=wanted).location == "/desk"
    shown = client.get("/desk/sign-in", query_string={"next": wanted})
    assert shown.location == "/desk"


@pytest.mark.parametrize(
    "wanted", ["/desk/people", "/desk/gaps?cause=missing&page=2", "/en/articles/accounts/secret", "/a/pw-1"]
)
def test_whoever_asked_for_a_page_is_led_there_after_signing_in(
    client: FlaskClient, portal: Portal, wanted: str
) -> None:
    make_user(portal)
    assert sign_in(client, next=wanted).location == wanted


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(client: FlaskClient, portal: Portal) -> None:
    make_user(portal)
    answer = client.get(f"{INSIDE}?done=name")
    assert (answer.status_code, answer.location) == (303, "/desk/sign-in?next=%2Fdesk%2Faccount%3Fdone%3Dname")
    form = client.get(answer.location).text
    assert 'name="next" value="/desk/account?done=name"' in form
    assert client.post(f"{INSIDE}/name", data={"name": "Mallory"}).location == "/desk/sign-in"


def test_staff_read_what_is_for_staff_and_nobody_keeps_it(bo: Somebody, client: FlaskClient) -> None:
    page = "/en/articles/accounts/secret"
    answer = bo.get(page)
    assert "Quokkacanary" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(page).status_code == 404
    assert page in bo.get("/en/search?q=quokkacanary").text
    assert page not in client.get("/en/search?q=quokkacanary").text


def test_a_page_for_all_sets_no_cookie_and_asks_no_database(without_database: FlaskClient) -> None:
    answer = without_database.get(f"/a/{ARTICLE}", follow_redirects=True)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_while_the_database_is_away_staff_read_as_everybody_does_and_the_desk_says_so(
    without_database: FlaskClient,
) -> None:
    without_database.set_cookie(staff.COOKIE, "x" * 43)
    assert without_database.get("/en/articles/accounts/reset-your-password").status_code == 200
    assert without_database.get("/en/articles/accounts/secret").status_code == 404
    assert without_database.get(INSIDE).status_code == 503


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 5000, "\u00e9", "None", "1", '"'])
def test_a_token_that_was_made_up_is_nobodys(app: Flask, portal: Portal, token: str) -> None:
    make_user(portal)
    client = app.test_client(use_cookies=False)
    answer = client.get(INSIDE, headers={"Cookie": f"{staff.COOKIE}={token}; remember_token=1|{'0' * 128}; session=x"})
    assert answer.status_code == 303


def test_every_page_of_the_door_is_kept_and_listed_by_nobody(bo: Somebody, client: FlaskClient) -> None:
    for answer in (client.get("/desk/sign-in"), client.get("/desk"), client.get("/desk/nowhere"), bo.get(INSIDE)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_sign_in_takes_nothing_from_another_site(client: FlaskClient, portal: Portal) -> None:
    make_user(portal)
    form = {"email": "bo@acme.example", "password": PASSWORD}
    answer = client.post("/desk/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not is_inside(client)


def test_the_desk_speaks_the_browsers_language_whatever_the_articles_are_in(client: FlaskClient) -> None:
    german = client.get("/desk/sign-in", headers={"Accept-Language": "de-AT,de;q=0.9"}).text
    assert '<html lang="de"' in german
    assert '<html lang="en"' in client.get("/desk/sign-in", headers={"Accept-Language": "fi"}).text


def test_a_password_that_was_changed_while_it_was_compared_opens_nothing(app: Flask, portal: Portal) -> None:
    user = make_user(portal)

    class Slow(Noting):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
            is_right = super().verify(hash, password)
            with portal.database.session() as session, transaction(session):
                accounts.set_password(session, user.id, CHEAP.hash("another good password"))
            return is_right

    context.put(app, Passwords(Slow()))
    assert sign_in(app.test_client()).status_code == 422


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {KHTML} Chrome/142.0.0.0 Safari/537.36 Edg/142.0", "Edge · Windows"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) {KHTML} Version/19.0 Safari/604.1", "Safari · iPhone"),
        (f"Mozilla/5.0 (Linux; Android 16) {KHTML} Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_so_that_its_owner_knows_it(user_agent: str, name: str) -> None:
    assert named(user_agent) == name


def test_roles_are_asked_of_every_page_anew(app: Flask, portal: Portal) -> None:
    signed_in(app, portal, Role.ADMIN, "ada@acme.example")
    cleo = signed_in(app, portal, Role.ADMIN, "cleo@acme.example")
    assert cleo.get("/desk/people").status_code == 200
    with portal.database.session() as session, transaction(session):
        accounts.set_role(session, cleo.user.id, Role.AGENT)
    assert cleo.get("/desk/people").status_code == 403
