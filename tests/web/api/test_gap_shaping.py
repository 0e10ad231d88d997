"""Gaps named, merged, split and tried again by the API; opinions and what was not answered lately."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.feedback import votes
from portal.feedback.models import Reason
from portal.people.models import Role
from tests.web.api_program import Program, a_program
from tests.web.conftest import PASSWORD
from tests.web.desk_gaps import a_gap

Json = dict[str, Any]


@pytest.fixture
def program(app: Flask, portal: Portal) -> Program:
    return a_program(app, portal)


@pytest.fixture
def gap(portal: Portal) -> int:
    with portal.database.session() as session, transaction(session):
        return a_gap(session).id


def test_a_title_stays_and_stands_in_the_history(program: Program, gap: int) -> None:
    named = program.post(f"/gaps/{gap}/name", {"title": "A year's invoices", "version": 1}).json or {}
    assert (named["title"], named["version"]) == ("A year's invoices", 2)
    assert named["history"][0]["verb"] == "renamed"
    assert program.post(f"/gaps/{gap}/name", {"title": "Late", "version": 1}).status_code == 409


def test_a_split_takes_wordings_by_their_ids_and_a_merge_brings_them_back(program: Program, gap: int) -> None:
    whole = program.get(f"/gaps/{gap}").json or {}
    (wording,) = (one["id"] for one in whole["wordings"] if one["text"] == "export all invoices")
    new = program.post(f"/gaps/{gap}/split", {"wordings": [wording], "version": 1})
    assert new.status_code == 200
    assert (new.json or {})["id"] != gap
    assert [one["text"] for one in (new.json or {})["wordings"]] == ["export all invoices"]
    merged = program.post(f"/gaps/{(new.json or {})['id']}/merge", {"into": gap}).json or {}
    assert merged["id"] == gap
    assert {one["id"] for one in merged["wordings"]} == {one["id"] for one in whole["wordings"]}


def test_what_does_not_fit_together_is_a_conflict_in_words(program: Program, gap: int, portal: Portal) -> None:
    with portal.database.session() as session, transaction(session):
        german = a_gap(session, title="Rechnungen", lang="de").id
    for path, body, said in (
        ("merge", {"into": gap}, "into itself"),
        ("merge", {"into": german}, "Keep them apart"),
        ("split", {"wordings": [999]}, "some of the wordings"),
    ):
        answer = program.post(f"/gaps/{gap}/{path}", body)
        assert answer.status_code == 409
        assert said in (answer.json or {})["detail"]
    assert program.post(f"/gaps/{gap}/merge", {"into": 9999}).status_code == 404
    assert program.post(f"/gaps/{gap}/split", {"wordings": []}).status_code == 422


def test_a_revision_that_is_not_there_is_named(program: Program, gap: int) -> None:
    answer = program.post(f"/gaps/{gap}/replay", {"revision": "no-such-branch"})
    assert answer.status_code == 404
    assert (answer.json or {})["detail"].startswith("revision: ")
    assert program.post("/gaps/9999/replay", {"revision": "main"}).status_code == 404


def test_agents_shape_no_gaps(app: Flask, portal: Portal, gap: int) -> None:
    agent = a_program(app, portal, role=Role.AGENT)
    for path, body in (("name", {"title": "x"}), ("merge", {"into": 1}), ("split", {"wordings": [1]})):
        assert agent.post(f"/gaps/{gap}/{path}", body).status_code == 403


def test_opinions_are_walked_over_once_while_others_come_in(portal: Portal, program: Program) -> None:
    def say(number: int, comment: str) -> None:
        at = clock.now() - timedelta(minutes=60 - number)
        with portal.database.session() as session, transaction(session):
            voter = f"{number:064x}"
            votes.cast(session, article=PASSWORD, revision="r", lang="en", voter=voter, is_helpful=False, at=at)
            votes.explain(session, article=PASSWORD, revision="r", voter=voter, reason=Reason.UNCLEAR,
                          comment=comment, at=at)  # fmt: skip

    for number in range(3):
        say(number, f"Comment {number}")
    first = program.get("/opinions?limit=2&comment=1").json or {}
    say(90, "A new one")
    rest = program.get(f"/opinions?limit=2&cursor={first['next_cursor']}").json or {}
    assert [one["comment"] for one in (*first["opinions"], *rest["opinions"])] == [
        "Comment 2", "Comment 1", "Comment 0",
    ]  # fmt: skip
    assert rest["next_cursor"] is None
    assert (program.get("/opinions?reason=wrong").json or {})["opinions"] == []


def test_what_few_people_searched_is_counted_and_not_told(portal: Portal, program: Program) -> None:
    for visitor, text in (("ada", "Tea tastes of metal"), ("bo", "Tea tastes of metal"), ("ada", "Ada's own words")):
        program.post("/requests", {"text": text, "visitor": visitor})
    assert portal.recorder.flush()
    told = program.get("/unresolved?days=1").json or {}
    assert [(one["text"], one["people"]) for one in told["wordings"]] == [("Tea tastes of metal", 2)]
    assert (told["days"], told["people"], told["untold"]) == (1, 2, 1)
    assert program.get("/unresolved?days=8").status_code == 422
