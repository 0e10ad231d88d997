"""Files by the API: sent ahead, told by their content, named by a message, fetched again."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from portal import clock, forgetting
from portal.bootstrap import Portal
from portal.conversations.attachments import MEGABYTE
from portal.people.models import Role
from portal.programs import uploads as store
from portal.web.api import uploads
from portal.web.context import site
from tests.web.api_program import Program, a_program
from tests.web.conftest import IMAGE

TEA = {"text": "The tea has a white film.", "name": "Ada", "address": "ada@example.com"}
Json = dict[str, Any]


@pytest.fixture
def program(app: Flask, portal: Portal) -> Program:
    return a_program(app, portal)


@pytest.fixture
def strict(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of one megabyte, two with a message."""
    with app.app_context():
        here = site()
    few = replace(here, contact=replace(here.contact, attachment_megabytes=1, attachments=2))
    monkeypatch.setattr("portal.web.api.uploads.site", lambda: few)


def sent(program: Program, content: bytes = IMAGE, name: str = "kettle.png") -> str:
    answer = program.upload(content, name)
    assert answer.status_code == 201, answer.text
    uid: str = (answer.json or {})["id"]
    return uid


def files_of(program: Program, number: int) -> list[Json]:
    said = (program.get(f"/conversations/{number}").json or {})["messages"]
    return [file for one in said for file in one["files"]]


def test_a_file_goes_along_with_a_conversation_a_message_and_a_reply(program: Program) -> None:
    made = program.post("/conversations", TEA | {"files": [sent(program)]}).json or {}
    number = made["id"]
    assert [(one["name"], one["media_type"]) for one in made["messages"][0]["files"]] == [("kettle.png", "image/png")]
    word = program.post(
        f"/conversations/{number}/messages", {"text": "Look", "files": [sent(program, b"text", "a.txt")]}
    )
    assert [one["name"] for one in (word.json or {})["files"]] == ["a.txt"]
    reply = program.post(
        f"/conversations/{number}/replies", {"text": "See.", "files": [sent(program, b"%PDF-1.7 x", "how.pdf")]}
    )
    assert [one["name"] for one in (reply.json or {})["files"]] == ["how.pdf"]
    urls = [one["url"].removeprefix("/api/v1") for one in files_of(program, number)]
    assert [program.get(url).data for url in urls] == [IMAGE, b"text", b"%PDF-1.7 x"]
    assert (program.get("/uploads").json or {})["uploads"] == []


def test_what_a_file_is_is_told_by_its_content_and_its_name_is_made_safe(program: Program) -> None:
    told = program.upload(b"<script>alert(1)</script>", "../../photo.png").json or {}
    assert told["name"] == "photo.png"
    assert told["media_type"] != "image/png"
    assert told["size_bytes"] == len(b"<script>alert(1)</script>")


def test_each_upload_is_named_once(program: Program) -> None:
    uid = sent(program)
    assert program.post("/conversations", TEA | {"files": [uid]}).status_code == 201
    again = program.post("/conversations", TEA | {"files": [uid]})
    assert again.status_code == 404
    assert uid in (again.json or {})["detail"]
    assert len((program.get("/conversations").json or {})["conversations"]) == 1


def test_a_message_that_is_refused_leaves_its_files_to_be_named_again(program: Program) -> None:
    number = (program.post("/conversations", TEA).json or {})["id"]
    uid = sent(program)
    late = program.post(f"/conversations/{number}/replies", {"text": "Late", "version": 99, "files": [uid]})
    assert late.status_code == 409
    assert program.post(f"/conversations/{number}/replies", {"text": "Now", "files": [uid]}).status_code == 201


def test_a_message_with_files_sent_twice_under_one_key_is_one(program: Program) -> None:
    body = TEA | {"files": [sent(program)]}
    first = program.post("/conversations", body, Idempotency_Key="k-1")
    again = program.post("/conversations", body, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data


def test_the_same_file_sent_twice_under_one_key_is_one_upload(program: Program) -> None:
    first, again = (program.upload(IMAGE, Idempotency_Key="k-1").json or {} for _ in range(2))
    assert first["id"] == again["id"]
    assert len((program.get("/uploads").json or {})["uploads"]) == 1
    assert program.upload(IMAGE, "other.png", Idempotency_Key="k-1").status_code == 422


def test_another_accounts_uploads_are_not_there(app: Flask, portal: Portal, program: Program) -> None:
    other = a_program(app, portal, email="bo@acme.example")
    uid = sent(program)
    assert (other.get("/uploads").json or {})["uploads"] == []
    assert other.post("/conversations", TEA | {"files": [uid]}).status_code == 404
    assert other.send("DELETE", f"/uploads/{uid}").status_code == 204
    assert program.post("/conversations", TEA | {"files": [uid]}).status_code == 201


@pytest.mark.usefixtures("strict")
def test_what_is_too_large_is_413_in_a_problem_document(program: Program) -> None:
    answer = program.upload(b"x" * (MEGABYTE + 1))
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
    assert "too large" in (answer.json or {})["detail"]
    assert program.upload(b"x" * MEGABYTE).status_code == 201


@pytest.mark.usefixtures("strict")
def test_more_files_than_a_message_may_have_are_refused_in_words(program: Program) -> None:
    uids = [sent(program, b"x", f"{n}.txt") for n in range(3)]
    answer = program.post("/conversations", TEA | {"files": uids})
    assert answer.status_code == 422
    assert "2 can go with one message" in (answer.json or {})["detail"]


@pytest.mark.usefixtures("strict")
def test_files_that_nobody_names_come_to_an_end(program: Program) -> None:
    uids = [sent(program, b"x") for _ in range(2 * uploads.MESSAGES)]
    full = program.upload(b"x")
    assert full.status_code == 409
    assert "wait for a message" in (full.json or {})["detail"]
    assert program.send("DELETE", f"/uploads/{uids[0]}").status_code == 204
    assert program.upload(b"x").status_code == 201


def test_after_a_day_they_are_forgotten_by_the_same_job_as_keys(portal: Portal, program: Program) -> None:
    sent(program)
    forgetting.expire(portal, at=clock.now() + store.KEPT / 2)
    assert len((program.get("/uploads").json or {})["uploads"]) == 1
    forgetting.expire(portal, at=clock.now() + store.KEPT)
    assert (program.get("/uploads").json or {})["uploads"] == []


@pytest.mark.parametrize(
    ("body", "content_type", "query", "status", "said"),
    [
        (b"", "application/octet-stream", "name=a", 422, "The body is empty"),
        (b"x", "application/octet-stream", "", 422, "name: is missing"),
        (b"x", "multipart/form-data; boundary=x", "name=a", 415, "application/octet-stream"),
        (b"x", "application/json", "name=a", 415, "application/octet-stream"),
    ],
)
def test_what_is_no_file_is_refused_in_words(
    program: Program, body: bytes, content_type: str, query: str, status: int, said: str
) -> None:
    answer = program.send("POST", f"/uploads?{query}", body, Content_Type=content_type)
    assert answer.status_code == status
    assert said in (answer.json or {})["detail"]


def test_files_are_taken_nowhere_where_the_company_takes_none(
    app: Flask, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        here = site()
    none = replace(here, contact=replace(here.contact, has_attachments=False))
    monkeypatch.setattr("portal.web.api.uploads.site", lambda: none)
    answer = program.upload(IMAGE)
    assert answer.status_code == 422
    assert "can't be attached" in (answer.json or {})["detail"]


def test_a_file_of_a_draft_is_its_authors_alone(app: Flask, portal: Portal, program: Program) -> None:
    number = (program.post("/conversations", TEA).json or {})["id"]
    reply = program.post(f"/conversations/{number}/replies", {"text": "See.", "files": [sent(program)]}).json or {}
    url = reply["files"][0]["url"].removeprefix("/api/v1")
    other = a_program(app, portal, role=Role.LEAD)
    assert other.get(url).status_code == 200
    assert program.send("DELETE", f"/conversations/{number}/replies/{reply['id']}").status_code == 200
    assert (other.get(url).status_code, program.get(url).status_code) == (404, 200)
    again = program.post(f"/conversations/{number}/replies", {"text": "See it.", "draft": reply["id"]}).json or {}
    assert (again["id"], [one["name"] for one in again["files"]]) == (reply["id"], ["kettle.png"])
