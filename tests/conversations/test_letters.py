"""Letters of a conversation: short, in the customer's language, with the thread's headers; never more than one mail."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.conversations.keys import private_path
from portal.conversations.letters import MOST_QUOTED, House, news_letter, receipt, refusal, reply_letter
from portal.conversations.message_ids import is_news, message_id_of, news_id, receipt_id, uid_in
from portal.conversations.models import Conversation, Entry, Kind, Message, Standing
from portal.outbox.mail import HEADERS
from portal.outbox.parcel import Message as Letter

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
HOUSE = House(
    name="Acme help", base="https://help.example.com", secret=b"s", mail_from="Acme <help@example.com>", takes_mail=True
)
UID = "c" * 32


def _conversation(lang: str = "en", name: str = "Ada", subject: str = "Wrong invoice") -> Conversation:
    return Conversation(
        id=7, uid=UID, version=1, standing=Standing.NEW, entry=Entry.FORM, subject=subject, lang=lang, topic=None,
        name=name, address="ada@example.org", level="public", has_trail=False, created_at=AT, updated_at=AT,
    )  # fmt: skip


def _message(text: str = "Here is the right one.") -> Message:
    return Message(
        id=1, uid="m" * 32, conversation_id=7, kind=Kind.REPLY, author=1, by="Bo", about="", text=text, created_at=AT,
        send_at=AT + timedelta(seconds=10),
    )  # fmt: skip


def _said(letter: Letter) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(letter.payload)
    return said


def test_a_receipt_quotes_what_was_written_and_has_the_private_link() -> None:
    letter = receipt(_conversation(), HOUSE, text="It is wrong.\n\nTwice.", at=AT, files=["a.txt", "b.pdf"])
    said = _said(letter)
    assert letter.target == "ada@example.org"
    assert said["subject"] == "Re: Wrong invoice"
    assert said["text"].startswith("Hello Ada,\n\nthank you for writing to Acme help.")
    assert "> It is wrong.\n>\n> Twice." in said["text"]
    assert "With it came: a.txt, b.pdf" in said["text"]
    assert f"  {HOUSE.base}{private_path(b's', 'en', UID)}\n" in said["text"]
    assert "Answer this mail" in said["text"]


def test_automatic_letters_say_so_and_a_person_s_does_not() -> None:
    automatic = _said(receipt(_conversation(), HOUSE, text="x", at=AT))["headers"]
    assert automatic["Auto-Submitted"] == "auto-replied"
    assert automatic["X-Auto-Response-Suppress"] == "All"
    news = _said(news_letter(_conversation(), _message(), HOUSE, to="bo@example.com", at=AT))["headers"]
    assert news["Auto-Submitted"] == "auto-generated"
    person = _said(reply_letter(_conversation(), _message(), HOUSE, references=[], at=AT))["headers"]
    assert "Auto-Submitted" not in person
    assert person["From"] == "Bo at Acme help"
    assert person["Reply-To"] == HOUSE.mail_from
    assert all(set(found) - {"From"} <= HEADERS for found in (automatic, news, person))


def test_a_reply_comes_first_and_waits_until_it_can_t_be_taken_back() -> None:
    letter = reply_letter(_conversation(), _message(), HOUSE, references=["a@x", "b@x"], at=AT, files=["a.pdf"])
    said = _said(letter)
    assert said["text"].startswith("Here is the right one.\n")
    assert "a.pdf" in said["text"]
    assert (letter.not_before, letter.conversation) == (AT + timedelta(seconds=10), 7)
    assert said["headers"]["In-Reply-To"] == "<b@x>"
    root = message_id_of(UID, HOUSE.mail_from)
    assert said["headers"]["References"] == f"<{root}> <a@x> <b@x>"


def test_a_long_thread_keeps_its_root_and_its_end() -> None:
    ids = [f"{number}@x" for number in range(500)]
    references = _said(reply_letter(_conversation(), _message(), HOUSE, references=ids, at=AT))["headers"]["References"]
    assert references.startswith(f"<{message_id_of(UID, HOUSE.mail_from)}>")
    assert references.endswith("<499@x>")
    assert len(references.split()) == 21


@pytest.mark.parametrize(
    ("lang", "hello"), [("de", "Guten Tag"), ("de-AT", "Guten Tag"), ("fr", "Hello"), ("en", "Hello")]
)
def test_a_letter_is_in_the_customer_s_language_where_we_speak_it(lang: str, hello: str) -> None:
    said = _said(receipt(_conversation(lang, name=""), HOUSE, text="x", at=AT))
    assert said["text"].startswith(f"{hello},\n")


def test_where_no_mail_is_read_no_answer_by_mail_is_asked_for() -> None:
    deaf = House(name="Acme", base="https://x", secret=b"s", mail_from="a@b.c")
    assert "answers to this mail are not read" in _said(receipt(_conversation(), deaf, text="x", at=AT))["text"]


def test_a_subject_that_answers_already_says_so_once() -> None:
    for subject in ("Re: x", "AW: x", "re: x"):
        assert _said(receipt(_conversation(subject=subject), HOUSE, text="x", at=AT))["subject"] == subject


def test_news_leads_an_agent_to_the_desk_and_has_the_beginning_of_a_long_text() -> None:
    said = _said(news_letter(_conversation(), _message("word " * 2000), HOUSE, to="bo@example.com", at=AT))
    assert "https://help.example.com/desk/inbox/7" in said["text"]
    assert len(said["text"]) < 1500


def test_a_receipt_is_no_copy_of_a_log() -> None:
    assert len(_said(receipt(_conversation(), HOUSE, text="x" * 20_000, at=AT))["text"]) < MOST_QUOTED + 1000


def test_a_refusal_goes_to_an_address_once_a_day() -> None:
    first, second, tomorrow = (
        refusal(HOUSE, to=to, lang="de", reason="Zu groß.", at=at).uid
        for to, at in (("a@b.c", AT), ("A@B.C", AT), ("a@b.c", AT + timedelta(days=1)))
    )
    assert first == second != tomorrow


def test_our_ids_are_known_again_and_nobody_else_s() -> None:
    house = HOUSE.mail_from
    assert uid_in(message_id_of(UID, house)) == uid_in(receipt_id(UID, house)) == UID
    assert is_news(news_id(UID, house))
    assert uid_in(news_id(UID, house)) is None
    assert uid_in("CAF+abc@mail.example.com") is None


@given(st.text())
def test_whatever_was_written_stays_behind_its_mark(text: str) -> None:
    said = _said(receipt(_conversation(), HOUSE, text=text, at=AT))["text"]
    quoted = said.partition("This is what you wrote:\n\n")[2].partition("\n\nEverything that is said")[0]
    assert all(line.startswith(">") for line in quoted.splitlines() if line)


def test_news_is_in_the_agents_language_whatever_the_customers_is() -> None:
    letter = news_letter(_conversation(lang="en"), _message(), HOUSE, to="bo@example.com", at=AT, lang="de")
    assert "im Gespräch 7 geschrieben:" in _said(letter)["text"]
    unknown = news_letter(_conversation(lang="de"), _message(), HOUSE, to="bo@example.com", at=AT, lang="fr")
    assert "wrote in conversation 7:" in _said(unknown)["text"]
