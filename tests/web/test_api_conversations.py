"""Conversations, links, votes, requests, flags, matches and measures by the API: as the pages do it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.conversations import attachments, store
from portal.conversations.attachments import Upload
from portal.db import transaction
from portal.events.kinds import Requested
from portal.feedback import votes
from portal.people.models import Role
from portal.programs.tokens import Scope
from portal.visits import totals
from tests.web.api_program import Program, a_program
from tests.web.conftest import IMAGE, PASSWORD, SECRET, Recorded

TEA = {"text": "The tea has a white film since today.", "name": "Ada", "address": "Ada@EXAMPLE.com", "lang": "en"}
Json = dict[str, Any]


@pytest.fixture
def program(app: Flask, portal: Portal) -> Program:
    return a_program(app, portal)


def a_talk(program: Program, **more: str) -> Json:
    answer = program.post("/conversations", TEA | more)
    assert answer.status_code == 201
    made: Json = answer.json or {}
    return made


def test_what_a_customer_wrote_elsewhere_becomes_a_conversation(program: Program) -> None:
    made = a_talk(program)
    assert (made["entry"], made["standing"], made["subject"]) == ("api", "new", "The tea has a white film since today.")
    assert made["address"] == "Ada@example.com"
    assert [(one["kind"], one["text"]) for one in made["messages"]] == [("customer", TEA["text"])]
    assert program.get(f"/conversations/{made['id']}").json == made


def test_a_reply_is_by_the_tokens_account_and_can_be_taken_back_before_it_goes(program: Program) -> None:
    number = a_talk(program)["id"]
    sent = program.post(f"/conversations/{number}/replies", {"text": "Descale the kettle.", "version": 1}).json or {}
    assert (sent["kind"], sent["author"]["name"]) == ("reply", "Writer")
    assert datetime.fromisoformat(sent["send_at"]) > clock.now()
    assert (program.get(f"/conversations/{number}").json or {})["standing"] == "waiting"
    back = program.send("DELETE", f"/conversations/{number}/replies/{sent['id']}")
    assert back.status_code == 200
    assert (program.get(f"/conversations/{number}").json or {})["standing"] == "new"


def test_two_that_answer_at_once_are_told_of_each_other(app: Flask, portal: Portal, program: Program) -> None:
    other = a_program(app, portal, email="bo@acme.example")
    talk = a_talk(program)
    path = f"/conversations/{talk['id']}/replies"
    assert program.post(path, {"text": "Descale it.", "version": talk["version"]}).status_code == 201
    late = other.post(path, {"text": "Use vinegar.", "version": talk["version"]})
    assert late.status_code == 409
    assert "Writer answered" in (late.json or {})["detail"]
    tag = program.get(f"/conversations/{talk['id']}").headers["ETag"]
    assert other.post(path, {"text": "Use vinegar."}, If_Match=tag).status_code == 201
    assert other.post(path, {"text": "Or lemon."}, If_Match=tag).status_code == 412


def test_a_reply_sent_twice_under_one_key_is_one(program: Program) -> None:
    number = a_talk(program)["id"]
    for _ in range(2):
        program.post(f"/conversations/{number}/replies", {"text": "Descale it."}, Idempotency_Key="r-1")
    kinds = [one["kind"] for one in (program.get(f"/conversations/{number}").json or {})["messages"]]
    assert kinds.count("reply") == 1


def test_notes_assigning_closing_and_opening_again(program: Program) -> None:
    number = a_talk(program)["id"]
    assert program.user
    noted = program.post(f"/conversations/{number}/notes", {"text": "Hard water there."})
    assert noted.status_code == 201
    assert [one["kind"] for one in (noted.json or {})["messages"]] == ["customer", "note"]
    given = program.post(f"/conversations/{number}/assignment", {"assignee": program.user.id}).json or {}
    assert given["assignee"] == {"id": program.user.id, "name": "Writer"}
    assert (program.post(f"/conversations/{number}/closing").json or {})["standing"] == "closed"
    assert (program.post(f"/conversations/{number}/reopening").json or {})["standing"] == "new"
    assert program.post(f"/conversations/{number}/assignment", {"assignee": None}).status_code == 200
    assert program.post(f"/conversations/{number}/assignment", {"assignee": 999}).status_code == 404


def test_a_customers_next_word_opens_what_was_closed(program: Program) -> None:
    number = a_talk(program)["id"]
    program.post(f"/conversations/{number}/closing")
    said = program.post(f"/conversations/{number}/messages", {"text": "It is back."})
    assert (said.status_code, (said.json or {})["kind"]) == (201, "customer")
    assert (program.get(f"/conversations/{number}").json or {})["standing"] != "closed"


def test_views_and_words_narrow_the_list(program: Program) -> None:
    tea, jam = a_talk(program), a_talk(program, text="The jam jar is stuck.")
    program.post(f"/conversations/{tea['id']}/closing")

    def listed(asked: str) -> list[int]:
        return [one["id"] for one in (program.get(f"/conversations?{asked}").json or {})["conversations"]]

    assert listed("view=closed") == [tea["id"]]
    assert listed("view=new") == [jam["id"]]
    assert listed("q=jam") == [jam["id"]]
    assert listed("q=%00") in ([], [jam["id"], tea["id"]], [tea["id"], jam["id"]])
    assert program.get("/conversations?view=theirs").status_code == 422


def test_a_file_is_fetched_with_the_token_and_never_shown_in_a_page(portal: Portal, program: Program) -> None:
    number = a_talk(program)["id"]
    with portal.database.session() as session, transaction(session):
        first = store.messages(session, number)[0]
        attachments.keep(session, first, (Upload("<img>.png", IMAGE),), at=clock.now())
    [file] = (program.get(f"/conversations/{number}").json or {})["messages"][0]["files"]
    assert (file["media_type"], file["size_bytes"]) == ("image/png", len(IMAGE))
    fetched = program.get(file["url"].removeprefix("/api/v1"))
    assert fetched.data == IMAGE
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.mimetype == "application/octet-stream"
    assert Program(program.client).get(file["url"].removeprefix("/api/v1")).status_code == 401


def test_a_conversation_that_is_not_there_is_404_for_every_verb(program: Program) -> None:
    assert program.get("/conversations/999").status_code == 404
    for verb, body in (("messages", TEA), ("replies", TEA), ("notes", TEA), ("closing", {}), ("reopening", {})):
        sent = {"text": "x"} if body else {}
        assert program.post(f"/conversations/999/{verb}", sent).status_code == 404, verb


def test_a_link_is_made_sent_and_its_record_read(program: Program, client: FlaskClient) -> None:
    number = a_talk(program)["id"]
    made = program.post("/links", {"article": PASSWORD, "anchor": "by-e-mail", "conversation": number})
    link = made.json or {}
    assert (made.status_code, link["title"], link["sent_at"]) == (201, "Reset your password", None)
    assert link["url"].endswith(link["path"])
    program.post(f"/conversations/{number}/replies", {"text": f"Look here: {link['url']}"})
    assert (program.get(f"/links/{link['token']}").json or {})["sent_at"]
    assert client.get(link["path"]).location.startswith("/en/articles/accounts/reset-your-password")
    assert (program.get(f"/articles/{PASSWORD}/links").json or {})["sent"] == 1


def test_a_link_leads_to_no_article_that_the_token_may_not_read(app: Flask, portal: Portal) -> None:
    maker = a_program(app, portal, *(set(Scope) - {Scope.ARTICLES_READ}))
    assert maker.post("/links", {"article": SECRET}).status_code == 404
    assert maker.post("/links", {"article": "nowhere"}).status_code == 404
    assert maker.post("/links", {"article": PASSWORD, "conversation": 999}).status_code == 404


def test_a_vote_is_one_for_a_reader_and_can_be_taken_back(portal: Portal, program: Program) -> None:
    path = f"/articles/{PASSWORD}/votes/reader-1"
    assert program.get(path).status_code == 404
    for is_helpful in (True, False, False):
        assert program.send("PUT", path, {"is_helpful": is_helpful}).status_code == 200
    said = program.send("PUT", path, {"is_helpful": False, "reason": "unclear", "comment": "Which button?"}).json or {}
    assert (said["reason"], said["comment"]) == ("unclear", "Which button?")
    assert program.get(path).json == said
    with portal.database.session() as session:
        assert votes.tally(session, [PASSWORD])[PASSWORD].unhelpful == 1
    for _ in range(2):
        assert program.send("DELETE", path).status_code == 204
    with portal.database.session() as session:
        assert votes.tally(session, [PASSWORD])[PASSWORD].total == 0


def test_readers_of_two_accounts_are_two(app: Flask, portal: Portal, program: Program) -> None:
    other = a_program(app, portal, email="bo@acme.example")
    for one in (program, other):
        one.send("PUT", f"/articles/{PASSWORD}/votes/reader-1", {"is_helpful": True})
    with portal.database.session() as session:
        assert votes.tally(session, [PASSWORD])[PASSWORD].helpful == 2


def test_what_somebody_was_looking_for_is_kept_without_what_is_personal(program: Program, recorded: Recorded) -> None:
    body = {"text": "Tea tastes of metal, write to ada@example.com", "visitor": "v-1", "address": "ada@example.com"}
    kept = program.post("/requests", body)
    assert kept.status_code == 201
    assert "ada@example.com" not in (kept.json or {})["text"]
    assert (kept.json or {})["will_hear"] is False
    program.post("/requests", {"text": "Tea tastes of iron", "visitor": "v-1"})
    program.post("/requests", {"text": "Tea tastes of tin", "visitor": "v-2"})
    asked = [event for event in recorded() if isinstance(event, Requested)]
    assert len(asked) == 3
    assert len({event.visitor for event in asked}) == 2
    assert "v-1" not in str(asked)


def test_an_address_is_kept_where_a_mail_can_be_sent(portal: Portal) -> None:
    posting = replace(portal, settings=replace(portal.settings, smtp_url="smtp://127.0.0.1:1"))
    program = a_program(create_app(posting), portal)
    kept = program.post("/requests", {"text": "Tea tastes of metal", "address": "o'brien+tea@münchen.example"})
    assert (kept.json or {})["will_hear"] is True


def test_a_flag_waits_for_the_articles_writer(program: Program) -> None:
    body = {"fault": "out_of_date", "text": "Names the old button."}
    for _ in range(2):
        made = program.post(f"/articles/{PASSWORD}/flags", body, Idempotency_Key="f-1")
        assert made.status_code == 201
    waiting = (program.get(f"/articles/{PASSWORD}/flags").json or {})["flags"]
    assert [(one["fault"], one["by"]) for one in waiting] == [("out_of_date", "Writer")]


def test_a_message_is_matched_with_articles_and_nothing_of_it_is_kept(program: Program, recorded: Recorded) -> None:
    message = "Hello, I forgot my password and can't find the e-mail with the link. What can I do now? Ada"
    found = (program.post("/match", {"text": message, "limit": 3}).json or {})["suggestions"]
    assert found[0]["article"] == PASSWORD
    assert found[0]["short_url"].startswith(f"/a/{PASSWORD}")
    assert found[0]["record"] == {"sent": 0, "opened": 0, "helpful": 0, "unhelpful": 0, "came_back": 0}
    assert recorded() == []
    public = Program(program.client).post("/match", {"text": message}).json or {}
    assert public["suggestions"][0]["record"] is None


def test_a_match_offers_the_public_nothing_of_staffs(program: Program) -> None:
    asked = {"text": "quokkacanary canary procedure for everybody here"}
    assert SECRET in program.post("/match", asked).text
    assert SECRET not in Program(program.client).post("/match", asked).text
    [mine] = [one for one in (program.post("/match", asked).json or {})["suggestions"] if one["article"] == SECRET]
    assert mine["is_readable"] is False


def test_measures_are_counts_of_n_with_their_formula(portal: Portal, program: Program) -> None:
    today = clock.now().date()
    rows = [(today, "en", "self_service", 10, 7), (today, "de", "self_service", 10, 3),
            (today, "en", "outcome_confirmed", 5, 5)]  # fmt: skip
    with portal.database.session() as session, transaction(session):
        totals.write(session, totals.Day(today, rows, []))
    said = program.get("/measures?days=7").json or {}
    figure = next(one for one in said["measures"] if one["name"] == "self_service")
    assert (figure["n"], figure["count"], figure["rate"]) == (20, 10, 0.5)
    assert 0.29 < figure["low"] < 0.31
    assert "needs whose outcome is known" in figure["formula"]
    assert said["outcomes"] == {"confirmed": 5}
    english = program.get("/measures/self_service?days=2&lang=en").json or {}
    assert [one["rate"] for one in english["days"]] == [None, 0.7]
    assert program.get("/measures/nothing").status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("days=0", "days: give a whole number from 1 to 400"),
        ("days=401", "days: give a whole number from 1 to 400"),
        ("until=0", "until: give a day such as 2026-11-22"),
        ("until=2026-13-01", "until: "),
    ],
)
def test_days_that_cant_be_used_are_named(program: Program, asked: str, said: str) -> None:
    answer = program.get(f"/measures?{asked}")
    assert answer.status_code == 422
    assert said in (answer.json or {})["detail"]


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_calm_answers(program: Program, until: str) -> None:
    assert program.get(f"/measures/people?days=400&until={until}").status_code == 200


def test_staff_are_listed_to_be_given_things(app: Flask, portal: Portal) -> None:
    agent = a_program(app, portal, role=Role.AGENT)
    listed = (agent.get("/people").json or {})["people"]
    assert [one["name"] for one in listed] == ["Agent"]
    assert all(set(one) == {"id", "name"} for one in listed)


def test_moments_are_told_with_their_zone(program: Program) -> None:
    made = a_talk(program)
    moment = datetime.fromisoformat(made["created_at"])
    assert moment.utcoffset() == timedelta(0)
    assert abs(moment - datetime.now(UTC)) < timedelta(minutes=5)
