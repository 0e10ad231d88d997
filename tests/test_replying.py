"""A reply and all that goes with it: its mail, its links, the webhook's news; and all of it taken back."""

import json
import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from portal import replying
from portal.bootstrap import Portal
from portal.conversations import inbox, store
from portal.conversations.attachments import Upload
from portal.conversations.models import Kind, Message, Standing
from portal.db import transaction
from portal.errors import Conflict, Invalid
from portal.events import log
from portal.events.kinds import Linked
from portal.links import store as links
from portal.links.address import short_path
from portal.links.models import Origin, SentLink
from portal.outbox import store as outbox
from portal.outbox.models import Channel, Delivery, DeliveryState
from portal.people.models import User
from tests.conversations.cast import NOON, after, ask, bo, cleo, uid

HOOK = "https://hooks.example/x"


@pytest.fixture
def portal(portal: Portal) -> Portal:
    """One with a mail server and a webhook; nothing is sent in these tests."""
    settings = replace(
        portal.settings, smtp_url="smtp://mail.example", mail_from="help@acme.example", webhook_url=HOOK,
        webhook_secret="s" * 32, base_url="https://help.acme.example",
    )  # fmt: skip
    return replace(portal, settings=settings)


def begin(portal: Portal, **asked: object) -> tuple[int, User, User]:
    """Let Ada write; return the number, and two agents."""
    with portal.database.session() as session, transaction(session):
        return ask(session, **asked).id, bo(session), cleo(session)  # type: ignore[arg-type]


def answer(portal: Portal, number: int, by: User, text: str = "Under Billing.", **more: object) -> Message:
    details = {"at": NOON, "uid": uid()} | more
    return replying.reply(portal, number, by=by, text=text, **details)  # type: ignore[arg-type]


def waiting(portal: Portal, channel: Channel) -> list[Delivery]:
    with portal.database.session() as session:
        return [one for one in outbox.listed(session, states=[DeliveryState.WAITING]) if one.channel is channel]


def a_link(portal: Portal, number: int, by: User) -> str:
    with portal.database.session() as session, transaction(session):
        made = links.make(
            session, article="pw", lang="en", origin=Origin.REPLY, user=by.id, conversation=number, at=NOON
        )
        return made.token


def link(portal: Portal, token: str) -> SentLink:
    with portal.database.session() as session:
        found = links.find(session, token)
        assert found
        return found


def linked(portal: Portal) -> list[Linked]:
    with portal.database.session() as session:
        return [one for one in log.read(session, since=after(days=-1)) if isinstance(one, Linked)]


def test_its_mail_waits_until_it_can_not_be_taken_back(portal: Portal) -> None:
    number, agent, _ = begin(portal)
    sent = answer(portal, number, agent)
    (mail,) = waiting(portal, Channel.MAIL)
    assert (mail.target, mail.next_at, mail.conversation) == ("ada@customer.example", after(seconds=10), number)
    assert "Under Billing." in json.loads(mail.payload)["text"]
    assert json.loads(mail.payload)["headers"]["Message-ID"] == f"<{sent.message_id}>"
    (news,) = waiting(portal, Channel.WEBHOOK)
    assert (news.event, news.next_at) == ("conversation.replied", after(seconds=10))


def test_a_later_reply_answers_the_one_before_in_the_same_thread(portal: Portal) -> None:
    number, agent, _ = begin(portal)
    first = answer(portal, number, agent)
    answer(portal, number, agent, "And one more thing.", at=after(minutes=1))
    headers = [json.loads(one.payload)["headers"] for one in waiting(portal, Channel.MAIL)]
    assert headers[0]["In-Reply-To"] == f"<{first.message_id}>"  # the newest comes first
    assert len({one["References"].split()[0] for one in headers}) == 1


def test_without_an_address_no_mail_is_written_and_the_reply_stands(portal: Portal) -> None:
    number, agent, _ = begin(portal, address=None)
    answer(portal, number, agent)
    assert waiting(portal, Channel.MAIL) == []
    with portal.database.session() as session:
        assert [one.text for one in store.seen_by_customer(store.messages(session, number), after(minutes=1))][1:] == [
            "Under Billing."
        ]


def test_links_in_its_text_count_as_sent_and_as_linked_whoever_typed_them(portal: Portal) -> None:
    number, agent, _ = begin(portal)
    typed, named = a_link(portal, number, agent), a_link(portal, number, agent)
    sent = answer(portal, number, agent, f"See https://help.acme.example{short_path('pw', typed)}.", links=[named])
    assert {link(portal, one).sent_at for one in (typed, named)} == {after(seconds=10)}
    assert {link(portal, one).message for one in (typed, named)} == {sent.uid}
    assert {(one.article, one.conversation, one.visitor) for one in linked(portal)} == {
        ("pw", str(number), f"user-{agent.id}")
    }
    assert len(linked(portal)) == 2


def test_taken_back_everything_is_undone(portal: Portal) -> None:
    number, agent, _ = begin(portal)
    token = a_link(portal, number, agent)
    text = f"See https://help.acme.example{short_path('pw', token)}"
    sent = answer(portal, number, agent, text, files=(Upload("a.txt", b"x"),))
    back = replying.take_back(portal, sent.uid, by=agent, at=after(seconds=9))
    assert (back.kind, back.text, back.message_id) == (Kind.DRAFT, text, None)
    assert waiting(portal, Channel.MAIL) + waiting(portal, Channel.WEBHOOK) == []
    assert (link(portal, token).sent_at, link(portal, token).message, linked(portal)) == (None, None, [])
    with portal.database.session() as session:
        found = store.conversation(session, number)
        assert found
        assert found.standing is Standing.NEW
    again = answer(portal, number, agent, text, uid=sent.uid, at=after(minutes=1))
    assert (again.uid, link(portal, token).sent_at) == (sent.uid, after(minutes=1, seconds=10))
    assert [one.next_at for one in waiting(portal, Channel.MAIL)] == [after(minutes=1, seconds=10)]


def test_once_it_has_gone_it_is_not_taken_back(portal: Portal) -> None:
    number, agent, _ = begin(portal)
    sent = answer(portal, number, agent)
    with pytest.raises(Conflict):
        replying.take_back(portal, sent.uid, by=agent, at=after(seconds=10))
    assert len(waiting(portal, Channel.MAIL)) == 1


def test_the_same_form_twice_sends_one_mail_even_when_the_first_is_long_forgotten(portal: Portal) -> None:
    number, agent, _ = begin(portal)
    sent = answer(portal, number, agent)
    answer(portal, number, agent, uid=sent.uid)
    assert len(waiting(portal, Channel.MAIL)) == 1
    with portal.database.session() as session, transaction(session):
        assert outbox.take_back(session, f"reply-{sent.uid}")
    answer(portal, number, agent, uid=sent.uid, at=after(days=90))
    assert waiting(portal, Channel.MAIL) == []


def test_of_two_who_answer_at_once_one_is_told(portal: Portal) -> None:
    number, *agents = begin(portal)
    start, ends = threading.Barrier(2), []

    def send(by: User) -> None:
        start.wait()
        try:
            ends.append(answer(portal, number, by, version=1).by)
        except Conflict as refusal:
            ends.append(str(refusal))

    threads = [threading.Thread(target=send, args=(agent,)) for agent in agents]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    first = next(one for one in ends if one in {"Bo", "Cleo"})
    assert f"{first} answered just now. Look at it again first." in ends
    assert len(waiting(portal, Channel.MAIL)) == 1


def test_what_is_refused_leaves_nothing(portal: Portal) -> None:
    number, agent, _ = begin(portal)
    with pytest.raises(Invalid):
        answer(portal, number, agent, " ")
    assert waiting(portal, Channel.MAIL) + waiting(portal, Channel.WEBHOOK) == []


def test_the_webhook_hears_of_what_is_done_and_not_of_notes(portal: Portal) -> None:
    number, agent, other = begin(portal)
    replying.change(portal, inbox.note, number, by=agent, at=NOON, text="A word")
    replying.change(portal, inbox.assign, number, by=agent, at=NOON, to=other)
    replying.change(portal, inbox.close, number, by=agent, at=NOON)
    replying.change(portal, inbox.close, number, by=agent, at=NOON)
    replying.change(portal, inbox.reopen, number, by=agent, at=NOON)
    told = waiting(portal, Channel.WEBHOOK)
    assert sorted(one.event for one in told) == [
        "conversation.assigned", "conversation.closed", "conversation.reopened"
    ]  # fmt: skip
    assert not any("A word" in one.payload or "ada@" in one.payload for one in told)


def test_a_reply_from_a_merged_conversation_goes_to_the_address_that_both_have(portal: Portal) -> None:
    number, agent, _ = begin(portal)
    target, *_ = begin(portal)
    replying.change(portal, inbox.merge, number, by=agent, at=NOON, into=target)
    answer(portal, target, agent)
    with portal.database.session() as session:
        assert session.scalar(select(Delivery.target).where(Delivery.channel == Channel.MAIL)) == "ada@customer.example"
