"""Mails that come in: each is taken once, joins its own conversation, and nobody answers a program."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import fetching, receiving, replying
from portal.bootstrap import Portal
from portal.conversations import attachments, mail_store, store
from portal.conversations.intake import Received
from portal.conversations.message_ids import message_id_of, news_id, receipt_id
from portal.conversations.models import Conversation, Entry, IncomingMail, Kind, Message, Standing, Verdict
from portal.db import transaction
from portal.outbox.models import Delivery
from portal.people import accounts
from portal.people.models import Role, User
from tests.conversations.mails import ADA, OURS, a_bounce, a_mail

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def portal(portal: Portal) -> Portal:
    """A portal with a mail server that is never asked, and a mailbox."""
    settings = replace(
        portal.settings,
        smtp_url="smtp://127.0.0.1:1",
        mail_from=f"Acme help <{OURS}>",
        base_url="https://help.example.com",
        mail_secret="a secret of sixteen",
    )
    return replace(portal, settings=settings)


@pytest.fixture
def bo(portal: Portal) -> User:
    with portal.database.session() as session, transaction(session):
        return accounts.add(session, email="bo@example.com", name="Bo", role=Role.AGENT, at=AT)


def _conversations(portal: Portal) -> list[Conversation]:
    with portal.database.session() as session:
        return list(session.scalars(select(Conversation).order_by(Conversation.id)))


def _said(portal: Portal, number: int) -> list[Message]:
    with portal.database.session() as session:
        return store.messages(session, number)


def _letters(portal: Portal, event: str) -> list[Delivery]:
    with portal.database.session() as session:
        return list(session.scalars(select(Delivery).where(Delivery.event == event)))


def _take(portal: Portal, raw: bytes, at: datetime = AT) -> IncomingMail:
    return fetching.take_mail(portal, raw, at=at)


def _by_form(portal: Portal, address: str = ADA) -> Conversation:
    received = Received(
        uid="f" * 32, entry=Entry.FORM, subject="Wrong invoice", text="It is wrong.", lang="en", topic=None, name="Ada",
        address=address, level="public", visitor=None, has_trail=False, search=None,
    )  # fmt: skip
    return receiving.receive(portal, received, at=AT)


def _reply(portal: Portal, conversation: Conversation, by: User) -> Message:
    return replying.reply(portal, conversation.id, by=by, at=AT, uid="a" * 32, text="Here is the right one.")


def test_a_mail_begins_a_conversation_and_gets_a_receipt_in_its_thread(portal: Portal) -> None:
    done = _take(portal, a_mail())
    [one] = _conversations(portal)
    assert (done.verdict, done.conversation) == (Verdict.TAKEN, one.id)
    assert (one.entry, one.subject, one.name, one.address) == (Entry.MAIL, "Wrong invoice", "Ada Example", ADA)
    assert [said.text for said in _said(portal, one.id)] == ["My invoice is wrong."]
    [receipt] = _letters(portal, "receipt")
    assert receipt.target == ADA
    assert "<one@example.org>" in receipt.payload


def test_the_same_mail_again_is_one(portal: Portal) -> None:
    first, second = _take(portal, a_mail()), _take(portal, a_mail(), LATER)
    assert first.uid == second.uid
    assert len(_conversations(portal)) == 1
    assert len(_letters(portal, "receipt")) == 1


def test_a_mail_that_was_received_but_not_noted_is_one_when_it_comes_again(portal: Portal) -> None:
    _take(portal, a_mail())
    with portal.database.session() as session, transaction(session):
        mail_store.expire(session, LATER)
    assert _take(portal, a_mail(), LATER).verdict is Verdict.TAKEN
    assert len(_conversations(portal)) == 1
    assert len(_letters(portal, "receipt")) == 1


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_an_answer_to_a_receipt_or_a_reply_joins_its_conversation(portal: Portal, bo: User, header: str) -> None:
    one = _by_form(portal)
    reply = _reply(portal, one, bo)
    ids = (receipt_id(one.uid, OURS), message_id_of(reply.uid, OURS), message_id_of(one.uid, OURS))
    for number, answered in enumerate(ids):
        mail = a_mail("Thank you.", message_id=f"<{number}@example.org>", **{header: f"<{answered}>"})
        assert _take(portal, mail, LATER).conversation == one.id
    assert len(_conversations(portal)) == 1
    assert [said.kind for said in _said(portal, one.id)].count(Kind.CUSTOMER) == 4


def test_an_answer_to_their_own_mail_joins_it(portal: Portal) -> None:
    first = _take(portal, a_mail())
    second = _take(
        portal, a_mail("And one more thing.", message_id="<two@example.org>", In_Reply_To="<one@example.org>")
    )
    assert second.conversation == first.conversation


def test_nobody_writes_into_another_s_conversation_by_naming_its_ids(portal: Portal) -> None:
    one = _by_form(portal)
    ids = f"<{receipt_id(one.uid, OURS)}> <{message_id_of(one.uid, OURS)}>"
    raw = a_mail("Tell me all.", sender="Mallory <mallory@evil.example>", In_Reply_To=ids, References=ids)
    assert _take(portal, raw).conversation != one.id
    assert [said.text for said in _said(portal, one.id)] == ["It is wrong."]
    receipts = {letter.target: letter.payload for letter in _letters(portal, "receipt")}
    assert "It is wrong." not in receipts["mallory@evil.example"]


def test_the_address_of_a_conversation_is_known_whatever_its_capitals(portal: Portal) -> None:
    one = _by_form(portal, "Ada@example.org")
    answered = f"<{receipt_id(one.uid, OURS)}>"
    assert _take(portal, a_mail(sender="ADA@EXAMPLE.ORG", In_Reply_To=answered)).conversation == one.id


def test_who_answers_a_merged_conversation_is_read_where_it_goes_on(portal: Portal) -> None:
    one, two = _by_form(portal), _take(portal, a_mail())
    with portal.database.session() as session, transaction(session):
        merged = session.get_one(Conversation, one.id)
        merged.standing, merged.merged_into = Standing.MERGED, two.conversation
    answer = a_mail("Well?", message_id="<3@example.org>", In_Reply_To=f"<{receipt_id(one.uid, OURS)}>")
    assert _take(portal, answer).conversation == two.conversation


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"Precedence": "List"},
        {"List_Id": "<list.example.org>"},
        {"X_Loop": OURS.upper()},
        {"Return_Path": "<>"},
        {"sender": f"Us <{OURS}>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_a_program_wrote_is_noted_and_never_answered(portal: Portal, headers: dict[str, str]) -> None:
    done = _take(portal, a_mail(**headers))  # type: ignore[arg-type]
    assert done.verdict is Verdict.LOOP
    assert done.reason
    assert _conversations(portal) == []
    with portal.database.session() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_a_person_whose_program_says_so_is_read(portal: Portal) -> None:
    assert _take(portal, a_mail(Auto_Submitted="no")).verdict is Verdict.TAKEN


def test_two_programs_that_answer_each_other_come_to_an_end(portal: Portal) -> None:
    verdicts = [
        _take(portal, a_mail(message_id=f"<{number}@example.org>"), AT + timedelta(seconds=number)).verdict
        for number in range(mail_store.MOST_AN_HOUR + 3)
    ]
    assert verdicts.count(Verdict.TAKEN) == mail_store.MOST_AN_HOUR
    assert set(verdicts[mail_store.MOST_AN_HOUR :]) == {Verdict.LOOP}
    assert len(_letters(portal, "receipt")) == mail_store.MOST_AN_HOUR
    after = _take(portal, a_mail(message_id="<z@example.org>"), AT + timedelta(hours=2))
    assert after.verdict is Verdict.TAKEN


def test_a_bounce_brings_a_conversation_back_to_its_agent_and_says_why(portal: Portal, bo: User) -> None:
    one = _by_form(portal)
    reply = _reply(portal, one, bo)
    done = _take(portal, a_bounce(message_id_of(reply.uid, OURS)), LATER)
    assert (done.verdict, done.conversation) == (Verdict.BOUNCE, one.id)
    [now] = _conversations(portal)
    assert now.standing is Standing.OPEN
    assert now.problem == "550 5.1.1 No such user"
    assert now.version > one.version
    assert _said(portal, one.id)[-1].text == "bounced"


def test_a_delay_mends_itself_and_a_bounce_of_nothing_is_only_noted(portal: Portal, bo: User) -> None:
    one = _by_form(portal)
    reply = _reply(portal, one, bo)
    for original, action in ((message_id_of(reply.uid, OURS), "delayed"), ("nothing@example.com", "failed")):
        done = _take(portal, a_bounce(original, action=action), LATER)
        assert (done.verdict, done.conversation) == (Verdict.BOUNCE, None)
    assert _conversations(portal)[0].problem is None


def test_who_is_disowned_by_their_domain_is_refused_and_not_written_to(portal: Portal) -> None:
    raw = a_mail(Authentication_Results="mx.example.com; spf=pass; dmarc=fail (p=reject) header.from=example.org")
    assert _take(portal, raw).verdict is Verdict.REFUSED
    assert _conversations(portal) == []
    assert _letters(portal, "refusal") == []


@pytest.mark.parametrize("sender", ["", "nobody", "a@b", "<>", "undisclosed-recipients:;", "x" * 300 + "@example.org"])
def test_a_mail_without_an_address_to_answer_to_is_refused(portal: Portal, sender: str) -> None:
    assert _take(portal, a_mail(sender=sender)).verdict is Verdict.REFUSED


def test_an_agent_who_answers_a_notice_is_told_that_no_customer_sees_it(portal: Portal) -> None:
    one = _by_form(portal)
    raw = a_mail("Dear Ada", sender="bo@example.com", In_Reply_To=f"<{news_id(one.uid, OURS)}>")
    assert _take(portal, raw).verdict is Verdict.REFUSED
    [letter] = _letters(portal, "refusal")
    assert letter.target == "bo@example.com"
    assert "on the desk" in letter.payload


def test_a_mail_with_a_thousand_parts_is_refused_in_words_once_a_day(portal: Portal) -> None:
    for number in range(3):
        parts = "".join("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(1000))
        head = f"From: {ADA}\r\nMessage-ID: <{number}@x>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        done = _take(portal, (head + parts + "--b--\r\n").encode())
        assert done.verdict is Verdict.REFUSED
        assert "100 parts" in done.reason
    [letter] = _letters(portal, "refusal")
    assert "100 parts" in letter.payload


def test_files_are_kept_and_those_that_are_not_taken_are_named(portal: Portal) -> None:
    files = [(f"log-{number}.txt", "text/plain", b"line\n") for number in range(7)]
    number = _take(portal, a_mail(files=tuple(files))).conversation
    with portal.database.session() as session:
        [message] = store.messages(session, number or 0)
        kept = attachments.of_messages(session, [message.id])[message.id]
    assert sorted(one.name for one in kept) == [f"log-{number}.txt" for number in range(5)]
    assert "log-5.txt" in message.text
    assert "log-6.txt" in message.text


def test_an_id_that_was_copied_from_ours_takes_no_reply_s_place(portal: Portal, bo: User) -> None:
    one = _by_form(portal)
    reply = _reply(portal, one, bo)
    copied = a_mail(message_id=f"<{message_id_of(reply.uid, OURS)}>", sender="mallory@evil.example")
    done = _take(portal, copied)
    assert done.verdict is Verdict.TAKEN
    assert done.conversation != one.id


def test_letters_name_the_thread_so_that_mail_programs_keep_it_together(portal: Portal, bo: User) -> None:
    one = _conversations(portal)[-1] if _take(portal, a_mail()) else None
    assert one
    _reply(portal, one, bo)
    [letter] = _letters(portal, "reply")
    assert '"In-Reply-To": "<one@example.org>"' in letter.payload
    assert "Auto-Submitted" not in letter.payload
