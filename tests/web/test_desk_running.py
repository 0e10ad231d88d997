"""What runs by itself, as leads and admins see it."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.cli.jobs import JOBS as WORK
from portal.db import transaction
from portal.people.models import Role
from portal.schedule import jobs
from portal.web.desk.running import JOBS
from tests.web.desk_visitors import Somebody, cheap, signed_in

NODE = "node-a-77-0f0f0f0f"


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def lead(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, Role.LEAD)


def begin(portal: Portal, name: str, *, minutes_ago: float = 0.0) -> None:
    with portal.database.session() as session, transaction(session):
        at = clock.now() - timedelta(minutes=minutes_ago)
        assert jobs.take(session, name, holder=NODE, at=at, seconds=600)


def end(portal: Portal, name: str, line: str) -> None:
    with portal.database.session() as session, transaction(session):
        assert jobs.done(session, name, holder=NODE, at=clock.now(), result=line)


def fail(portal: Portal, name: str, problem: str) -> None:
    with portal.database.session() as session, transaction(session):
        assert jobs.failed(session, name, holder=NODE, at=clock.now(), problem=problem)


def test_a_job_that_ended_well_says_when_and_what_came_of_it(lead: Somebody, portal: Portal) -> None:
    begin(portal, "find-gaps")
    end(portal, "find-gaps", "3 new gaps, 2 changed.")
    shown = lead.get("/desk/running").text
    assert "Find gaps" in shown
    assert "Last ended well: <time" in shown
    assert "3 new gaps, 2 changed." in shown
    assert "All of it ended well the last time." in shown
    assert NODE not in shown


def test_a_job_that_fails_stands_first_and_says_why_how_often_and_when_it_is_tried_again(
    lead: Somebody, portal: Portal
) -> None:
    for name in ("find-gaps", "deliver"):
        begin(portal, name)
        end(portal, name, "Well.")
    begin(portal, "deliver")
    fail(portal, "deliver", "The mail server is away.")
    shown = lead.get("/desk/running").text
    assert shown.index("Send messages") < shown.index("Find gaps")
    assert "Failed once." in shown
    assert "Tried again: <time" in shown
    assert "The mail server is away." in shown
    assert shown.count("Last ended well: <time") == 2
    assert "1 job fails" in shown


def test_who_is_at_a_job_is_named_until_the_lease_is_over(lead: Somebody, portal: Portal) -> None:
    begin(portal, "expire")
    shown = lead.get("/desk/running").text
    assert NODE in shown
    assert "It has not ended well yet." in shown


def test_who_died_at_a_job_is_not_at_it(lead: Somebody, portal: Portal) -> None:
    begin(portal, "expire", minutes_ago=11)
    assert NODE not in lead.get("/desk/running").text


def test_before_anything_has_run_the_page_says_what_will(lead: Somebody) -> None:
    assert "Nothing has run yet" in lead.get("/desk/running").text


def test_jobs_that_nobody_does_any_more_are_noticed(lead: Somebody, portal: Portal) -> None:
    begin(portal, "find-gaps", minutes_ago=70)
    assert "Nothing has been done for more than an hour." in lead.get("/desk/running").text
    begin(portal, "deliver", minutes_ago=50)
    assert "Nothing has been done" not in lead.get("/desk/running").text


def test_every_job_has_words_and_a_new_one_goes_by_its_name(lead: Somebody, portal: Portal) -> None:
    assert {job.name for job in WORK} == JOBS.keys()
    begin(portal, "brand-new")
    assert "brand-new" in lead.get("/desk/running").text


def test_what_a_job_says_is_shown_as_words(lead: Somebody, portal: Portal) -> None:
    begin(portal, "deliver")
    fail(portal, "deliver", "<script>alert(1)</script>")
    assert "<script>alert" not in lead.get("/desk/running").text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.AGENT, 403), (Role.WRITER, 403), (Role.LEAD, 200), (Role.ADMIN, 200)]
)
def test_it_is_for_leads_and_admins(app: Flask, portal: Portal, role: Role, status: int) -> None:
    who = signed_in(app, portal, role)
    assert who.get("/desk/running").status_code == status
    is_named = 'href="/desk/running"' in who.get("/desk/account").text
    assert is_named == (status == 200)


def test_only_who_may_see_the_outbox_is_led_there(app: Flask, lead: Somebody, portal: Portal) -> None:
    assert "/desk/outbox" not in lead.get("/desk/running").text
    assert 'href="/desk/outbox"' in signed_in(app, portal, Role.ADMIN).get("/desk/running").text
