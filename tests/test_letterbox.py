"""A conversation by mail, from end to end: letters are caught by a real mail server, and their answers taken in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import fetching, letterbox, receiving, replying, telling
from portal.bootstrap import Portal
from portal.conversations import store
from portal.conversations.intake import Received
from portal.conversations.keys import private_path
from portal.conversations.models import Entry, Kind, Standing
from portal.db import transaction
from portal.outbox.models import Channel, Delivery
from portal.people import accounts
from portal.people.models import Role
from tests.conversations.mails import ADA, OURS, a_mail
from tests.outbox.test_mail import Box, Server

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def mailing(portal: Portal, box: Box) -> Iterator[Portal]:
    server = Server(box, hostname="127.0.0.1", port=0)
    server.start()
    settings = replace(
        portal.settings,
        smtp_url=f"smtp://127.0.0.1:{server.port}",
        mail_from=f"Acme help <{OURS}>",
        base_url="https://help.example.com",
        mail_secret="a secret of sixteen",
    )
    yield replace(portal, settings=settings)
    server.stop()


def _received(lang: str = "en") -> Received:
    return Received(
        uid="f" * 32, entry=Entry.FORM, subject="Wrong invoice", text="It is wrong.", lang=lang, topic=None, name="Ada",
        address=ADA, level="public", visitor=None, has_trail=False, search=None,
    )  # fmt: skip


def test_a_conversation_goes_back_and_forth_by_mail(mailing: Portal, box: Box) -> None:
    with mailing.database.session() as session, transaction(session):
        bo = accounts.add(session, email="bo@example.com", name="Bo", role=Role.AGENT, at=AT)
    one = receiving.receive(mailing, _received(), at=AT)
    telling.deliver(mailing, at=AT)
    [(to, receipt)] = box.letters
    assert to == [ADA]
    assert receipt["Auto-Submitted"] == "auto-replied"
    link = mailing.settings.base_url + private_path(mailing.settings.secret(), "en", one.uid)  # type: ignore[operator]
    assert link in receipt.get_content()

    answer = a_mail("Order 12.", message_id="<answer@example.org>", In_Reply_To=receipt["Message-ID"])
    assert fetching.take_mail(mailing, answer, at=AT + timedelta(minutes=1)).conversation == one.id

    sent = AT + timedelta(minutes=2)
    replying.reply(mailing, one.id, by=bo, at=sent, uid="a" * 32, text="Here is the right one.")
    telling.deliver(mailing, at=sent + timedelta(seconds=9))
    assert len(box.letters) == 1
    telling.deliver(mailing, at=sent + timedelta(seconds=10))
    [_, (to, reply)] = box.letters
    assert to == [ADA]
    assert reply["From"] == f"Bo at {letterbox.house_of(mailing, 'en').name} <{OURS}>"
    assert reply["In-Reply-To"] == "<answer@example.org>"
    assert reply["References"].split()[-1] == "<answer@example.org>"
    assert reply["Auto-Submitted"] is None
    assert reply.get_content().startswith("Here is the right one.")

    thanks = a_mail("Thank you.", message_id="<thanks@example.org>", In_Reply_To=reply["Message-ID"])
    assert fetching.take_mail(mailing, thanks, at=sent + timedelta(minutes=1)).conversation == one.id
    with mailing.database.session() as session:
        said = store.messages(session, one.id)
        conversation = store.conversation(session, one.id)
    assert [message.kind for message in said if message.kind is not Kind.EVENT] == [
        Kind.CUSTOMER,
        Kind.CUSTOMER,
        Kind.REPLY,
        Kind.CUSTOMER,
    ]
    assert conversation
    assert conversation.standing is Standing.OPEN


def test_a_reply_that_is_taken_back_is_never_mailed(mailing: Portal, box: Box) -> None:
    with mailing.database.session() as session, transaction(session):
        bo = accounts.add(session, email="bo@example.com", name="Bo", role=Role.AGENT, at=AT)
    one = receiving.receive(mailing, _received(), at=AT)
    replying.reply(mailing, one.id, by=bo, at=AT, uid="a" * 32, text="Oops.")
    replying.take_back(mailing, "a" * 32, by=bo, at=AT + timedelta(seconds=5))
    telling.deliver(mailing, at=AT + timedelta(hours=1))
    assert [letter["Auto-Submitted"] for _, letter in box.letters] == ["auto-replied"]


def test_without_a_mail_server_nothing_waits_to_be_sent(portal: Portal) -> None:
    receiving.receive(portal, _received(), at=AT)
    with portal.database.session() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_the_webhook_hears_of_each_change_once_and_of_no_word(portal: Portal) -> None:
    hooked = replace(portal, settings=replace(portal.settings, webhook_url="https://hook.example.com/x"))
    one = receiving.receive(hooked, _received(), at=AT)
    receiving.receive(hooked, _received(), at=AT)
    with portal.database.session() as session, transaction(session):
        assert not letterbox.announce(session, hooked, one, "created", at=AT)
        assert letterbox.announce(session, hooked, one, "closed", by="Bo", at=AT)
    with portal.database.session() as session:
        told = session.scalars(select(Delivery).where(Delivery.channel == Channel.WEBHOOK)).all()
    assert sorted(one.event for one in told) == ["conversation.closed", "conversation.created"]
    assert all("wrong" not in one.payload and ADA not in one.payload for one in told)


def test_the_house_s_name_and_what_it_reads(portal: Portal) -> None:
    deaf = letterbox.house_of(portal)
    assert not deaf.takes_mail
    assert deaf.base == f"http://{portal.settings.bind}"
    reading = replace(portal, settings=replace(portal.settings, imap_url="imaps://u:p@mail.example.com/INBOX"))
    assert letterbox.house_of(reading).takes_mail
