import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.content.loop import Tracker
from portal.errors import NotFound
from portal.outbox import store
from portal.outbox.models import Channel, Delivery, DeliveryState
from portal.outbox.news import ConversationNews, News, conversation_news, letter, messages
from portal.outbox.parcel import Issue, Message, Parcel
from portal.outbox.receiver import operators

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
TRACKERS = (Tracker(name="forge", kind="github", url="https://api.github.com/repos/a/b/issues"),)
HOOK = "https://hook.example.com/x"


def news(event: str = "gap.accepted", state: str = "accepted", version: int = 2, at: datetime = AT) -> News:
    return News(
        event=event, gap=12, version=version, title="Export all invoices", state=state, cause="missing", lang="en",
        people=9, people_a_week=2.5, url="https://help.example.com/desk/gaps/12", by="Cleo", at=at,
    )  # fmt: skip


def _message(uid: str, *, at: datetime = AT, gap: int | None = 12, target: str = HOOK) -> Message:
    return Message(uid=uid, channel=Channel.WEBHOOK, target=target, event="gap.accepted", payload="{}", at=at, gap=gap)


def _take(session: Session, at: datetime = AT) -> Parcel:
    found = store.take(session, at)
    assert found
    return found


def test_a_message_is_kept_once(session: Session) -> None:
    assert store.add(session, _message("a"))
    assert not store.add(session, _message("a"))
    assert store.counts(session) == {"waiting": 1, "sent": 0, "dead": 0}


def test_what_is_taken_is_nobody_else_s_until_the_lease_is_over(session: Session) -> None:
    store.add(session, _message("a"))
    assert (_take(session).uid, _take(session, AT + store.LEASE).attempt) == ("a", 2)
    assert store.take(session, AT + store.LEASE) is None


def test_nothing_is_taken_before_it_is_due(session: Session) -> None:
    store.add(session, _message("a", at=AT + timedelta(seconds=1)))
    assert store.take(session, AT) is None


def test_what_tells_of_one_gap_goes_in_order_and_other_gaps_do_not_wait(session: Session) -> None:
    store.add(session, _message("1"))
    store.add(session, _message("2", at=AT + timedelta(seconds=1)))
    store.add(session, _message("3", at=AT + timedelta(seconds=2), gap=13))
    store.add(session, _message("4", at=AT + timedelta(seconds=3), target="https://other.example.com"))
    now = AT + timedelta(minutes=1)
    assert [_take(session, now).uid for _ in range(3)] == ["1", "3", "4"]
    assert store.take(session, now) is None
    store.sent(session, "1", at=now)
    assert _take(session, now).uid == "2"


def _letter(uid: str, *, at: datetime = AT, not_before: datetime | None = None, to: str = "ada@example.org") -> Message:
    return letter(uid=uid, to=to, subject="s", text="t", at=at, conversation=7, not_before=not_before)


def test_a_letter_waits_until_it_can_t_be_taken_back_any_more(session: Session) -> None:
    due = AT + timedelta(seconds=10)
    store.add(session, _letter("a", not_before=due))
    assert store.take(session, due - timedelta(seconds=1)) is None
    assert _take(session, due).uid == "a"


def test_letters_of_one_conversation_go_in_order_and_other_receivers_do_not_wait(session: Session) -> None:
    store.add(session, _letter("1", not_before=AT + timedelta(seconds=10)))
    store.add(session, _letter("2", at=AT + timedelta(seconds=1)))
    store.add(session, _letter("3", at=AT + timedelta(seconds=2), to="bo@example.com"))
    assert _take(session, AT + timedelta(seconds=5)).uid == "3"
    assert store.take(session, AT + timedelta(seconds=5)) is None
    assert _take(session, AT + timedelta(seconds=10)).uid == "1"
    store.sent(session, "1", at=AT + timedelta(seconds=11))
    assert _take(session, AT + timedelta(seconds=11)).uid == "2"


def test_a_letter_is_taken_back_only_while_nobody_has_tried_to_send_it(session: Session) -> None:
    store.add(session, _letter("a"))
    assert store.take_back(session, "a")
    assert not store.take_back(session, "a")
    store.add(session, _letter("b"))
    _take(session)
    assert not store.take_back(session, "b")
    store.sent(session, "b", at=AT)
    assert not store.take_back(session, "b")


def test_news_of_a_conversation_has_no_word_of_its_customer(session: Session) -> None:
    told = ConversationNews(
        event="conversation.created", conversation=7, version=1, standing="new", entry="mail", lang="en", topic=None,
        url="https://help.example.com/desk/inbox/7", by="customer", at=AT,
    )  # fmt: skip
    made = conversation_news(told, operators(HOOK))
    assert store.add(session, made)
    assert not store.add(session, made)
    assert set(json.loads(made.payload)) == {
        "event", "conversation", "version", "standing", "entry", "lang", "topic", "url", "by", "at"
    }  # fmt: skip
    assert conversation_news(replace(told, version=2), operators(HOOK)).uid > made.uid


def test_what_waits_for_an_address_or_names_it_is_found_and_erased(session: Session) -> None:
    store.add(session, _letter("mine", to="ADA@example.org"))
    store.add(session, _message("conversation", gap=None))
    session.get_one(Delivery, "conversation").conversation = 9
    store.add(session, _message("problem", gap=None))
    session.get_one(Delivery, "problem").problem = "550 <ada@example.org> unknown"
    store.add(session, _letter("other", to="adaxexample.org@example.net"))
    session.flush()
    found = {one.uid for one in store.to_address(session, "ada@example.org", [9])}
    assert found == {"mine", "conversation", "problem"}
    assert store.erase(session, "ada@example.org", [9]) == 3
    assert store.counts(session)["waiting"] == 1


def test_what_fails_waits_longer_each_time_and_is_given_up_after_ten_tries_in_two_days(session: Session) -> None:
    store.add(session, _message("a"))
    now, waits = AT, []
    for attempt in range(1, store.MOST_TRIES + 1):
        assert _take(session, now).attempt == attempt
        assert store.failed(session, "a", "The webhook answered 500.", at=now) is (attempt == store.MOST_TRIES)
        waits.append(store.wait_after(attempt, "a", now))
        now += waits[-1]
    assert waits[0] < timedelta(minutes=3)
    assert max(waits) <= timedelta(hours=15)
    assert timedelta(days=1.5) < now - AT < timedelta(days=3)
    dead = store.listed(session, states=[DeliveryState.DEAD])
    assert [(one.uid, one.problem) for one in dead] == [("a", "The webhook answered 500.")]
    assert store.take(session, now + timedelta(days=9)) is None


def test_dead_letters_can_be_sent_again_one_or_all(session: Session) -> None:
    for uid in ("a", "b"):
        store.add(session, _message(uid, gap=None))
        session.get_one(Delivery, uid).state = DeliveryState.DEAD
    session.flush()
    assert store.retry(session, at=AT, uid="a") == 1
    assert _take(session).attempt == 1
    assert store.retry(session, at=AT) == 1
    with pytest.raises(NotFound, match="no dead letter"):
        store.retry(session, at=AT, uid="nobody")


def test_two_messages_of_one_moment_do_not_come_back_at_one_moment() -> None:
    waits = {store.wait_after(3, f"uid-{n}", AT) for n in range(20)}
    assert len(waits) > 10
    assert all(timedelta(minutes=18) <= wait <= timedelta(minutes=21.6) for wait in waits)


def test_a_change_is_told_to_everybody_once(session: Session) -> None:
    assert store.announce(session, news(), receivers=[operators(HOOK)], trackers=TRACKERS) == 2
    assert store.announce(session, news(), receivers=[operators(HOOK)], trackers=TRACKERS) == 0
    assert store.announce(session, news(version=3), receivers=(), trackers=()) == 0


def test_nothing_is_told_before_a_gap_is_accepted(session: Session) -> None:
    for event, state in (
        ("gap.found", "suggested"), ("gap.renamed", "suggested"),
        ("gap.dismissed", "dismissed"), ("gap.merged", "merged")
    ):  # fmt: skip
        assert store.announce(session, news(event, state), receivers=[operators(HOOK)], trackers=TRACKERS) == 0
    store.announce(session, news(), receivers=[operators(HOOK)], trackers=())
    assert store.announce(session, news("gap.dismissed", "dismissed", 3), receivers=[operators(HOOK)], trackers=()) == 1


def test_messages_of_one_moment_sort_as_they_happened() -> None:
    uids = [
        message.uid
        for version in (9, 10, 11)
        for message in messages(news(version=version), [operators(HOOK)], (), was_told_of=True)
    ]
    assert uids == sorted(uids)


def test_an_issue_s_id_is_kept_and_goes_with_the_next_message(session: Session) -> None:
    store.announce(session, news(), receivers=(), trackers=TRACKERS)
    first = _take(session)
    assert first.issue is None
    store.sent(session, first.uid, at=AT, answer=Issue("77", "https://github.com/a/b/issues/77"))
    store.announce(session, news("gap.closed", "closed", 5), receivers=(), trackers=TRACKERS)
    assert _take(session).issue == Issue("77", "https://github.com/a/b/issues/77")
    assert store.issues(session, 12) == {"forge": Issue("77", "https://github.com/a/b/issues/77")}
    assert store.expire(session, AT + timedelta(days=400)) == 0
    assert store.issues(session, 13) == {}


def test_a_mail_that_was_sent_is_forgotten_but_for_the_fact(session: Session) -> None:
    store.add(session, letter(uid="m", to="ada@example.com", subject="It is there", text="Your words", at=AT))
    store.sent(session, _take(session).uid, at=AT)
    kept = session.get_one(Delivery, "m")
    assert (kept.target, kept.payload, kept.sent_at) == ("", "", AT)
    assert store.expire(session, AT + timedelta(days=1)) == 1
