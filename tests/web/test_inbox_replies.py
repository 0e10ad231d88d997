"""Answering: what stands in the box, undo, two agents at once, files, and saved replies."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs

import pytest
from flask import Flask

from portal import clock
from portal.bootstrap import Portal
from portal.conversations import attachments, intake, saved
from portal.conversations.models import Kind, Message, Standing
from portal.db import transaction
from portal.people.models import Role
from tests.conversations.cast import uid
from tests.web.desk_visitors import Somebody, signed_in
from tests.web.inbox_visitors import LIST, act, begin, box, conversation, form_of, open_page, said, send, words

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Later = Callable[[float], None]
FILE = ("log.txt", b"one line of a log")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """A clock that stands still until it is moved on, by seconds."""
    moment = [NOW]
    monkeypatch.setattr(clock, "now", lambda: moment[0])

    def move(seconds: float) -> None:
        moment[0] += timedelta(seconds=seconds)

    return move


@pytest.fixture
def bo(app: Flask, portal: Portal, later: Later) -> Somebody:
    """An agent."""
    return signed_in(app, portal, Role.AGENT, "bo@acme.example")


@pytest.fixture
def cleo(app: Flask, portal: Portal, later: Later) -> Somebody:
    """Another one."""
    return signed_in(app, portal, Role.AGENT, "cleo@acme.example")


def customer_writes(portal: Portal, number: int, text: str) -> None:
    with portal.database.session() as session, transaction(session):
        found = intake.find(session, conversation(portal, number).uid)
        assert found
        intake.customer_writes(session, found, uid=uid(), text=text, at=clock.now())


def files_of(portal: Portal, message: Message) -> list[str]:
    with portal.database.session() as session:
        return [one.name for one in attachments.of_messages(session, [message.id])[message.id]]


def save(portal: Portal, bo: Somebody, text: str, lang: str | None = None, name: str = "Bills") -> int:
    with portal.database.session() as session, transaction(session):
        return saved.add(session, name=name, lang=lang, text=text, by=bo.user, at=clock.now()).id


@pytest.mark.parametrize(
    ("lang", "name", "greeting"),
    [("en", "Ada", "Hello Ada,"), ("de-AT", "Ada", "Guten Tag Ada,"), ("fr", "", "Hello,"), ("de", "", "Guten Tag,")],
)
def test_the_box_greets_in_the_customers_language(
    portal: Portal, bo: Somebody, lang: str, name: str, greeting: str
) -> None:
    page = open_page(bo, begin(portal, lang=lang, name=name))
    assert box(page) == f"{greeting}\n\n"
    assert f'data-lang="{lang}"' in page.text


def test_a_reply_stands_in_the_thread_with_its_undo(portal: Portal, bo: Somebody, cleo: Somebody) -> None:
    number = begin(portal)
    answer = send(bo, open_page(bo, number), number, "Hello Ada,\n\nunder Billing.")
    (sent,) = said(portal, number, Kind.REPLY)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LIST}/{number}#m-{sent.uid}")
    assert "under Billing. Goes out 10 seconds after it was sent. Undo" in words(open_page(bo, number))
    assert "Undo" not in words(open_page(cleo, number))
    assert conversation(portal, number).standing is Standing.WAITING


def test_send_and_close_closes(portal: Portal, bo: Somebody) -> None:
    number = begin(portal)
    send(bo, open_page(bo, number), number, "Done.", closes="yes")
    assert conversation(portal, number).standing is Standing.CLOSED


def test_taken_back_the_text_is_in_the_box_again_with_its_files(portal: Portal, bo: Somebody, later: Later) -> None:
    number = begin(portal)
    text = "Hello Ada,\n\nsee https://help.acme.example/a/pw-1?via=abcdefghij"
    send(bo, open_page(bo, number), number, text, FILE)
    (sent,) = said(portal, number, Kind.REPLY)
    later(9)
    page = open_page(bo, number)
    back = act(bo, page, number, f"replies/{sent.uid}/withdrawal")
    assert back.status_code == 303
    page = open_page(bo, number)
    assert box(page) == text
    assert "log.txt" in words(page)
    assert (conversation(portal, number).standing, said(portal, number, Kind.REPLY)) == (Standing.NEW, [])
    later(60)
    (draft,) = said(portal, number, Kind.DRAFT)
    (kept,) = re.findall(r'name="kept" value="(\w+)" checked', page.text)
    send(bo, page, number, "Better.", kept=kept)
    (again,) = said(portal, number, Kind.REPLY)
    assert (again.uid, again.text, files_of(portal, again)) == (draft.uid, "Better.", ["log.txt"])


def test_a_file_that_is_not_ticked_any_more_stays_behind(portal: Portal, bo: Somebody) -> None:
    number = begin(portal)
    send(bo, open_page(bo, number), number, "With a file.", FILE)
    (sent,) = said(portal, number, Kind.REPLY)
    act(bo, open_page(bo, number), number, f"replies/{sent.uid}/withdrawal")
    send(bo, open_page(bo, number), number, "Without one.")
    (again,) = said(portal, number, Kind.REPLY)
    assert files_of(portal, again) == []


def test_after_it_went_it_can_not_be_taken_back(portal: Portal, bo: Somebody, later: Later) -> None:
    number = begin(portal)
    send(bo, open_page(bo, number), number, "Under Billing.")
    (sent,) = said(portal, number, Kind.REPLY)
    page = open_page(bo, number)
    later(10)
    answer = act(bo, page, number, f"replies/{sent.uid}/withdrawal")
    assert (answer.status_code, "gone out already" in words(answer)) == (409, True)
    assert "Undo" not in words(open_page(bo, number))
    assert len(said(portal, number, Kind.REPLY)) == 1


def test_without_a_mail_server_a_reply_that_went_can_be_sent_by_hand(
    portal: Portal, bo: Somebody, later: Later
) -> None:
    number = begin(portal, address="ada@acme.example")
    send(bo, open_page(bo, number), number, "Look under Billing & more.")
    assert "mailto:" not in open_page(bo, number).text  # it can still be taken back
    later(11)
    (link,) = re.findall(r'href="(mailto:[^"]+)"', open_page(bo, number).text)
    address, _, told = unescape(link).removeprefix("mailto:").partition("?")
    fields = parse_qs(told)
    assert address == "ada@acme.example"
    assert fields["subject"] == [f"Re: {conversation(portal, number).subject}"]
    assert "Look under Billing & more." in fields["body"][0]
    assert f"/conversations/{conversation(portal, number).uid}-" in fields["body"][0]


def test_nobody_else_takes_it_back(portal: Portal, bo: Somebody, cleo: Somebody) -> None:
    number = begin(portal)
    send(bo, open_page(bo, number), number, "Under Billing.")
    (sent,) = said(portal, number, Kind.REPLY)
    token = form_of(open_page(cleo, number), f"{LIST}/{number}/closing")["csrf"]
    answer = cleo.client.post(f"{LIST}/{number}/replies/{sent.uid}/withdrawal", data={"csrf": token})
    assert (answer.status_code, len(said(portal, number, Kind.REPLY))) == (404, 1)


def test_of_two_agents_the_second_sees_the_firsts_reply_before_sending(
    portal: Portal, bo: Somebody, cleo: Somebody, later: Later
) -> None:
    number = begin(portal)
    bos, cleos = open_page(bo, number), open_page(cleo, number)
    send(cleo, cleos, number, "Cleo's answer.")
    later(60)
    refused = send(bo, bos, number, "Bo's answer.", FILE)
    assert refused.status_code == 409
    told = words(refused)
    assert "Cleo answered 1 minute ago." in told
    assert "Cleo's answer." in told.partition("New since you began to write")[2]
    assert told.count("New since you began to write") == 1
    assert box(refused) == "Bo's answer."
    assert "Send it anyway" in told
    assert [one.text for one in said(portal, number, Kind.REPLY)] == ["Cleo's answer."]
    (kept,) = re.findall(r'name="kept" value="(\w+)" checked', refused.text)
    assert send(bo, refused, number, "Bo's answer, too.", kept=kept).status_code == 303
    mine = said(portal, number, Kind.REPLY)[-1]
    assert (mine.text, files_of(portal, mine)) == ("Bo's answer, too.", ["log.txt"])


def test_what_the_customer_wrote_meanwhile_is_seen_first(portal: Portal, bo: Somebody, later: Later) -> None:
    number = begin(portal)
    page = open_page(bo, number)
    later(30)
    customer_writes(portal, number, "I found it, thank you.")
    refused = send(bo, page, number, "It is under Billing.")
    assert (refused.status_code, "The customer wrote just now." in words(refused)) == (409, True)
    assert "I found it, thank you." in words(refused).partition("New since you began to write")[2]
    assert said(portal, number, Kind.REPLY) == []


def test_what_could_not_be_sent_is_there_when_one_comes_back(portal: Portal, bo: Somebody, cleo: Somebody) -> None:
    number = begin(portal)
    page = open_page(bo, number)
    act(cleo, open_page(cleo, number), number, "notes", text="Wait.")
    refused = send(bo, page, number, "Half an answer.")
    assert refused.status_code == 409
    assert box(open_page(bo, number)) == "Half an answer."
    assert box(open_page(cleo, number)) == "Hello Ada,\n\n"
    (draft,) = said(portal, number, Kind.DRAFT)
    act(bo, open_page(bo, number), number, f"drafts/{draft.uid}/removal")
    assert box(open_page(bo, number)) == "Hello Ada,\n\n"


def test_of_a_merged_conversation_the_text_goes_along_to_the_other(
    portal: Portal, bo: Somebody, cleo: Somebody
) -> None:
    number, target = begin(portal), begin(portal)
    page = open_page(bo, number)
    act(cleo, open_page(cleo, number, f"?into={target}"), number, "merge")
    refused = send(bo, page, number, "My long answer.")
    assert (refused.status_code, box(refused)) == (409, "My long answer.")
    assert f"was merged into {target}" in words(refused)
    assert send(bo, refused, target, "My long answer.").status_code == 303


@pytest.mark.parametrize("text", ["Hello Ada,\n\n", "  Hello Ada, ", "", " \n"])
def test_a_reply_without_an_answer_is_refused(portal: Portal, bo: Somebody, text: str) -> None:
    number = begin(portal)
    assert send(bo, open_page(bo, number), number, text).status_code == 422
    assert said(portal, number, Kind.REPLY) == []


def test_with_too_many_files_nothing_is_sent_and_the_text_stays(portal: Portal, bo: Somebody) -> None:
    number = begin(portal)
    answer = send(bo, open_page(bo, number), number, "Here it is.", *(FILE for _ in range(6)))
    assert answer.status_code == 422
    assert "There are 6 files, and 5 can go with one message." in words(answer)
    assert "Choose the files again" in words(answer)
    assert (box(answer), said(portal, number, Kind.REPLY)) == ("Here it is.", [])


def test_a_form_sent_twice_is_one_reply(portal: Portal, bo: Somebody) -> None:
    number = begin(portal)
    page = open_page(bo, number)
    assert [send(bo, page, number, "Once.").status_code for _ in range(2)] == [303, 303]
    assert len(said(portal, number, Kind.REPLY)) == 1


def test_a_saved_reply_is_put_below_what_stands_in_the_box(portal: Portal, bo: Somebody) -> None:
    number = begin(portal)
    chosen = save(portal, bo, "Your request {number}, “{subject}”. {order}\n{agent}")
    page = send(bo, open_page(bo, number), number, "Hello Ada,\n\n", insert="yes", reply=str(chosen))
    assert page.status_code == 200
    assert box(page) == f"Hello Ada,\n\nYour request {number}, “Invoices of last year”. {{order}}\nBo\n"
    assert "{order} has no value here" in words(page)
    assert said(portal, number, Kind.REPLY) == []
    send(bo, page, number, box(page))
    with portal.database.session() as session:
        assert saved.get(session, chosen).used == 1


def test_only_saved_replies_in_the_customers_language_are_offered(portal: Portal, bo: Somebody) -> None:
    save(portal, bo, "x", "en", "English"), save(portal, bo, "x", "de", "Deutsch"), save(portal, bo, "x", None, "Both")
    offered = re.findall(r'<option value="\d+">(\w+)</option>', open_page(bo, begin(portal, lang="de")).text)
    assert [one for one in offered if one in {"English", "Deutsch", "Both"}] == ["Deutsch", "Both"]


def test_a_script_gets_a_saved_reply_filled_in(portal: Portal, bo: Somebody) -> None:
    number = begin(portal, name="")
    chosen = save(portal, bo, "{customer}: {link}")
    told = bo.get(f"{LIST}/{number}/saved/{chosen}").json
    assert told
    assert re.fullmatch(r"\{customer\}: \S+/en/conversations/[0-9a-f]{32}-[0-9a-f]{32}", told["text"])
    assert (told["missing"], "{customer} has no value here" in told["said"]) == (["customer"], True)
    assert bo.get(f"{LIST}/{number}/saved/999").status_code == 404
    assert bo.get(f"{LIST}/999/saved/{chosen}").status_code == 404
