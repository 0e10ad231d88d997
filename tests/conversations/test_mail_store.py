"""Which conversation a mail belongs to, and what is noted of it, on every database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.conversations import intake, mail_store
from portal.conversations.intake import Received
from portal.conversations.message_ids import message_id_of, receipt_id
from portal.conversations.models import Conversation, Entry, Standing, Verdict
from tests.conversations.mails import ADA, OURS

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@pytest.fixture
def one(session: Session) -> Conversation:
    return _open(session, "a", ADA, "first@example.org")


def _open(session: Session, uid: str, address: str | None, message_id: str | None) -> Conversation:
    received = Received(
        uid=uid * 32, entry=Entry.MAIL, subject="s", text="t", lang="en", topic=None, name="", address=address,
        level="public", visitor=None, has_trail=False, search=None, message_id=message_id,
    )  # fmt: skip
    return intake.open_conversation(session, received, at=AT)


def test_a_mail_goes_on_with_what_it_answers_if_the_address_is_the_same(session: Session, one: Conversation) -> None:
    for answered in ("first@example.org", receipt_id(one.uid, OURS), message_id_of(one.uid, OURS)):
        assert mail_store.thread(session, ["other@x", answered], ADA.upper()) is one
        assert mail_store.thread(session, [answered], "mallory@evil.example") is None
        assert mail_store.thread(session, [answered], None) is None
    assert mail_store.thread(session, [], ADA) is None


def test_the_nearest_of_several_answered_mails_counts(session: Session, one: Conversation) -> None:
    two = _open(session, "b", ADA, "second@example.org")
    assert mail_store.thread(session, ["second@example.org", "first@example.org"], ADA) is two
    assert mail_store.thread(session, ["first@example.org", "second@example.org"], ADA) is one


def test_a_conversation_without_an_address_is_nobody_s_to_join(session: Session) -> None:
    _open(session, "c", None, "none@example.org")
    assert mail_store.thread(session, ["none@example.org"], ADA) is None


def test_a_bounce_opens_what_waited_and_says_why(session: Session, one: Conversation) -> None:
    one.standing, before = Standing.CLOSED, one.version
    assert mail_store.bounced(session, receipt_id(one.uid, OURS), "550 unknown", at=AT) is one
    assert (one.standing, one.problem, one.closed_at) == (Standing.OPEN, "550 unknown", None)
    assert one.version == before + 1
    assert mail_store.bounced(session, "nobody@x", "550", at=AT) is None


def test_what_an_address_wrote_within_the_hour_is_counted(session: Session, one: Conversation) -> None:
    assert mail_store.written_lately(session, ADA.upper(), AT + timedelta(minutes=59)) == 1
    assert mail_store.written_lately(session, ADA, AT + timedelta(minutes=61)) == 0
    assert mail_store.written_lately(session, "_da@example.org", AT) == 0


def test_a_mail_is_noted_once_and_forgotten_in_time(session: Session) -> None:
    first = mail_store.keep(session, "u", Verdict.LOOP, reason="x" * 1000, at=AT)
    assert mail_store.keep(session, "u", Verdict.TAKEN, at=AT) is first
    assert len(first.reason) == 300
    assert mail_store.expire(session, AT) == 0
    assert mail_store.expire(session, AT + timedelta(seconds=1)) == 1
    assert mail_store.known(session, "u") is None
