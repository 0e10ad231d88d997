from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.conversations import intake, wording
from portal.conversations.attachments import Upload
from portal.conversations.models import Attachment, Conversation, Kind, Message, Standing
from portal.errors import Invalid
from portal.links import store as links
from portal.links.models import Origin
from tests.conversations.received import received

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def messages(session: Session) -> list[tuple[Kind, str]]:
    return [(one.kind, one.text) for one in session.scalars(select(Message).order_by(Message.id))]


def test_what_a_customer_sends_begins_a_conversation(session: Session) -> None:
    sent = received()
    one = intake.open_conversation(session, sent, at=AT)
    assert (one.uid, one.standing, one.version, one.customer_at) == (sent.uid, Standing.NEW, 1, AT)
    first = session.scalars(select(Message)).one()
    assert (first.uid, first.kind, first.text, first.by) == (sent.uid, Kind.CUSTOMER, "Where is it?", "Ada")


def test_the_same_uid_twice_is_one(session: Session) -> None:
    sent = received(files=(Upload("a.txt", b"x"),))
    assert intake.open_conversation(session, sent, at=AT).id == intake.open_conversation(session, sent, at=LATER).id
    assert messages(session) == [(Kind.CUSTOMER, "Where is it?")]
    assert len(session.scalars(select(Attachment)).all()) == 1


def test_who_did_not_agree_leaves_no_trail(session: Session) -> None:
    without = intake.open_conversation(session, received(), at=AT)
    agreed = intake.open_conversation(session, received(has_trail=True), at=AT)
    nobody = intake.open_conversation(session, received(has_trail=True, visitor=None), at=AT)
    assert (without.visitor, without.search, without.has_trail) == (None, None, False)
    assert (agreed.visitor, agreed.search, agreed.has_trail) == ("a" * 32, "b" * 32, True)
    assert nobody.has_trail is False


def test_a_mail_without_a_subject_gets_its_first_line(session: Session) -> None:
    one = intake.open_conversation(session, received(subject="", text="\n\nHello there\nMore of it."), at=AT)
    assert one.subject == "Hello there"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Standing.NEW, Standing.NEW),
        (Standing.OPEN, Standing.OPEN),
        (Standing.WAITING, Standing.OPEN),
        (Standing.CLOSED, Standing.OPEN),
    ],
)
def test_it_is_our_turn_when_the_customer_has_written(session: Session, before: Standing, after: Standing) -> None:
    one = intake.open_conversation(session, received(), at=AT)
    one.standing, one.closed_at = before, AT
    intake.customer_writes(session, one, uid="c" * 32, text="Still nothing.", at=LATER)
    assert (one.standing, one.version, one.customer_at, one.updated_at) == (after, 2, LATER, LATER)
    if before is Standing.CLOSED:
        assert one.closed_at is None


def test_a_message_sent_twice_is_one(session: Session) -> None:
    one = intake.open_conversation(session, received(), at=AT)
    for _ in range(2):
        intake.customer_writes(session, one, uid="c" * 32, text="Still nothing.", at=LATER)
    assert messages(session)[1:] == [(Kind.CUSTOMER, "Still nothing.")]
    assert one.version == 2


def test_what_is_written_to_a_merged_one_goes_where_it_went(session: Session) -> None:
    first, second, third = (intake.open_conversation(session, received(), at=AT) for _ in range(3))
    third.standing, third.merged_into = Standing.MERGED, second.id
    second.standing, second.merged_into = Standing.MERGED, first.id
    written = intake.customer_writes(session, third, uid="c" * 32, text="Here again.", at=LATER)
    assert written.conversation_id == first.id
    assert (first.version, third.version) == (2, 1)


def test_links_sent_before_have_brought_their_customer_back(session: Session) -> None:
    one = intake.open_conversation(session, received(), at=AT)
    link = links.make(session, article="a", lang="en", origin=Origin.REPLY, user=None, at=AT)
    links.sent(session, [link.token], message="d" * 32, conversation=one.id, at=AT)
    intake.customer_writes(session, one, uid="c" * 32, text="It did not help.", at=LATER)
    session.refresh(link)
    assert link.came_back_at == LATER


def test_many_links_from_somebody_unknown_are_marked_for_staff(session: Session) -> None:
    text = "www.a.example " * 5
    intake.open_conversation(session, received(text=text), at=AT)
    assert [kind for kind, _ in messages(session)] == [Kind.CUSTOMER, Kind.EVENT]
    intake.open_conversation(session, received(text=text), at=LATER)
    assert [kind for kind, _ in messages(session)][2:] == [Kind.CUSTOMER], "by then they are known"


def test_a_uid_of_what_was_sent_is_of_its_words() -> None:
    assert intake.uid_of("f", "a", "b") == intake.uid_of("f", "a", "b")
    assert len({intake.uid_of("f", "a", "b"), intake.uid_of("f", "ab"), intake.uid_of("g", "a", "b")}) == 3
    assert len(intake.uid_of("f", "\ud800")) == 32


def test_an_address_has_its_host_in_lower_case() -> None:
    assert wording.read_address(" Ada@EXAMPLE.Com ", is_needed=True) == "Ada@example.com"
    assert wording.read_address("", is_needed=False) is None
    with pytest.raises(Invalid, match="so that our answer reaches you"):
        wording.read_address(" ", is_needed=True)


def test_words_keep_their_lines_and_lose_what_no_page_may_show(session: Session) -> None:
    assert wording.read_text("one\r\ntwo\x00\u202e\n") == "one\ntwo"
    assert wording.read_subject(" a\n b\u202e ") == "a b"
    assert wording.read_name("x" * 200).endswith("…")
    assert intake.find(session, "0" * 32) is None
    assert session.scalars(select(Conversation)).all() == []
