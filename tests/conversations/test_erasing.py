"""All that one e-mail address wrote or was sent is shown and erased, and nothing of others; nothing is left on disk."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from portal import fetching, forgetting, receiving, replying
from portal.bootstrap import Portal
from portal.conversations import erasing, finding, store
from portal.conversations.attachments import Upload
from portal.conversations.intake import Received
from portal.conversations.models import (
    Attachment,
    AttachmentContent,
    Conversation,
    Entry,
    IncomingMail,
    Message,
    Standing,
)
from portal.conversations.store import View
from portal.db import Model, transaction
from portal.feedback.models import Request
from portal.outbox.models import Delivery
from portal.people import accounts
from portal.people.models import Role, User
from portal.programs.models import IdempotencyKey
from tests.conversations.mails import ADA, a_bounce, a_mail

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
CANARY = "xylophone-canary"
HERS, THEIRS = "жщю", "αβγ"
"""Trigrams of scripts that nothing else here has, so that the index has them whole: it leaves out common beginnings."""
MALLORY = "mallory@example.net"
TABLES: tuple[type[Model], ...] = (
    Conversation, Message, Attachment, AttachmentContent, IncomingMail, Delivery, Request, IdempotencyKey
)  # fmt: skip


@pytest.fixture
def portal(portal: Portal) -> Portal:
    settings = replace(portal.settings, smtp_url="smtp://127.0.0.1:1", mail_from="Acme <help@example.com>")
    return replace(portal, settings=settings)


def _by_form(portal: Portal, uid: str, address: str, text: str) -> Conversation:
    received = Received(
        uid=uid * 32, entry=Entry.FORM, subject=f"{text} subject", text=text, lang="en", topic=None,
        name=f"{text} name", address=address, level="public", visitor="v" * 32, has_trail=True, search=None,
        files=(Upload(f"{text}.txt", text.encode() * 50),),
    )  # fmt: skip
    return receiving.receive(portal, received, at=AT)


def _everything(portal: Portal) -> None:
    """Let Ada write by form and mail, be answered, and wait for an article; and Mallory write too."""
    with portal.database.session() as session, transaction(session):
        bo = accounts.add(session, email="bo@example.com", name="Bo", role=Role.AGENT, at=AT)
        session.add(Request(uid="r" * 32, at=AT, lang="en", text=CANARY, visitor="v", address=ADA.upper()))
        session.add(IdempotencyKey(key="k", request="r", status=201, headers="{}", body=CANARY, created_at=AT))
    one = _by_form(portal, "a", ADA, CANARY)
    _answer(portal, one, bo)
    fetching.take_mail(portal, a_mail(f"{CANARY} by mail", subject=CANARY, sender=f"{CANARY} <{ADA.upper()}>"), at=AT)
    fetching.take_mail(portal, a_bounce("unknown@x", why=f"smtp; 550 <{ADA}> unknown"), at=AT)
    _by_form(portal, "b", MALLORY, "other")


def _answer(portal: Portal, one: Conversation, bo: User) -> None:
    replying.reply(
        portal, one.id, by=bo, at=AT, uid="c" * 32, text=f"{CANARY} reply", files=(Upload("a.txt", CANARY.encode()),)
    )


def _rows(portal: Portal) -> dict[str, int]:
    with portal.database.session() as session:
        return {table.__tablename__: len(session.scalars(select(table)).all()) for table in TABLES}


def _index(portal: Portal) -> bytes:
    """Return all that SQLite's index of the search has in its own table."""
    with portal.database.session() as session:
        return b"".join(session.scalars(text("SELECT block FROM conversation_words_data ORDER BY id")))


def test_all_that_an_address_wrote_or_was_sent_is_shown(portal: Portal) -> None:
    _everything(portal)
    kept = forgetting.kept_of_address(portal, ADA.title())
    counts = {part: len(found) for part, found in kept.items() if isinstance(found, list)}
    assert counts == {
        "conversations": 2, "messages": 3, "attachments": 2, "links": 0, "incoming_mails": 2, "requests": 1, "outbox": 3
    }  # fmt: skip
    assert {base64.b64decode(one["content"]) for one in kept["attachments"]} == {
        CANARY.encode() * 50, CANARY.encode()
    }  # fmt: skip
    assert "other" not in str(kept)
    assert "Bo" in str(kept["messages"])


def test_nothing_of_it_is_left_in_any_table_nor_on_disk_and_others_stay(portal: Portal, tmp_path: Path) -> None:
    _everything(portal)
    done = forgetting.erase_address(portal, ADA.upper(), at=AT + timedelta(minutes=1))
    assert (done.conversations, done.requests, done.deliveries, done.mails) == (2, 1, 3, 2)
    assert forgetting.overwrite(portal)
    assert _rows(portal) == {
        "conversations": 1, "messages": 1, "attachments": 1, "attachment_contents": 1, "incoming_mails": 0,
        "deliveries": 1, "requests": 0, "idempotency_keys": 0,
    }  # fmt: skip
    files = list(tmp_path.glob("portal.sqlite*"))
    assert files
    for file in files:
        content = file.read_bytes().lower()
        assert CANARY.encode() not in content, file.name
        assert ADA.encode() not in content, file.name
    with portal.database.session() as session:
        assert session.scalars(select(Conversation.address)).all() == [MALLORY]


def test_what_is_deleted_alone_would_still_be_on_disk(portal: Portal, tmp_path: Path) -> None:
    _everything(portal)
    forgetting.erase_address(portal, ADA, at=AT + timedelta(minutes=1))
    assert any(CANARY.encode() in file.read_bytes() for file in tmp_path.glob("portal.sqlite*"))


def test_the_index_of_the_search_keeps_no_part_of_a_word_that_was_erased(portal: Portal, tmp_path: Path) -> None:
    _by_form(portal, "a", ADA, HERS)
    _by_form(portal, "b", MALLORY, THEIRS)
    forgetting.erase_address(portal, ADA, at=AT + timedelta(minutes=1))
    assert HERS.encode() in _index(portal)
    assert forgetting.overwrite(portal)
    assert HERS.encode() not in _index(portal)
    assert THEIRS.encode() in _index(portal)
    files = [file.read_bytes() for file in tmp_path.glob("portal.sqlite*")]
    assert not any(HERS.encode() in content for content in files)
    assert any(THEIRS.encode() in content for content in files)


def test_the_index_of_the_search_keeps_no_part_of_a_word_that_expired(portal: Portal) -> None:
    _by_form(portal, "a", ADA, HERS)
    _by_form(portal, "b", MALLORY, THEIRS)
    with portal.database.session() as session, transaction(session):
        hers = update(Conversation).where(Conversation.address == ADA)
        session.execute(hers.values(standing=Standing.CLOSED, closed_at=AT))
    assert HERS.encode() in _index(portal)
    forgetting.expire(portal, at=AT + timedelta(days=731))
    assert HERS.encode() not in _index(portal)
    assert THEIRS.encode() in _index(portal)


def test_tidying_ends_while_others_write_and_changes_nothing_that_is_found(portal: Portal) -> None:
    _everything(portal)
    has_more, steps = True, 0
    while has_more:
        with portal.database.session() as session, transaction(session):
            has_more = finding.tidy(session, begins=not steps)
        steps += 1
        assert steps < 100
        _by_form(portal, f"{steps % 10}", MALLORY, "other")
    with portal.database.session() as session:
        assert len(store.listed(session, View.ALL, user=0, q=CANARY, limit=9)) == 2


def test_who_is_at_the_database_meanwhile_keeps_it_from_being_written_anew_and_that_is_said(portal: Portal) -> None:
    _everything(portal)
    with portal.database.session() as reader:
        reader.scalars(select(Conversation)).all()
        forgetting.erase_address(portal, ADA, at=AT)
        assert not forgetting.overwrite(portal)
    assert forgetting.overwrite(portal)


def test_an_address_that_nobody_has_leaves_everything(portal: Portal) -> None:
    _everything(portal)
    before = _rows(portal) | {"idempotency_keys": 0}
    assert forgetting.erase_address(portal, "_da@example.org", at=AT + timedelta(minutes=1)).conversations == 0
    assert _rows(portal) == before


def test_closed_conversations_go_after_two_years_and_open_ones_stay(session: Session) -> None:
    old = AT - timedelta(days=731)
    for number, (standing, closed_at) in enumerate([
        (Standing.CLOSED, old), (Standing.CLOSED, AT), (Standing.OPEN, None), (Standing.MERGED, None)
    ]):  # fmt: skip
        session.add(_conversation(number, standing, closed_at, old))
    session.flush()
    before = AT - timedelta(days=730)
    assert erasing.expire(session, before) == 2
    assert [one.standing for one in session.scalars(select(Conversation))] == [Standing.CLOSED, Standing.OPEN]
    assert erasing.expire(session, before) == 0


def test_a_rehearsal_of_expiry_counts_what_would_go(portal: Portal) -> None:
    _everything(portal)
    with portal.database.session() as session, transaction(session):
        session.execute(update(Conversation).values(standing=Standing.CLOSED, closed_at=AT))
    later = AT + timedelta(days=731)
    rehearsed = forgetting.expire(portal, at=later, is_rehearsal=True)
    assert (rehearsed.conversations, rehearsed.mails) == (3, 2)
    assert forgetting.expire(portal, at=later) == rehearsed
    assert _rows(portal)["attachment_contents"] == 0


def _conversation(number: int, standing: Standing, closed_at: datetime | None, at: datetime) -> Conversation:
    return Conversation(
        uid=f"{number}" * 32, version=1, standing=standing, entry=Entry.FORM, subject="s", lang="en", topic=None,
        name="", address=ADA, level="public", visitor=None, has_trail=False, search=None, created_at=at, updated_at=at,
        customer_at=at, closed_at=closed_at,
    )  # fmt: skip
