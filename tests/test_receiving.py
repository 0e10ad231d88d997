"""What a customer sends is kept together with everything that tells of it, or not at all."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import receiving
from portal.bootstrap import Portal
from portal.conversations import inbox
from portal.conversations.models import Conversation, Message
from portal.db import transaction
from portal.errors import NotFound, Unavailable
from portal.events import log
from portal.events.kinds import Contacted, Step
from portal.outbox import store as outbox
from portal.outbox.models import Delivery
from portal.people import accounts
from portal.pipeline import publish
from portal.search.generation import Library
from tests.conversations.received import received
from tests.people.staff import a_user
from tests.repositories import HELP_CENTRE, ContentRepository

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
Told = Callable[[], list[str]]


@pytest.fixture
def house(portal: Portal) -> Portal:
    """A portal that sends mail and tells a webhook."""
    told = {"smtp_url": "smtp://127.0.0.1:1", "webhook_url": "https://hooks.example/x", "webhook_secret": "s" * 16}
    return replace(portal, settings=replace(portal.settings, base_url="https://help.example", **told))


@pytest.fixture
def told(house: Portal) -> Told:
    """Events of all that waits in the outbox, oldest first."""

    def told() -> list[str]:
        with house.database.session() as session:
            return sorted(f"{one.channel} {one.event}" for one in session.scalars(select(Delivery)))

    return told


def count(portal: Portal) -> tuple[int, int]:
    with portal.database.session() as session:
        return len(session.scalars(select(Conversation)).all()), len(session.scalars(select(Message)).all())


def test_a_request_brings_a_receipt_an_event_and_news(house: Portal, told: Told) -> None:
    one = receiving.receive(house, received(), at=AT)
    assert told() == ["mail receipt", "webhook conversation.created"]
    with house.database.session() as session:
        (event,) = log.read(session, since=AT)
        receipt = session.scalars(select(Delivery).where(Delivery.event == "receipt")).one()
    assert isinstance(event, Contacted)
    assert (event.step, event.channel, event.visitor) == (Step.SENT, "form", "a" * 32)
    assert event.uid != one.uid
    assert receipt.target == "ada@example.com"
    assert f"https://help.example/en/conversations/{one.uid}-" in json.loads(receipt.payload)["text"]


def test_the_same_request_twice_is_told_once(house: Portal, told: Told) -> None:
    sent = received()
    assert receiving.receive(house, sent, at=AT).id == receiving.receive(house, sent, at=LATER).id
    assert len(told()) == 2
    assert count(house) == (1, 1)
    with house.database.session() as session:
        assert len(list(log.read(session, since=AT))) == 1


def test_nobody_is_told_of_what_could_not_be_kept(house: Portal, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> bool:
        raise Unavailable("full")

    monkeypatch.setattr(outbox, "add", full)
    with pytest.raises(Unavailable):
        receiving.receive(house, received(), at=AT)
    assert count(house) == (0, 0)
    assert told() == []


def test_who_left_no_address_gets_no_mail(house: Portal, told: Told) -> None:
    receiving.receive(house, received(address=None), at=AT)
    assert told() == ["webhook conversation.created"]


def test_what_no_visit_brought_is_no_event(house: Portal) -> None:
    receiving.receive(house, received(visitor=None), at=AT)
    with house.database.session() as session:
        assert list(log.read(session, since=AT)) == []


def test_who_it_is_assigned_to_hears_of_it(house: Portal, told: Told) -> None:
    one = receiving.receive(house, received(), at=AT)
    with house.database.session() as session, transaction(session):
        bo = a_user(session, "bo@acme.example")
        inbox.assign(session, one.id, to=bo, by=bo, at=AT)
    for _ in range(2):
        receiving.customer_wrote(house, one.uid, uid="c" * 32, text="Still nothing.", at=LATER)
        with house.database.session() as session, transaction(session):
            inbox.note(session, one.id, by=bo, at=LATER, text="What is it now?")
    assert told()[:2] == ["mail news", "mail receipt"]
    assert told().count("webhook conversation.customer_wrote") == 1
    with house.database.session() as session:
        assert session.scalars(select(Delivery.target).where(Delivery.event == "news")).all() == ["bo@acme.example"]


def test_of_what_nobody_has_taken_nobody_is_written_to(house: Portal, told: Told) -> None:
    one = receiving.receive(house, received(), at=AT)
    receiving.customer_wrote(house, one.uid, uid="c" * 32, text="Still nothing.", at=LATER)
    assert "mail news" not in told()


def test_a_team_hears_of_what_nobody_has(house: Portal, tmp_path: Path) -> None:
    content = ContentRepository(tmp_path / "content")
    content.commit(HELP_CENTRE | {"portal.toml": '[contact]\nnotify = ["team@acme.example", "no address"]\n'})
    data = tmp_path / "data"
    settings = replace(house.settings, content=str(content.folder), data=data, encoder="none")
    portal = replace(house, settings=settings, library=Library(data / "generations"))
    publish(portal, at=AT)
    one = receiving.receive(portal, received(), at=AT)
    with portal.database.session() as session, transaction(session):
        bo = a_user(session, "bo@acme.example")
        inbox.assign(session, one.id, to=bo, by=bo, at=AT)
    receiving.customer_wrote(portal, one.uid, uid="c" * 32, text="Still nothing.", at=LATER)
    with portal.database.session() as session:
        told = session.scalars(select(Delivery.target).where(Delivery.event == "news").order_by(Delivery.created_at))
        assert told.all() == ["team@acme.example", "bo@acme.example"]


def test_there_is_no_writing_to_what_is_not_there(house: Portal) -> None:
    with pytest.raises(NotFound):
        receiving.customer_wrote(house, "0" * 32, uid="c" * 32, text="Hello?", at=AT)


def test_who_it_is_assigned_to_reads_of_it_in_their_own_language(house: Portal) -> None:
    one = receiving.receive(house, received(), at=AT)
    with house.database.session() as session, transaction(session):
        bo = a_user(session, "bo@acme.example")
        accounts.set_language(session, bo.id, "de")
        inbox.assign(session, one.id, to=bo, by=bo, at=AT)
    receiving.customer_wrote(house, one.uid, uid="c" * 32, text="Still nothing.", at=LATER)
    with house.database.session() as session:
        news = session.scalars(select(Delivery).where(Delivery.event == "news")).one()
    assert f"im Gespräch {one.id} geschrieben:" in json.loads(news.payload)["text"]
