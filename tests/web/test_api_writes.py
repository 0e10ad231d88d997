"""Writing by the API: named writes, versions, cursors, limits, and words for what can't be used."""

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.gaps.models import State
from portal.people.models import Role
from portal.programs import idempotency
from portal.programs.idempotency import Claim
from portal.programs.tokens import Scope
from portal.web.api import operations
from tests.web.api_program import Program, a_program
from tests.web.desk_gaps import a_gap

TEA = {"text": "The tea has a white film.", "name": "Ada", "address": "ada@example.com"}


@pytest.fixture
def program(app: Flask, portal: Portal) -> Program:
    return a_program(app, portal)


@pytest.fixture
def gap(portal: Portal) -> int:
    with portal.database.session() as session, transaction(session):
        return a_gap(session).id


def talks(program: Program) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (program.get("/conversations").json or {})["conversations"]
    return found


def test_a_named_write_is_done_once_and_answered_the_same(program: Program) -> None:
    first = program.post("/conversations", TEA, Idempotency_Key="k-1")
    again = program.post("/conversations", TEA, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(talks(program)) == 1


def test_a_write_without_a_name_is_done_each_time(program: Program) -> None:
    for _ in range(2):
        assert program.post("/conversations", TEA).status_code == 201
    assert len(talks(program)) == 2


def test_another_body_under_the_same_key_is_refused(program: Program) -> None:
    program.post("/conversations", TEA, Idempotency_Key="k-1")
    answer = program.post("/conversations", TEA | {"name": "Bo"}, Idempotency_Key="k-1")
    assert answer.status_code == 422
    assert "new key for each write" in (answer.json or {})["detail"]
    assert len(talks(program)) == 1


def test_keys_of_two_tokens_do_not_meet(app: Flask, portal: Portal, program: Program) -> None:
    other = a_program(app, portal)
    program.post("/conversations", TEA, Idempotency_Key="k-1")
    assert other.post("/conversations", TEA | {"name": "Bo"}, Idempotency_Key="k-1").status_code == 201


def test_a_write_that_is_under_way_is_not_begun_again(portal: Portal, program: Program) -> None:
    body = json.dumps(TEA).encode()
    with portal.database.session() as session, transaction(session):
        claim = Claim.of("token 1", "POST", "/api/v1/conversations", "k-1", body)
        idempotency.claim(session, claim, at=clock.now())
    headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": "k-1", "Content-Type": "application/json"}
    answer = program.client.post("/api/v1/conversations", data=body, headers=headers)
    assert answer.status_code == 409
    assert "under way" in (answer.json or {})["detail"]
    assert talks(program) == []


def test_what_was_refused_may_be_sent_again_under_its_key(program: Program, gap: int) -> None:
    assert program.post(f"/gaps/{gap}/acceptance", {"version": 9}, Idempotency_Key="k-1").status_code == 409
    assert program.post(f"/gaps/{gap}/acceptance", {"version": 1}, Idempotency_Key="k-1").status_code == 200


def test_a_gaps_change_and_its_answer_are_committed_together(program: Program, gap: int) -> None:
    first = program.post(f"/gaps/{gap}/acceptance", {"version": 1}, Idempotency_Key="k-1")
    again = program.post(f"/gaps/{gap}/acceptance", {"version": 1}, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    assert [one["verb"] for one in (first.json or {})["history"]] == ["accepted", "found"]


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "\xe4"])
def test_a_key_that_cant_be_used_is_named(program: Program, key: str) -> None:
    answer = program.post("/conversations", TEA, Idempotency_Key=key)
    assert answer.status_code == 422
    assert (answer.json or {})["detail"].startswith("Idempotency-Key: ")
    assert talks(program) == []


def test_ten_at_once_under_one_key_make_one(app: Flask, portal: Portal, program: Program) -> None:
    statuses: list[int] = []

    def send() -> None:
        one = replace(program, client=app.test_client(use_cookies=False))
        statuses.append(one.post("/conversations", TEA, Idempotency_Key="k-1").status_code)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(statuses) <= {201, 409}
    assert len(talks(program)) == 1


def test_what_was_read_is_not_sent_again(program: Program, gap: int) -> None:
    for path in (f"/gaps/{gap}", "/gaps", "/measures", "/whoami", "/articles", "/articles/pw-1"):
        first = program.get(path)
        assert first.status_code == 200
        again = program.get(path, If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.data) == (304, b""), path


def test_if_match_takes_what_was_read_and_refuses_what_was_not(program: Program, gap: int) -> None:
    tag = program.get(f"/gaps/{gap}").headers["ETag"]
    assert program.post(f"/gaps/{gap}/acceptance", If_Match=tag).status_code == 200
    late = program.post(f"/gaps/{gap}/dismissal", {"because": "late"}, If_Match=tag)
    assert late.status_code == 412
    assert "accepted this" in (late.json or {})["detail"]
    assert program.post(f"/gaps/{gap}/dismissal", {"because": "x"}, If_Match='"made up"').status_code == 412
    assert program.post(f"/gaps/{gap}/dismissal", {"because": "x"}, If_Match="*").status_code == 200


def test_a_stale_version_in_the_body_is_a_conflict_that_says_who_was_quicker(program: Program, gap: int) -> None:
    program.post(f"/gaps/{gap}/acceptance", {"version": 1})
    answer = program.post(f"/gaps/{gap}/dismissal", {"because": "late", "version": 1})
    assert answer.status_code == 409
    assert "Writer accepted this just now" in (answer.json or {})["detail"]


def test_a_state_that_allows_it_not_is_a_conflict_even_with_if_match(program: Program, gap: int) -> None:
    program.post(f"/gaps/{gap}/acceptance")
    tag = program.get(f"/gaps/{gap}").headers["ETag"]
    assert program.post(f"/gaps/{gap}/acceptance", If_Match=tag).status_code == 409


def test_the_cursor_walks_over_every_conversation_once(program: Program) -> None:
    made = [(program.post("/conversations", TEA).json or {})["id"] for _ in range(7)]
    met, path = [], "/conversations?limit=3"
    while path:
        said = program.get(path).json or {}
        met += [one["id"] for one in said["conversations"]]
        path = f"/conversations?limit=3&cursor={said['next_cursor']}" if said["next_cursor"] else ""
    assert met == made[::-1]


def test_the_cursor_walks_over_every_gap_once(portal: Portal, program: Program) -> None:
    with portal.database.session() as session, transaction(session):
        made = [a_gap(session, title=f"Gap {n}", asked=((f"wording {n}", 3, "gave_up"),)).id for n in range(5)]
    first = program.get("/gaps?limit=3").json or {}
    last = program.get(f"/gaps?limit=3&cursor={first['next_cursor']}").json or {}
    assert [one["id"] for one in (*first["gaps"], *last["gaps"])] == made
    assert last["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["0", "fffffffffffffff", "fffffffffffffff-ffffffff", "1-1"])
def test_any_place_is_a_place(program: Program, cursor: str) -> None:
    for path in ("/conversations", "/gaps"):
        assert program.get(f"{path}?cursor={cursor}").status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status", "said"),
    [
        ("{", "application/json", 400, "no JSON that can be read"),
        ("", "application/json", 400, "no JSON that can be read"),
        ("[]", "application/json", 422, "body: "),
        ('{"text": "x"}', "text/plain", 415, "Content-Type: application/json"),
        ("text=x", "application/x-www-form-urlencoded", 415, "Send JSON"),
        ('{"text": 7}', "application/json", 422, "text: "),
        ('{"text": ""}', "application/json", 422, "text: is empty"),
        ('{"text": "x", "textt": "y"}', "application/json", 422, "textt: is not known here"),
        ('{"text": "x", "lang": "fr"}', "application/json", 422, "lang: give one of en, de"),
        ('{"text": "x", "address": "nobody"}', "application/json", 422, "address: "),
        ('{"text": "' + "x" * 20_001 + '"}', "application/json", 422, "text: give at most 20,000 characters"),
        ('{"text": "' + "x" * operations.MOST_BYTES + '"}', "application/json", 413, "Shorten"),
    ],
)
def test_a_body_that_cant_be_used_is_refused_in_words(
    program: Program, body: str, content_type: str, status: int, said: str
) -> None:
    headers = {"Authorization": f"Bearer {program.token}"}
    answer = program.client.post("/api/v1/conversations", data=body, content_type=content_type, headers=headers)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert said in (answer.json or {})["detail"]
    assert talks(program) == []


def test_a_message_of_the_most_characters_is_taken_however_it_is_escaped(program: Program) -> None:
    body = json.dumps({"text": "ä" * 20_000})
    headers = {"Authorization": f"Bearer {program.token}"}
    answer = program.client.post("/api/v1/conversations", data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 201


def test_every_answer_says_how_often_one_may_still_ask(program: Program) -> None:
    first, second = program.get("/whoami"), program.get("/whoami")
    assert first.headers["RateLimit-Policy"] == '"calls";q=600;w=60'
    assert first.headers["RateLimit"].startswith('"calls";r=599;t=')
    assert second.headers["RateLimit"].startswith('"calls";r=598;t=')
    assert program.get("/conversations/999").headers["RateLimit"].startswith('"calls";r=597;t=')


def test_over_the_limit_a_token_waits_and_others_do_not(
    app: Flask, portal: Portal, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(portal.library.current().site.limits, api_calls_per_minute=2)
    monkeypatch.setattr("portal.web.programs.site", lambda: replace(portal.library.current().site, limits=few))
    assert [program.get("/whoami").status_code for _ in range(3)] == [200, 200, 429]
    late = program.get("/whoami")
    assert 0 < int(late.headers["Retry-After"]) <= 60
    assert late.headers["RateLimit"].startswith('"calls";r=0;t=')
    assert late.mimetype == "application/problem+json"
    assert a_program(app, portal).get("/whoami").status_code == 200


def test_trying_tokens_is_counted_for_the_address(app: Flask, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(portal.library.current().site.limits, api_calls_per_minute=3)
    monkeypatch.setattr("portal.web.programs.site", lambda: replace(portal.library.current().site, limits=few))
    client = app.test_client(use_cookies=False)
    tried = [Program(client, f"garbage-{n}").get("/whoami").status_code for n in range(5)]
    assert tried == [401, 401, 401, 429, 429]


def test_while_the_database_is_away_programs_are_told_so(app: Flask, portal: Portal, program: Program) -> None:
    away = create_app(replace(portal, database=type(portal.database)("sqlite:////nowhere/x.sqlite")))
    lost = replace(program, client=away.test_client(use_cookies=False))
    answer = lost.post("/conversations", TEA)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert away.test_client().get("/api/v1/search?q=password").status_code == 200


def test_a_writer_works_on_gaps_from_the_first_to_the_last_verb(portal: Portal, program: Program, gap: int) -> None:
    assert program.user
    owner = program.user.id
    assert (program.post(f"/gaps/{gap}/acceptance").json or {})["state"] == "accepted"
    given = program.post(f"/gaps/{gap}/assignment", {"owner": owner}).json or {}
    assert (given["state"], given["owner"]) == ("assigned", {"id": owner, "name": "Writer"})
    assert program.post(f"/gaps/{gap}/dismissal", {"because": "Not ours."}).status_code == 200
    assert (program.post(f"/gaps/{gap}/reopening").json or {})["state"] == "suggested"
    assert program.post(f"/gaps/{gap}/assignment", {"owner": 9999}).status_code == 404
    listed = program.get("/gaps?state=suggested").json or {}
    assert [one["id"] for one in listed["gaps"]] == [gap]
    assert program.get("/gaps?state=closed").json == {"gaps": [], "next_cursor": None}


def test_gaps_go_out_as_a_table_that_harms_no_spreadsheet(portal: Portal, program: Program) -> None:
    with portal.database.session() as session, transaction(session):
        a_gap(session, title="=HYPERLINK(1)", state=State.ACCEPTED)
    answer = program.get("/gaps.csv?state=accepted")
    assert answer.mimetype == "text/csv"
    assert "'=HYPERLINK(1)" in answer.text


def test_an_agent_reads_gaps_and_may_not_change_them(app: Flask, portal: Portal, gap: int) -> None:
    agent = a_program(app, portal, role=Role.AGENT)
    assert agent.get(f"/gaps/{gap}").status_code == 200
    assert agent.post(f"/gaps/{gap}/acceptance").status_code == 403
    assert Scope.GAPS_WRITE.least is Role.WRITER
