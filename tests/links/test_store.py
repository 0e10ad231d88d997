"""Links: made, sent with a reply, taken back, opened, come back from, and what an article's came to in all."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.links import store
from portal.links.models import Origin, SentLink
from portal.links.store import Record

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def a_link(session: Session, article: str = "pw-1", *, origin: Origin = Origin.REPLY) -> SentLink:
    return store.make(session, article=article, lang="en", origin=origin, user=None, at=AT)


def fresh(session: Session, link: SentLink) -> SentLink:
    session.refresh(link)
    return link


def test_two_links_to_one_article_are_told_apart(session: Session) -> None:
    assert a_link(session).token != a_link(session).token


def test_a_token_that_nobody_made_is_nothing(session: Session) -> None:
    assert store.find(session, "x" * 10) is None


def test_a_link_of_a_reply_counts_when_the_reply_goes(session: Session) -> None:
    link = a_link(session)
    assert not store.records(session, ["pw-1"])
    store.sent(session, [link.token], message="m" * 32, conversation=7, at=AT)
    assert fresh(session, link).sent_at == AT
    assert store.records(session, ["pw-1"]) == {"pw-1": Record(sent=1)}


def test_a_reply_that_is_taken_back_sent_nothing(session: Session) -> None:
    link = a_link(session)
    store.sent(session, [link.token], message="m" * 32, conversation=7, at=AT)
    store.unsent(session, "m" * 32)
    assert fresh(session, link).sent_at is None
    store.sent(session, [link.token], message="n" * 32, conversation=7, at=LATER)
    assert fresh(session, link).sent_at == LATER


def test_what_was_copied_at_the_picker_stays_sent_when_a_reply_is_taken_back(session: Session) -> None:
    link = a_link(session, origin=Origin.PICKER)
    store.sent(session, [link.token], message="m" * 32, conversation=7, at=LATER)
    store.unsent(session, "m" * 32)
    assert (fresh(session, link).sent_at, link.message) == (AT, None)


def test_a_link_that_a_later_reply_quotes_stays_with_its_own(session: Session) -> None:
    link = a_link(session)
    store.sent(session, [link.token], message="m" * 32, conversation=7, at=AT)
    store.sent(session, [link.token], message="n" * 32, conversation=8, at=LATER)
    assert (fresh(session, link).message, link.conversation, link.sent_at) == ("m" * 32, 7, AT)


def test_openings_are_counted_and_the_first_is_dated(session: Session) -> None:
    link = a_link(session, origin=Origin.PICKER)
    store.opened(session, link.token, LATER)
    store.opened(session, link.token, LATER + timedelta(hours=1))
    assert (fresh(session, link).opened, link.opened_at) == (2, LATER)
    assert store.records(session, ["pw-1"])["pw-1"].opened == 1  # links, not openings


def test_a_customer_who_writes_again_counts_once_for_each_link_sent_before(session: Session) -> None:
    early, late = a_link(session), a_link(session, "other")
    store.sent(session, [early.token], message="m" * 32, conversation=7, at=AT)
    store.sent(session, [late.token], message="n" * 32, conversation=7, at=LATER + timedelta(hours=1))
    store.came_back(session, 7, LATER)
    store.came_back(session, 7, LATER + timedelta(minutes=1))
    assert fresh(session, early).came_back_at == LATER
    assert fresh(session, late).came_back_at is None


def test_another_conversation_s_customer_says_nothing(session: Session) -> None:
    link = a_link(session)
    store.sent(session, [link.token], message="m" * 32, conversation=7, at=AT)
    store.came_back(session, 8, LATER)
    assert fresh(session, link).came_back_at is None


@pytest.mark.parametrize(("said", "helpful", "unhelpful"), [(True, 1, 0), (False, 0, 1), (None, 0, 0)])
def test_the_last_vote_counts(session: Session, said: bool | None, helpful: int, unhelpful: int) -> None:
    link = a_link(session, origin=Origin.PICKER)
    store.voted(session, link.token, not said)
    store.voted(session, link.token, said)
    assert store.records(session, ["pw-1"])["pw-1"] == Record(sent=1, helpful=helpful, unhelpful=unhelpful)


def test_the_list_begins_with_what_is_sent_most_and_knows_a_time_and_a_person(session: Session) -> None:
    for article in ("b", "a", "a"):
        a_link(session, article, origin=Origin.PICKER)
    assert list(store.all_records(session)) == ["a", "b"]
    assert not store.all_records(session, since=LATER)
    assert not store.all_records(session, user=1)
