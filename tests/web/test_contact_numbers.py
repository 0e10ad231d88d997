"""What became of the contact forms, as leads see it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.conversations import offers
from portal.conversations.models import Arm
from portal.conversations.offers import ArmCounts
from portal.db import transaction
from portal.people.models import Role
from portal.web.desk.contact import Avoided
from tests.web.conftest import PASSWORD
from tests.web.desk_visitors import Somebody, cheap, signed_in

Begun = Callable[..., None]


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def lead(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, Role.LEAD)


@pytest.fixture
def begun(portal: Portal) -> Begun:
    """Begin forms of an arm; so many are withdrawn, so many sent, the others left."""
    made = iter(range(10_000))

    def begun(
        arm: Arm, *, withdrawn: int = 0, sent: int = 0, left: int = 0, age: timedelta = timedelta(days=1)
    ) -> None:
        at = clock.now() - age
        with portal.database.session() as session, transaction(session):
            for number in range(withdrawn + sent + left):
                uid = f"{next(made):032x}"
                offers.begin(session, uid=uid, lang="en", topic=None, arm=arm, offered=(PASSWORD,), at=at)
                if number < withdrawn:
                    offers.withdraw(session, uid, article=PASSWORD, at=at)
                elif number < withdrawn + sent:
                    offers.send(session, uid, at=at)

    return begun


def test_what_an_article_answered_is_said_of_how_many(lead: Somebody, begun: Begun) -> None:
    begun(Arm.OFFERED, withdrawn=12, sent=20, left=8)
    page = lead.get("/desk/contact").text
    assert "12 forms were answered by an article." in page
    assert "of 40 forms" in page
    assert "30 % (18 to 45)" in page
    assert "Reset your password" in page


def test_without_a_hold_out_nothing_is_claimed_to_be_avoided(lead: Somebody, begun: Begun) -> None:
    begun(Arm.OFFERED, withdrawn=12, sent=20)
    page = lead.get("/desk/contact").text
    assert "unknown" in page
    assert "Suggestions avoid" not in page
    assert "hold_out = 0.1" in page


def test_with_a_hold_out_the_difference_has_its_interval(lead: Somebody, begun: Begun) -> None:
    begun(Arm.OFFERED, withdrawn=60, sent=100, left=40)
    begun(Arm.HELD_OUT, sent=80, left=20)
    page = lead.get("/desk/contact").text
    assert "Suggestions avoid 30 of 100 messages." in page
    assert "between 19 and 40" in page


def test_a_difference_that_may_be_none_is_said_to_be_uncertain(lead: Somebody, begun: Begun) -> None:
    begun(Arm.OFFERED, withdrawn=1, sent=2)
    begun(Arm.HELD_OUT, sent=2)
    assert "It is not certain yet that suggestions avoid messages." in lead.get("/desk/contact").text


def test_newcombes_own_example() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table II, example a: 56/70 and 48/80 by method 10."""
    found = Avoided.of(ArmCounts(begun=80, sent=48), ArmCounts(begun=70, sent=56))
    assert found == Avoided(20, 5, 33)


def test_unknown_is_not_zero() -> None:
    assert Avoided.of(ArmCounts(begun=5, sent=5), ArmCounts()) is None


def test_a_form_that_may_yet_be_sent_is_not_counted(lead: Somebody, begun: Begun) -> None:
    begun(Arm.OFFERED, left=3, age=timedelta(minutes=5))
    assert "No form to count yet" in lead.get("/desk/contact").text


def test_only_the_days_asked_for_count(lead: Somebody, begun: Begun) -> None:
    begun(Arm.OFFERED, withdrawn=2, age=timedelta(days=40))
    assert "No form to count yet" in lead.get("/desk/contact?days=28").text
    assert "2 forms were answered" in lead.get("/desk/contact?days=90").text
    assert lead.get("/desk/contact?days=x").status_code == 200


def test_the_numbers_are_for_leads(app: Flask, portal: Portal) -> None:
    assert signed_in(app, portal, Role.AGENT).get("/desk/contact").status_code == 403
    assert app.test_client().get("/desk/contact").status_code == 303
