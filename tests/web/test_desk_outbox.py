"""The outbox at the desk: what was given up, what waits, and another try."""

import pytest
from flask import Flask

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.gaps.states import Verb
from portal.outbox import store
from portal.outbox.models import Delivery, DeliveryState
from portal.outbox.news import letter
from portal.outbox.receiver import operators
from portal.people.models import Role
from portal.web.desk.outbox import NEWS
from tests.outbox.test_store import HOOK, news
from tests.web.desk_visitors import Somebody, cheap, signed_in


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def ada(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, Role.ADMIN, "ada@acme.example")


def put(portal: Portal, *uids: str, problem: str = "The mail server did not take the mail: it is full.") -> None:
    """Put letters into the outbox that were given up."""
    with portal.database.session() as session, transaction(session):
        for uid in uids:
            store.add(session, letter(uid=uid, to="eve@example.com", subject="S", text="T", at=clock.now(), gap=12))
            dead = session.get_one(Delivery, uid)
            dead.state, dead.problem, dead.attempts, dead.event = DeliveryState.DEAD, problem, 10, "answer"


def states(portal: Portal) -> dict[str, DeliveryState]:
    with portal.database.session() as session:
        return {one.uid: one.state for one in store.listed(session, states=list(DeliveryState))}


def test_what_was_given_up_says_to_whom_and_why_without_anybody_s_address(ada: Somebody, portal: Portal) -> None:
    put(portal, "m-1")
    shown = ada.get("/desk/outbox").text
    assert "1 message was given up" in shown
    assert "…@example.com" in shown
    assert "eve@" not in shown
    assert "it is full" in shown
    assert "To somebody who asked: there is an answer" in shown
    assert '<a href="/desk/gaps/12">' in shown
    assert "Try all again" not in shown


def test_what_waits_says_when_it_is_tried_again(ada: Somebody, portal: Portal) -> None:
    with portal.database.session() as session, transaction(session):
        store.announce(session, news(), receivers=[operators(HOOK)], trackers=())
    assert "Not tried yet" in ada.get("/desk/outbox").text
    with portal.database.session() as session, transaction(session):
        taken = store.take(session, clock.now())
        assert taken
        store.failed(session, taken.uid, "hooks.example.com can't be reached: no route.", at=clock.now())
    shown = ada.get("/desk/outbox").text
    assert "Tried once," in shown
    assert "no route" in shown
    assert "Webhook: PORTAL_WEBHOOK_URL" in shown
    assert "1 message waits" in shown
    assert "given up" not in shown


def test_one_message_is_tried_again(ada: Somebody, portal: Portal) -> None:
    put(portal, "m-1", "m-2")
    answer = ada.post("/desk/outbox/tries", message="m-2")
    assert answer.location == "/desk/outbox?done=again"
    assert states(portal) == {"m-1": DeliveryState.DEAD, "m-2": DeliveryState.WAITING}
    assert "within a minute or two" in ada.get(answer.location).text


def test_all_are_tried_again_at_once(ada: Somebody, portal: Portal) -> None:
    put(portal, "m-1", "m-2")
    assert "Try all again" in ada.get("/desk/outbox").text
    ada.post("/desk/outbox/tries")
    assert set(states(portal).values()) == {DeliveryState.WAITING}
    shown = ada.get("/desk/outbox").text
    assert shown.count("To be tried again: <time") == 2
    assert "Not tried yet" not in shown


@pytest.mark.parametrize("message", ["m-1", "never-was", "' or 1=1 --"])
def test_whoever_comes_second_is_told_that_it_is_gone(ada: Somebody, portal: Portal, message: str) -> None:
    put(portal, "m-1")
    ada.post("/desk/outbox/tries")
    answer = ada.post("/desk/outbox/tries", message=message)
    assert "not among those given up any more" in ada.get(answer.location).text


def test_the_rail_counts_for_admins_only_while_something_was_given_up(
    app: Flask, ada: Somebody, portal: Portal
) -> None:
    lead = signed_in(app, portal, Role.LEAD)
    assert "rail-count" not in ada.get("/desk/account").text
    put(portal, "m-1", "m-2")
    assert "2 messages were given up</span>" in ada.get("/desk/account").text
    assert "Outbox (2)" in ada.get("/desk/running").text
    assert "rail-count" not in lead.get("/desk/account").text
    ada.post("/desk/outbox/tries")
    assert "rail-count" not in ada.get("/desk/account").text


@pytest.mark.parametrize("role", [Role.AGENT, Role.WRITER, Role.LEAD])
def test_the_outbox_is_for_admins(app: Flask, portal: Portal, role: Role) -> None:
    put(portal, "m-1")
    who = signed_in(app, portal, role)
    assert who.get("/desk/outbox").status_code == 403
    assert who.post("/desk/outbox/tries").status_code == 403
    assert states(portal) == {"m-1": DeliveryState.DEAD}


def test_an_empty_outbox_says_what_would_stand_there(ada: Somebody) -> None:
    assert "Nothing waits to be sent" in ada.get("/desk/outbox").text


def test_a_long_outbox_shows_the_latest_and_says_so(ada: Somebody, portal: Portal) -> None:
    put(portal, *(f"m-{number}" for number in range(103)))
    shown = ada.get("/desk/outbox").text
    assert "103 messages were given up" in shown
    assert shown.count('name="message"') == 100
    assert "The latest 100 are shown." in shown


def test_every_change_of_a_gap_has_words() -> None:
    assert {f"gap.{verb}" for verb in Verb} <= NEWS.keys()


def test_a_problem_is_shown_as_words(ada: Somebody, portal: Portal) -> None:
    put(portal, "m-1", problem="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in ada.get("/desk/outbox").text
