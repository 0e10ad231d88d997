"""What the inbox can besides answering, by the API: merging, drafts, saved replies, counts, background."""

from typing import Any

import pytest
from flask import Flask

from portal.bootstrap import Portal
from portal.people.models import Role
from portal.programs.scopes import Scope
from tests.web.api_program import Program, a_program

TEA = {"text": "The tea has a white film.", "name": "Ada", "address": "ada@example.com"}
DESCALING = {"name": "Descaling", "lang": "en", "text": "Hello {customer}, see #{number}. {agent} {sender}"}
Json = dict[str, Any]


@pytest.fixture
def program(app: Flask, portal: Portal) -> Program:
    return a_program(app, portal)


def a_talk(program: Program, **more: str) -> Json:
    made: Json = program.post("/conversations", TEA | more).json or {}
    return made


def test_merging_moves_what_was_said_and_answers_with_the_other_one(program: Program) -> None:
    first, second = a_talk(program), a_talk(program, text="It is back.")
    merged = program.post(f"/conversations/{second['id']}/merge", {"into": first["id"], "version": 1})
    assert merged.status_code == 200
    assert (merged.json or {})["id"] == first["id"]
    said = [one["text"] for one in (merged.json or {})["messages"] if one["kind"] == "customer"]
    assert said == [TEA["text"], "It is back."]
    assert (program.get(f"/conversations/{second['id']}").json or {})["merged_into"] == first["id"]


def test_what_may_not_be_merged_is_a_conflict_in_words(program: Program) -> None:
    first, other = a_talk(program), a_talk(program, address="bo@example.com")
    path = f"/conversations/{first['id']}/merge"
    for into, said in ((other["id"], "not from the same address"), (first["id"], "into itself")):
        answer = program.post(path, {"into": into})
        assert answer.status_code == 409
        assert said in (answer.json or {})["detail"]
    assert program.post(path, {"into": 9999}).status_code == 404
    assert program.post(path, {"into": other["id"], "version": 9}).status_code == 409
    assert program.post(path, {"into": other["id"]}, If_Match='"9.0123456789abcdef"').status_code == 412


def test_what_was_taken_back_is_a_draft_to_be_sent_or_thrown_away(program: Program) -> None:
    number = a_talk(program)["id"]
    path = f"/conversations/{number}"
    assert program.get(f"{path}/draft").status_code == 404
    sent = program.post(f"{path}/replies", {"text": "Descale it."}).json or {}
    program.send("DELETE", f"{path}/replies/{sent['id']}")
    draft = program.get(f"{path}/draft").json or {}
    assert (draft["id"], draft["kind"], draft["text"]) == (sent["id"], "draft", "Descale it.")
    again = program.post(f"{path}/replies", {"text": "Descale it today.", "draft": draft["id"]})
    assert (again.status_code, (again.json or {})["id"]) == (201, draft["id"])
    assert program.get(f"{path}/draft").status_code == 404
    program.send("DELETE", f"{path}/replies/{sent['id']}")
    for _ in range(2):
        assert program.send("DELETE", f"{path}/drafts/{sent['id']}").status_code == 204
    assert program.get(f"{path}/draft").status_code == 404
    assert program.send("DELETE", f"/conversations/{2**31}/drafts/{sent['id']}").status_code == 404


def test_a_draft_is_its_authors_alone(app: Flask, portal: Portal, program: Program) -> None:
    other = a_program(app, portal, role=Role.LEAD)
    number = a_talk(program)["id"]
    path = f"/conversations/{number}"
    sent = program.post(f"{path}/replies", {"text": "Descale it."}).json or {}
    program.send("DELETE", f"{path}/replies/{sent['id']}")
    assert other.get(f"{path}/draft").status_code == 404
    assert other.send("DELETE", f"{path}/drafts/{sent['id']}").status_code == 204
    assert other.post(f"{path}/replies", {"text": "Mine", "draft": sent["id"]}).status_code == 404
    assert program.get(f"{path}/draft").status_code == 200


def test_saved_replies_are_kept_changed_listed_and_thrown_away(program: Program) -> None:
    made = program.post("/saved-replies", DESCALING)
    assert made.status_code == 201
    one = made.json or {}
    assert (one["unknown"], one["used"], one["changed_by"]) == (["sender"], 0, "Writer")
    assert program.post("/saved-replies", DESCALING).status_code == 409
    everywhere = program.post("/saved-replies", {"name": "Thanks", "text": "Thank you."}).json or {}
    assert everywhere["lang"] is None
    listed = program.get("/saved-replies?limit=1").json or {}
    assert [each["name"] for each in listed["saved_replies"]] == ["Descaling"]
    rest = program.get(f"/saved-replies?limit=1&cursor={listed['next_cursor']}").json or {}
    assert ([each["name"] for each in rest["saved_replies"]], rest["next_cursor"]) == (["Thanks"], None)
    german = program.get("/saved-replies?lang=de").json or {}
    assert [each["name"] for each in german["saved_replies"]] == ["Thanks"]
    found = program.get("/saved-replies?q=hello").json or {}
    assert [each["name"] for each in found["saved_replies"]] == ["Descaling"]
    path = f"/saved-replies/{one['id']}"
    assert (program.send("PUT", path, {"name": "Film", "text": "Descale it."}).json or {})["lang"] is None
    assert (program.get(path).json or {})["name"] == "Film"
    assert program.send("PUT", path, {"name": "Thanks", "text": "x"}).status_code == 409
    assert program.send("DELETE", path).status_code == 204
    assert (program.get(path).status_code, program.send("DELETE", path).status_code) == (404, 404)


def test_a_saved_reply_is_filled_in_for_a_conversation_and_counts_as_used_when_it_is_sent(program: Program) -> None:
    number = a_talk(program)["id"]
    saved = (program.post("/saved-replies", DESCALING).json or {})["id"]
    filled = program.get(f"/conversations/{number}/saved-replies/{saved}").json or {}
    assert filled == {"text": f"Hello Ada, see #{number}. Writer {{sender}}", "missing": ["sender"]}
    for _ in range(2):
        program.post(
            f"/conversations/{number}/replies", {"text": filled["text"], "saved": [saved]}, Idempotency_Key="k"
        )
    assert (program.get(f"/saved-replies/{saved}").json or {})["used"] == 1
    assert program.get(f"/conversations/{number}/saved-replies/999").status_code == 404
    assert program.get(f"/conversations/999/saved-replies/{saved}").status_code == 404


def test_who_may_only_read_is_shown_no_private_link(app: Flask, portal: Portal, program: Program) -> None:
    number = a_talk(program)["id"]
    saved = (program.post("/saved-replies", {"name": "Link", "text": "{link}"}).json or {})["id"]
    reader = a_program(app, portal, Scope.CONVERSATIONS_READ)
    assert "{link}" in reader.get(f"/saved-replies/{saved}").text
    assert reader.get(f"/conversations/{number}/saved-replies/{saved}").status_code == 403
    assert "/en/conversations/" in program.get(f"/conversations/{number}/saved-replies/{saved}").text


def test_the_views_are_counted(program: Program) -> None:
    made = [a_talk(program)["id"] for _ in range(3)]
    program.post(f"/conversations/{made[0]}/closing")
    assert program.get("/conversations/counts").json == {"new": 2, "mine": 0, "waiting": 0, "closed": 1, "all": 3}


def test_the_background_names_other_conversations_and_no_searches_without_consent(program: Program) -> None:
    first, second = a_talk(program), a_talk(program, text="It is back.")
    told = program.get(f"/conversations/{second['id']}/background").json
    assert told == {"searches": [], "others": [first["id"]]}
    assert program.get("/conversations/9999/background").status_code == 404


def test_an_answer_is_kept_in_the_transaction_of_what_it_tells(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        message = "the process was killed"
        raise RuntimeError(message)

    with monkeypatch.context() as broken:
        broken.setattr("portal.web.api.writing.idempotency.settle", gone)
        assert program.post("/conversations", TEA, Idempotency_Key="k-1").status_code == 500
    assert (program.get("/conversations").json or {})["conversations"] == []
    assert program.post("/conversations", TEA, Idempotency_Key="k-1").status_code == 201
    assert len((program.get("/conversations").json or {})["conversations"]) == 1
