"""The desk speaks the language of the account, and remembers the first one that its browser asked for."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.bootstrap import Portal
from portal.people import accounts
from tests.people.staff import PASSWORD
from tests.web.desk_visitors import Somebody, cheap, make_user, sign_in, signed_in

GERMAN = {"Accept-Language": "de-AT,de;q=0.9"}


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, email="bo@acme.example")


def language(portal: Portal) -> str | None:
    with portal.database.session() as session:
        return accounts.named(session, "bo@acme.example").lang


def sign_in_german(client: FlaskClient) -> TestResponse:
    form = {"email": "bo@acme.example", "password": PASSWORD}
    return client.post("/desk/sign-in", data=form, headers=GERMAN)


def spoken(client: FlaskClient, path: str = "/desk/account", **headers: str) -> str:
    """Return the language that a page says it is in."""
    page = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}).text
    return page.partition('<html lang="')[2].partition('"')[0]


def test_without_a_choice_the_desk_speaks_as_the_browser_says(bo: Somebody) -> None:
    assert spoken(bo.client, Accept_Language="de") == "de"
    assert spoken(bo.client, Accept_Language="fi") == "en"


def test_the_choice_counts_whatever_the_browser_says_and_can_be_undone(bo: Somebody, portal: Portal) -> None:
    answer = bo.post("/desk/account/language", lang="de")
    assert (answer.location, language(portal)) == ("/desk/account?done=language", "de")
    assert spoken(bo.client, Accept_Language="en") == "de"
    assert spoken(bo.client, "/desk/gaps", Accept_Language="en") == "de"
    assert '<option value="de" lang="de" selected>Deutsch</option>' in bo.get("/desk/account").text
    bo.post("/desk/account/language", lang="")
    assert language(portal) is None
    assert spoken(bo.client, Accept_Language="en") == "en"


def test_the_help_centre_keeps_the_language_of_its_address(bo: Somebody) -> None:
    bo.post("/desk/account/language", lang="de")
    assert spoken(bo.client, "/en/") == "en"


@pytest.mark.parametrize("lang", ["klingon", "fr", "../de", "<script>", "d" * 1000])
def test_a_language_that_the_desk_does_not_speak_is_refused(bo: Somebody, portal: Portal, lang: str) -> None:
    answer = bo.post("/desk/account/language", lang=lang)
    assert answer.status_code == 422
    assert "Choose one of the languages, or none." in answer.text
    assert language(portal) is None


def test_one_that_it_speaks_no_more_is_as_good_as_none(bo: Somebody, portal: Portal) -> None:
    with portal.database.session() as session:
        accounts.set_language(session, bo.user.id, "fr")
        session.commit()
    assert spoken(bo.client, Accept_Language="de") == "de"


def test_the_first_sign_in_remembers_what_the_browser_asks_for(client: FlaskClient, portal: Portal) -> None:
    make_user(portal)
    form = {"email": "bo@acme.example", "password": "wrong"}
    client.post("/desk/sign-in", data=form, headers=GERMAN)
    assert language(portal) is None
    assert sign_in_german(client).status_code == 303
    assert language(portal) == "de"
    assert spoken(client, Accept_Language="en") == "de"


def test_later_ones_and_browsers_that_ask_for_nothing_of_ours_change_nothing(
    client: FlaskClient, app: Flask, portal: Portal
) -> None:
    make_user(portal)
    sign_in(client)
    assert language(portal) is None
    sign_in_german(app.test_client())
    assert language(portal) is None, "who once chose nothing is not asked again"


def test_a_language_that_was_given_to_an_account_is_not_overruled(client: FlaskClient, portal: Portal) -> None:
    user = make_user(portal)
    with portal.database.session() as session:
        accounts.set_language(session, user.id, "en")
        session.commit()
    sign_in_german(client)
    assert language(portal) == "en"


def test_the_sign_in_and_the_next_one_at_this_browser_are_in_its_own_language(bo: Somebody) -> None:
    bo.post("/desk/account/language", lang="de")
    bo.post("/desk/sign-out")
    assert spoken(bo.client, "/desk/sign-in", Accept_Language="en") == "en"


def test_the_desk_says_in_the_browsers_language_that_the_database_is_away(
    bo: Somebody, portal: Portal, tmp_path: Path
) -> None:
    bo.post("/desk/account/language", lang="en")
    portal.database.close()
    for path in tmp_path.glob("portal.sqlite*"):
        path.unlink()
    answer = bo.client.get("/desk/account", headers=GERMAN)
    assert answer.status_code == 503
    assert '<html lang="de"' in answer.text
