import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.bootstrap import Portal
from portal.events.kinds import Requested
from portal.feedback import requests
from portal.feedback.models import REQUEST_LIMIT, Request
from portal.web.help.requests import REQUESTS_AN_HOUR
from tests.web.conftest import Recorded

PATH = "/en/requests"
UID = "0123456789abcdef" * 2
SEARCH = "f" * 32
FORM = {"uid": UID, "q": "order list", "search": SEARCH, "text": "A list of all my orders"}


@pytest.fixture
def mailing(portal: Portal) -> FlaskClient:
    """A portal that can send mail."""
    return create_app(replace(portal, settings=replace(portal.settings, smtp_url="smtp://localhost"))).test_client()


def send(client: FlaskClient, *, follow: bool = False, **given: str) -> TestResponse:
    return client.post(PATH, data=FORM | given, follow_redirects=follow)


def kept(portal: Portal, uid: str = UID) -> Request | None:
    with portal.database.session() as session:
        return session.get(Request, uid)


def test_what_somebody_was_looking_for_is_kept_before_they_are_thanked(
    client: FlaskClient, portal: Portal, recorded: Recorded
) -> None:
    answer = send(client)
    assert answer.status_code == 303
    request = kept(portal)
    assert request
    assert (request.text, request.lang, request.search, request.address) == (FORM["text"], "en", SEARCH, None)
    (event,) = recorded()
    assert isinstance(event, Requested)
    assert (event.text, event.search, event.request, event.visitor) == (FORM["text"], SEARCH, UID, request.visitor)
    thanks = client.get(answer.headers["Location"])
    assert "Thank you, that is noted" in thanks.text
    assert 'href="/en/search?q=order+list"' in thanks.text
    assert "help@acme.example" in thanks.text.partition("<footer")[0]
    assert thanks.headers["Cache-Control"] == "no-store"


def test_the_form_of_an_empty_page_of_results_goes_all_the_way(client: FlaskClient, portal: Portal) -> None:
    page = client.get("/en/search?q=zzyzx").text
    form = dict(re.findall(r'type="hidden" name="(uid|q|search)" value="([^"]*)"', page))
    assert form["q"] == "zzyzx"
    client.post(PATH, data=form | {"text": "How to export"})
    request = kept(portal, form["uid"])
    assert request
    assert request.search == form["search"]


def test_no_cookie_is_needed_and_none_is_set(app: Flask, recorded: Recorded) -> None:
    client = app.test_client(use_cookies=False)
    assert "Set-Cookie" not in send(client).headers
    assert len(recorded()) == 1


def test_whoever_searched_before_is_the_same_visitor(client: FlaskClient, recorded: Recorded) -> None:
    client.get("/en/search?q=zzyzx")
    send(client)
    assert len({event.visitor for event in recorded()}) == 1


def test_the_same_form_sent_twice_is_one_request(client: FlaskClient, portal: Portal, recorded: Recorded) -> None:
    assert [send(client, text=text).status_code for text in ("First", "Second")] == [303, 303]
    request = kept(portal)
    assert request
    assert request.text == "First"
    assert len(recorded()) == 1


@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}], ids=str)
def test_whoever_is_not_to_be_followed_is_heard_and_tied_to_nothing(
    client: FlaskClient, portal: Portal, recorded: Recorded, headers: dict[str, str]
) -> None:
    client.get("/en/search?q=zzyzx")
    for uid in (UID, "b" * 32):
        client.post(PATH, data=FORM | {"uid": uid}, headers=headers)
    request = kept(portal)
    assert request
    assert (request.text, request.search) == (FORM["text"], None)
    assert len({event.visitor for event in recorded()}) == 3


def test_of_a_robots_words_no_need_comes(client: FlaskClient, portal: Portal, recorded: Recorded) -> None:
    assert client.post(PATH, data=FORM, headers={"User-Agent": "python-requests/2"}).status_code == 303
    assert kept(portal)
    assert recorded() == []


def test_an_address_is_asked_for_and_kept_where_mail_can_be_sent(mailing: FlaskClient, portal: Portal) -> None:
    assert 'name="address"' in mailing.get("/en/search?q=zzyzx").text
    thanks = send(mailing, address=" ada@example.com ", follow=True).text
    assert "When there is an answer, we write to you." in thanks
    request = kept(portal)
    assert request
    assert request.address == "ada@example.com"


def test_where_no_mail_can_be_sent_no_address_is_asked_for_nor_kept(client: FlaskClient, portal: Portal) -> None:
    assert 'name="address"' not in client.get("/en/search?q=zzyzx").text
    assert "we write to you" not in send(client, address="ada@example.com", follow=True).text
    request = kept(portal)
    assert request
    assert request.address is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": ""}, "Write in a few words"),
        ({"text": " \n"}, "Write in a few words"),
        ({"text": "x" * (REQUEST_LIMIT + 1)}, "too long"),
        ({"address": "ada at example"}, "This e-mail address can&#39;t be used"),
        ({"address": "ada@example.com\nBcc: bo@example.com"}, "This e-mail address can&#39;t be used"),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_in_the_form(
    mailing: FlaskClient, portal: Portal, given: dict[str, str], said: str
) -> None:
    answer = send(mailing, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text
    sent = FORM | given
    assert f">{sent['text']}</textarea>" in answer.text
    assert f'name="uid" value="{UID}"' in answer.text
    assert kept(portal) is None


def test_a_script_is_told_what_is_wrong_in_a_part(client: FlaskClient) -> None:
    answer = client.post(PATH, data=FORM | {"text": ""}, headers={"X-Fragment": "inplace"})
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "Write in a few words" in answer.text


def test_a_script_gets_the_thanks_alone(client: FlaskClient) -> None:
    answer = client.post(PATH, data=FORM, headers={"X-Fragment": "inplace"})
    part = client.get(answer.headers["Location"], headers={"X-Fragment": "inplace"}).text
    assert "<html" not in part
    assert "Thank you, that is noted" in part


def test_what_is_typed_is_shown_as_text(mailing: FlaskClient) -> None:
    poison = "</textarea><script>alert(1)</script>"
    page = send(mailing, text=poison, address='"><script>', q='"><script>x').text
    assert "<script>alert" not in page
    assert "<script>x" not in page
    assert '"><script>' not in page


def test_while_the_database_is_away_it_is_said_and_stays_in_the_form(without_database: FlaskClient) -> None:
    answer = send(without_database)
    assert answer.status_code == 503
    assert "What you wrote was not kept" in answer.text
    assert answer.headers["Retry-After"]
    assert f">{FORM['text']}</textarea>" in answer.text


def test_too_many_from_one_address_are_refused_and_stay_in_the_form(client: FlaskClient, portal: Portal) -> None:
    for number in range(REQUESTS_AN_HOUR):
        assert send(client, uid=f"{number:032x}").status_code == 303
    answer = send(client)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert f">{FORM['text']}</textarea>" in answer.text
    assert kept(portal) is None


def test_another_sites_page_cannot_send_it(client: FlaskClient, portal: Portal) -> None:
    assert client.post(PATH, data=FORM, headers={"Origin": "https://evil.example"}).status_code == 403
    assert kept(portal) is None


def test_ids_that_are_none_are_not_taken_over(client: FlaskClient, portal: Portal, recorded: Recorded) -> None:
    assert send(client, uid="x", search="<b>").status_code == 303
    (event,) = recorded()
    assert isinstance(event, Requested)
    assert requests.is_uid(event.uid)
    assert event.search == ""
    assert kept(portal, event.uid)


def test_the_form_has_a_page_of_its_own(client: FlaskClient) -> None:
    page = client.get(f"{PATH}?q=order+list").text
    assert '<h1 id="ask-heading">What were you looking for?</h1>' in page
    assert 'href="/en/search?q=order+list"' in page
    assert client.get("/fr/requests").status_code == 404


def test_an_address_is_deleted_by_the_mails_link_and_a_click(mailing: FlaskClient, portal: Portal) -> None:
    send(mailing, address="ada@example.com")
    path = requests.withdrawal_path(portal.settings.secret(), "en", UID)
    page = mailing.get(path)
    assert "Delete my address" in page.text
    request = kept(portal)
    assert request
    assert request.address == "ada@example.com", "looking at the link deletes nothing"
    for _ in range(2):
        assert "Your address is deleted" in mailing.post(path).text
    request = kept(portal)
    assert request
    assert (request.address, request.text) == (None, FORM["text"])


def test_a_mail_programs_own_button_deletes_it_too(mailing: FlaskClient, portal: Portal) -> None:
    send(mailing, address="ada@example.com")
    path = requests.withdrawal_path(portal.settings.secret(), "en", UID)
    assert mailing.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    request = kept(portal)
    assert request
    assert request.address is None


@pytest.mark.parametrize("token", ["", "?token=", f"?token={'0' * 32}", "?token=%ff"])
def test_a_link_that_is_not_ours_deletes_nothing(mailing: FlaskClient, portal: Portal, token: str) -> None:
    send(mailing, address="ada@example.com")
    for answer in (mailing.get(f"{PATH}/{UID}/withdrawal{token}"), mailing.post(f"{PATH}/{UID}/withdrawal{token}")):
        assert answer.status_code == 404
    request = kept(portal)
    assert request
    assert request.address == "ada@example.com"
