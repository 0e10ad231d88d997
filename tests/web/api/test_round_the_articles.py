"""Topics, notices, ways to reach people, flags, requests and what came of links, by the API."""

from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.feedback import requests
from portal.people.models import Role
from tests.web.api_program import Program, a_program
from tests.web.conftest import PASSWORD, SECRET
from tests.web.desk_gaps import a_gap

Json = dict[str, Any]


@pytest.fixture
def program(app: Flask, portal: Portal) -> Program:
    return a_program(app, portal)


def test_topics_count_what_the_asker_may_read_and_lead_to_their_articles(app: Flask, program: Program) -> None:
    anybody = Program(app.test_client(use_cookies=False))
    counts = [
        next(one["count"] for one in (who.get("/topics").json or {})["topics"] if one["slug"] == "accounts")
        for who in (anybody, program)
    ]
    assert counts[1] == counts[0] + 1
    ids = {one["id"] for one in (program.get("/topics/accounts/articles").json or {})["articles"]}
    assert SECRET in ids
    assert SECRET not in anybody.get("/topics/accounts/articles").text
    assert program.get("/topics/no-such/articles").status_code == 404
    assert program.get("/topics?lang=fr").status_code == 422


def test_the_articles_of_a_topic_come_in_portions(program: Program) -> None:
    met, path = [], "/topics/billing/articles?limit=5"
    while path:
        said = program.get(path).json or {}
        met += [one["id"] for one in said["articles"]]
        path = f"/topics/billing/articles?limit=5&cursor={said['next_cursor']}" if said["next_cursor"] else ""
    assert len(met) == len(set(met)) == 13


def test_everybody_is_told_how_people_are_reached(app: Flask) -> None:
    told = Program(app.test_client(use_cookies=False)).get("/contact?topic=no-such").json or {}
    assert [(one["kind"], one["label"], one["value"]) for one in told["channels"]] == [
        ("email", "Write to us", "help@acme.example")
    ]
    assert Program(app.test_client(use_cookies=False)).get("/notices").json == {"notices": []}


def test_a_flag_is_listed_settled_once_and_opened_again(app: Flask, portal: Portal, program: Program) -> None:
    agent = a_program(app, portal, role=Role.AGENT)
    raised = agent.post("/articles/pw-1/flags", {"fault": "wrong", "text": "The button is gone."}).json or {}
    (flag,) = raised["flags"]
    assert [one["id"] for one in (agent.get("/flags").json or {})["flags"]] == [flag["id"]]
    assert (agent.get("/flags?topic=billing").json or {})["flags"] == []
    path = f"/flags/{flag['id']}"
    assert agent.post(f"{path}/settlement", {"was_right": True}).status_code == 403
    done = program.post(f"{path}/settlement", {"was_right": True, "answer": "Mended."}, Idempotency_Key="k").json or {}
    assert (done["done_by"], done["was_right"], done["answer"]) == ("Writer", True, "Mended.")
    again = program.post(f"{path}/settlement", {"was_right": True, "answer": "Mended."}, Idempotency_Key="k")
    assert again.json == done
    assert program.post(f"{path}/settlement", {"was_right": False}).status_code == 409
    assert agent.send("DELETE", path).status_code == 409
    assert (agent.get(path).json or {})["answer"] == "Mended."
    assert (program.post(f"{path}/reopening").json or {})["done_at"] is None
    assert program.send("DELETE", path).status_code == 404
    assert agent.send("DELETE", path).status_code == 204
    assert agent.get(path).status_code == 404


def test_flags_come_in_portions_oldest_first(program: Program) -> None:
    for number in range(3):
        program.post("/articles/pw-1/flags", {"fault": "wrong", "text": f"Step {number}"})
    first = program.get("/flags?limit=2").json or {}
    rest = program.get(f"/flags?limit=2&cursor={first['next_cursor']}").json or {}
    assert [one["text"] for one in (*first["flags"], *rest["flags"])] == ["Step 0", "Step 1", "Step 2"]
    assert rest["next_cursor"] is None


def test_what_the_account_asks_for_is_its_own_to_follow_and_take_back(
    app: Flask, portal: Portal, program: Program
) -> None:
    other = a_program(app, portal, role=Role.LEAD)
    kept = program.post("/requests", {"text": "How to descale", "is_mine": True}).json or {}
    (mine,) = (program.get("/requests").json or {})["requests"]
    assert (mine["id"], mine["text"], mine["gap"], mine["will_hear"]) == (kept["id"], "How to descale", None, True)
    assert (other.get("/requests").json or {})["requests"] == []
    assert (other.get(f"/requests/{kept['id']}").json or {})["text"] is None
    assert other.send("DELETE", f"/requests/{kept['id']}").status_code == 404
    assert program.send("DELETE", f"/requests/{kept['id']}").status_code == 204
    assert program.get(f"/requests/{kept['id']}").status_code == 404


def test_a_request_that_a_gap_took_up_tells_its_state_and_stays(portal: Portal, program: Program) -> None:
    kept = program.post("/requests", {"text": "How to descale", "is_mine": True}).json or {}
    with portal.database.session() as session, transaction(session):
        gap = a_gap(session).id
        requests.take_up(session, [kept["id"]], gap)
    told = program.get(f"/requests/{kept['id']}").json or {}
    assert (told["gap"], told["state"]) == (gap, "suggested")
    assert program.send("DELETE", f"/requests/{kept['id']}").status_code == 409


def test_an_address_is_forgotten_when_its_owner_wants_to_hear_no_more(portal: Portal, program: Program) -> None:
    kept = program.post("/requests", {"text": "How to descale"}).json or {}
    with portal.database.session() as session, transaction(session):
        requests.add(session, uid="a" * 32, at=clock.now(), lang="en", text="x", visitor="v", search=None,
                     address="ada@example.com", user=None)  # fmt: skip
    assert (program.get(f"/requests/{'a' * 32}").json or {})["will_hear"] is True
    for _ in range(2):
        assert program.send("DELETE", f"/requests/{'a' * 32}/address").status_code == 204
    assert (program.get(f"/requests/{'a' * 32}").json or {})["will_hear"] is False
    assert program.send("DELETE", "/requests/nonsense/address").status_code == 404
    assert (program.get(f"/requests/{kept['id']}").json or {})["will_hear"] is False


def test_what_came_of_links_is_listed_by_article_and_of_ones_own(app: Flask, portal: Portal, program: Program) -> None:
    other = a_program(app, portal, role=Role.LEAD)
    number = (program.post("/conversations", {"text": "Help"}).json or {})["id"]
    for article in (PASSWORD, "sign-in"):
        link = program.post("/links", {"article": article, "conversation": number}).json or {}
        program.post(f"/conversations/{number}/replies", {"text": f"See {link['url']}"})
    first = program.get("/links?limit=1").json or {}
    assert [(one["article"], one["title"]) for one in first["records"]] == [(PASSWORD, "Reset your password")]
    rest = program.get(f"/links?limit=1&cursor={first['next_cursor']}").json or {}
    assert [(one["article"], one["sent"]) for one in rest["records"]] == [("sign-in", 1)]
    assert rest["next_cursor"] is None
    assert len((program.get("/links?whose=mine").json or {})["records"]) == 2
    assert (other.get("/links?whose=mine").json or {})["records"] == []
