"""Webhooks at the desk: made, tested, renewed, switched off and on, and deleted by admins."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.outbox import receivers, store
from portal.outbox.models import Delivery, DeliveryState, Webhook
from portal.outbox.receiver import secret_of
from portal.people.models import Role
from tests.outbox.test_receivers import a_message
from tests.web.desk_visitors import Somebody, cheap, signed_in

SECRET = re.compile(r"sph_[0-9a-f]{64}")
PLACE = "/desk/webhooks"
FORM = {"name": "Chat", "url": "https://chat.example.com/hook", "events": "gap.*"}


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def ada(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, Role.ADMIN, "ada@acme.example")


def every(portal: Portal) -> list[Webhook]:
    with portal.database.session() as session:
        return receivers.every(session)


def made(ada: Somebody, portal: Portal, **form: str) -> str:
    """Make a webhook by the page; returns its uid."""
    answer = ada.post(PLACE, **FORM | form)
    assert answer.status_code == 200
    return next(one.uid for one in every(portal) if one.name == (FORM | form)["name"])


def put(portal: Portal, to: str, uid: str, problem: str = "") -> None:
    """Put a message into a webhook's log, given up where there is a problem."""
    with portal.database.session() as session, transaction(session):
        store.add(session, replace(a_message(to, uid), at=clock.now()))
        if problem:
            session.get_one(Delivery, uid).attempts = store.MOST_TRIES
            store.failed(session, uid, problem, at=clock.now(), status=500)


def test_a_webhook_is_made_and_its_secret_shown_once(ada: Somebody, portal: Portal) -> None:
    answer = ada.post(PLACE, **FORM)
    [one] = every(portal)
    assert (one.name, one.url, one.events, one.created_by) == ("Chat", FORM["url"], "gap.*", ada.user.name)
    assert SECRET.findall(answer.text) == [secret_of(portal.settings.secret(), one.uid, 1)]
    for path in (PLACE, f"{PLACE}/{one.uid}"):
        shown = ada.get(path).text
        assert FORM["url"] in shown
        assert not SECRET.search(shown)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "what the webhook is for"),
        ({"url": "http://chat.example.com"}, "begins with https://"),
        ({"url": "https://192.168.1.5/x"}, "is not a public address"),
        ({"url": "https://localhost/x"}, "is not a public address"),
        ({"events": "everything"}, "what the page offers"),
        ({"events": ""}, "what the page offers"),
    ],
)
def test_what_can_t_be_used_is_said_at_once_and_what_was_typed_stays(
    ada: Somebody, portal: Portal, form: dict[str, str], said: str
) -> None:
    answer = ada.post(PLACE, **FORM | form)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{(FORM | form)["url"]}"' in answer.text
    assert every(portal) == []
    uid = made(ada, portal)
    answer = ada.post(f"{PLACE}/{uid}", **FORM | form)
    assert (answer.status_code, every(portal)[0].url) == (422, FORM["url"])
    assert said in answer.text


def test_without_anything_to_hear_of_none_is_made(ada: Somebody, portal: Portal) -> None:
    answer = ada.client.post(PLACE, data={"csrf": ada.csrf(), "name": "Chat", "url": FORM["url"]})
    assert "at least one thing" in answer.text
    assert every(portal) == []


def test_it_is_changed_and_the_page_shows_what_it_hears_of(ada: Somebody, portal: Portal) -> None:
    uid = made(ada, portal)
    answer = ada.post(f"{PLACE}/{uid}", name="Pager", url="https://pager.example.com/", events="conversation.created")
    assert answer.location == f"{PLACE}/{uid}?done=saved"
    shown = ada.get(answer.location).text
    assert "Saved." in shown
    assert re.search(r'value="conversation.created" checked', shown)
    assert not re.search(r'value="gap.\*" checked', shown)
    assert "A customer began a conversation" in ada.get(PLACE).text


def test_a_new_secret_is_shown_once_and_the_page_says_how_long_the_former_signs(ada: Somebody, portal: Portal) -> None:
    uid = made(ada, portal)
    answer = ada.post(f"{PLACE}/{uid}/secret")
    assert SECRET.findall(answer.text) == [secret_of(portal.settings.secret(), uid, 2)]
    assert "For a day" in answer.text
    shown = ada.get(f"{PLACE}/{uid}").text
    assert not SECRET.search(shown)
    assert "secret before this one too, until" in shown


def test_it_is_switched_off_and_on(ada: Somebody, portal: Portal) -> None:
    uid = made(ada, portal)
    put(portal, uid, "m-1")
    off = ada.post(f"{PLACE}/{uid}/switch", to="off")
    shown = ada.get(off.location).text
    assert f"{ada.user.name} switched it off" in shown
    assert "Waits until the webhook is switched on" in shown
    assert "Send a test" not in shown
    assert "Waits until the webhook is switched on" in ada.get("/desk/outbox").text
    assert "rail-count" not in shown, "who switched it off knows"
    assert ada.post(f"{PLACE}/{uid}/tests").status_code == 409
    assert ada.post(f"{PLACE}/{uid}/tries", message="m-1").status_code == 409
    on = ada.post(f"{PLACE}/{uid}/switch", to="on")
    assert "from now on" in ada.get(on.location).text
    assert ada.post(f"{PLACE}/{uid}/switch", to="sideways").status_code == 422


def test_one_that_did_not_answer_is_switched_off_by_itself_and_admins_see_it_in_the_rail(
    app: Flask, ada: Somebody, portal: Portal
) -> None:
    uid = made(ada, portal)
    for number in range(receivers.MOST_GIVEN_UP):
        put(portal, uid, f"m-{number}", "The webhook answered 500.")
    assert "1 webhook was switched off</span>" in ada.get("/desk/account").text
    assert "switched off</span>" not in signed_in(app, portal, Role.LEAD).get("/desk/account").text
    shown = ada.get(f"{PLACE}/{uid}").text
    assert "switched off by itself, as 10 messages in a row were given up" in shown
    assert "it did not answer" in ada.get(PLACE).text
    ada.post(f"{PLACE}/{uid}/switch", to="on")
    assert "switched off</span>" not in ada.get("/desk/account").text


def test_a_test_waits_to_be_sent_and_stands_in_the_log(ada: Somebody, portal: Portal) -> None:
    uid = made(ada, portal)
    assert "Nothing yet. Send a test" in ada.get(f"{PLACE}/{uid}").text
    answer = ada.post(f"{PLACE}/{uid}/tests")
    shown = ada.get(answer.location).text
    assert "The test is on its way" in shown
    assert "Goes within a minute or two" in shown
    with portal.database.session() as session:
        [one] = receivers.log(session, uid)
    assert (one.event, '"webhook": "Chat"' in one.payload) == ("ping", True)


def test_the_log_says_what_was_answered_and_sends_one_again(ada: Somebody, portal: Portal) -> None:
    uid = made(ada, portal)
    put(portal, uid, "m-1", "The webhook answered 500: <img src=x onerror=alert(1)>.")
    put(portal, uid, "m-2")
    with portal.database.session() as session, transaction(session):
        store.sent(session, "m-2", at=clock.now(), status=202)
    shown = ada.get(f"{PLACE}/{uid}").text
    assert "Taken, answered 202" in shown
    assert "Given up" in shown
    assert "answered 500: &lt;img" in shown
    answer = ada.post(f"{PLACE}/{uid}/tries", message="m-2")
    assert "goes once more" in ada.get(answer.location).text
    with portal.database.session() as session:
        assert session.get_one(Delivery, "m-2").state is DeliveryState.WAITING
    assert ada.post(f"{PLACE}/{uid}/tries", message="never-was").status_code == 404


def test_deleting_asks_first_and_takes_the_log_along(ada: Somebody, portal: Portal) -> None:
    uid = made(ada, portal)
    put(portal, uid, "m-1")
    assert "1 message that waits" in ada.get(f"{PLACE}/{uid}").text
    answer = ada.post(f"{PLACE}/{uid}/removal")
    assert "The webhook is deleted" in ada.get(answer.location).text
    assert every(portal) == []
    assert ada.get(f"{PLACE}/{uid}").status_code == 404
    with portal.database.session() as session:
        assert store.counts(session)["waiting"] == 0


def test_the_operators_is_shown_and_tested_but_not_changed(portal: Portal) -> None:
    url = "https://hooks.example.com/services/T00-very-secret"
    portal = replace(portal, settings=replace(portal.settings, webhook_url=url))
    app = cheap(create_app(portal))
    ada = signed_in(app, portal, Role.ADMIN, "ada@acme.example")
    for path in (PLACE, f"{PLACE}/operator"):
        shown = ada.get(path).text
        assert "PORTAL_WEBHOOK_URL" in shown
        assert "https://hooks.example.com" in shown
        assert "very-secret" not in shown
    ada.post(f"{PLACE}/operator/tests")
    assert "Goes within" in ada.get(f"{PLACE}/operator").text
    for action in ("", "/secret", "/switch", "/removal"):
        assert ada.post(f"{PLACE}/operator{action}", **FORM, to="off").status_code == 404, action


def test_without_the_operators_there_is_no_page_of_it(ada: Somebody) -> None:
    assert ada.get(f"{PLACE}/operator").status_code == 404
    assert ada.post(f"{PLACE}/operator/tests").status_code == 404


def test_names_are_shown_as_text_and_name_the_receiver_in_the_outbox(ada: Somebody, portal: Portal) -> None:
    uid = made(ada, portal, name="<b>Chat</b>")
    put(portal, uid, "m-1", "It can't be reached.")
    for path in (PLACE, f"{PLACE}/{uid}", "/desk/outbox"):
        shown = ada.get(path).text
        assert "&lt;b&gt;Chat" in shown, path
        assert "<b>Chat" not in shown


@pytest.mark.parametrize("role", [Role.AGENT, Role.WRITER, Role.LEAD])
def test_webhooks_are_for_admins(app: Flask, portal: Portal, ada: Somebody, role: Role) -> None:
    uid = made(ada, portal)
    who = signed_in(app, portal, role)
    assert who.get(PLACE).status_code == 403
    assert who.post(PLACE, **FORM).status_code == 403
    assert who.post(f"{PLACE}/{uid}/removal").status_code == 403
    assert len(every(portal)) == 1
    assert PLACE not in who.get("/desk/account").text


def test_a_change_needs_the_pages_own_form(ada: Somebody, portal: Portal) -> None:
    assert ada.client.post(PLACE, data=FORM).status_code == 403
    assert every(portal) == []
