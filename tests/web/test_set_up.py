"""Links that work once: the first admin, and the way back in by mail."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import accounts, keys
from portal.people.models import KeyKind, Role
from tests.journeys.serving import free_port
from tests.people.staff import PASSWORD
from tests.web.desk_visitors import cheap, make_user, sign_in, signed_in

SECONDS = 10
FIRST = {"name": "Ada", "email": "Ada@acme.example", "password": PASSWORD}


class Postbox:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: Queue[EmailMessage] = Queue()

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: ANN401, ARG002, N802
        mail = message_from_bytes(bytes(envelope.content or b""), EmailMessage, policy=policy.default)
        self.mails.put(mail)
        return "250 OK"


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def set_up(portal: Portal) -> str:
    with portal.database.session() as session, transaction(session):
        return f"/desk/keys/{keys.make_key(session, kind=KeyKind.SETUP, user_id=None, at=clock.now())}"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def mailing(portal: Portal, postbox: tuple[Postbox, str]) -> FlaskClient:
    settings = replace(portal.settings, smtp_url=postbox[1], base_url="https://help.acme.example")
    return cheap(create_app(replace(portal, settings=settings))).test_client()


def test_the_first_admin_sets_up_an_account_and_is_in(client: FlaskClient, portal: Portal, set_up: str) -> None:
    assert "Set up the first account" in client.get(set_up).text
    assert client.post(set_up, data=FIRST).location == "/desk"
    assert client.get("/desk/people").status_code == 200
    with portal.database.session() as session:
        assert [(user.email, user.role) for user in accounts.everybody(session)] == [("ada@acme.example", Role.ADMIN)]


def test_what_is_wrong_with_the_set_up_uses_nothing_up(client: FlaskClient, set_up: str) -> None:
    for wrong in ({"password": "short"}, {"email": "nonsense"}, {"name": ""}):
        answer = client.post(set_up, data=FIRST | wrong)
        assert answer.status_code == 422
        assert PASSWORD not in answer.text
    assert client.post(set_up, data=FIRST).status_code == 303


def test_the_set_up_is_over_once_somebody_is_there(client: FlaskClient, portal: Portal, set_up: str) -> None:
    make_user(portal)
    assert client.get(set_up).status_code == 404
    assert client.post(set_up, data=FIRST).status_code == 404


@pytest.mark.parametrize("key", ["x", "x" * 43, "x" * 3000, "%00", "..%2f..%2fetc"])
def test_a_link_that_was_made_up_and_one_that_is_used_are_answered_alike(
    client: FlaskClient, set_up: str, key: str
) -> None:
    client.post(set_up, data=FIRST)
    client.delete_cookie("staff")
    used, made_up = client.get(set_up), client.get(f"/desk/keys/{key}")
    assert used.status_code == made_up.status_code == 404
    if "%2f" not in key:
        assert used.text == made_up.text
        assert "Ask for a new one" in used.text


def test_who_forgot_the_password_gets_a_link_by_mail(
    mailing: FlaskClient, portal: Portal, postbox: tuple[Postbox, str]
) -> None:
    make_user(portal)
    mailing.post("/desk/forgotten", data={"email": "Bo@acme.example"}, headers={"Host": "evil.example"})
    mail = postbox[0].mails.get(timeout=SECONDS)
    assert mail["To"] == "bo@acme.example"
    link = re.search(r"https://help\.acme\.example(/desk/keys/[\w-]{43})\s", mail.get_content())
    assert link
    assert "evil" not in mail.get_content()
    assert mailing.post(link[1], data={"password": "a new and better one"}).status_code == 303
    assert sign_in(mailing, password="a new and better one").status_code == 303


def test_known_and_unknown_addresses_are_answered_alike_and_strangers_get_no_mail(
    mailing: FlaskClient, portal: Portal, postbox: tuple[Postbox, str]
) -> None:
    make_user(portal)
    shut = make_user(portal, "shut@acme.example")
    with portal.database.session() as session, transaction(session):
        accounts.disable(session, shut.id, at=clock.now())
    asked = ["nobody@acme.example", "shut@acme.example", "nonsense", "", "bo@acme.example"]
    answers = {mailing.post("/desk/forgotten", data={"email": email}).text for email in asked}
    assert len(answers) == 1
    assert "If there is an account" in answers.pop()
    assert postbox[0].mails.get(timeout=SECONDS)["To"] == "bo@acme.example"
    assert postbox[0].mails.empty()


def test_links_are_not_asked_for_without_end(mailing: FlaskClient) -> None:
    statuses = [mailing.post("/desk/forgotten", data={"email": "nobody@acme.example"}).status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2


def test_without_a_mail_server_people_are_sent_to_an_admin(client: FlaskClient, portal: Portal) -> None:
    make_user(portal)
    assert "Ask an admin" in client.get("/desk/forgotten").text
    assert "Ask an admin" in client.post("/desk/forgotten", data={"email": "bo@acme.example"}).text


def test_no_link_is_mailed_that_a_strangers_host_name_would_lead_astray(
    portal: Portal, postbox: tuple[Postbox, str]
) -> None:
    settings = replace(portal.settings, smtp_url=postbox[1])
    client = cheap(create_app(replace(portal, settings=settings))).test_client()
    assert "Ask an admin" in client.get("/desk/forgotten").text


def test_an_invitation_goes_by_mail_and_is_not_shown(
    portal: Portal, postbox: tuple[Postbox, str], mailing: FlaskClient
) -> None:
    ada = signed_in(mailing.application, portal, Role.ADMIN)
    answer = ada.post("/desk/people", email="cleo@acme.example", name="Cleo", role="agent")
    assert answer.location == "/desk/people?done=invited"
    mail = postbox[0].mails.get(timeout=SECONDS)
    assert (mail["To"], "invited" in mail.get_content()) == ("cleo@acme.example", True)


def test_a_link_that_the_mail_server_does_not_take_is_shown(portal: Portal) -> None:
    settings = replace(portal.settings, smtp_url="smtp://127.0.0.1:1", base_url="https://help.acme.example")
    ada = signed_in(cheap(create_app(replace(portal, settings=settings))), portal, Role.ADMIN)
    answer = ada.post("/desk/people", email="cleo@acme.example", name="Cleo", role="agent")
    assert "https://help.acme.example/desk/keys/" in answer.text


@pytest.mark.parametrize(("own", "asked", "subject"), [
    (None, "de", "Ihr neues Passwort für Acme help"), ("en", "de", "Your new password for Acme help"),
    ("de", "en", "Ihr neues Passwort für Acme help"),
])  # fmt: skip
def test_a_link_is_mailed_in_the_language_of_the_account_else_of_who_asks_for_it(
    mailing: FlaskClient, portal: Portal, postbox: tuple[Postbox, str], own: str | None, asked: str, subject: str
) -> None:
    user = make_user(portal)
    with portal.database.session() as session, transaction(session):
        accounts.set_language(session, user.id, own)
    mailing.post("/desk/forgotten", data={"email": user.email}, headers={"Accept-Language": asked})
    assert postbox[0].mails.get(timeout=SECONDS)["Subject"] == subject
