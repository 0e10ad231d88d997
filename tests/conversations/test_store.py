"""What the inbox lists: views, order, pages, searches, and what a customer is shown of it."""

from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from portal.conversations import inbox, store
from portal.conversations.models import Conversation, Kind
from portal.conversations.store import Cursor, View
from portal.people import accounts
from tests.conversations.cast import NOON, after, ask, bo, cleo, uid, write_again


def subjects(session: Session, view: View, *, user: int = 0, **asked: object) -> list[str]:
    found = store.listed(session, view, user=user, **({"limit": 50} | asked))  # type: ignore[arg-type]
    return [one.subject for one in found]


def test_each_view_holds_what_its_name_says(session: Session) -> None:
    agent, other = bo(session), cleo(session)
    new, mine, theirs, waiting, closed = (
        ask(session, subject=name, at=after(minutes=place))
        for place, name in enumerate(("new", "mine", "theirs", "waiting", "closed"))
    )
    inbox.assign(session, mine.id, to=agent, by=agent, at=mine.created_at)
    inbox.assign(session, theirs.id, to=other, by=other, at=theirs.created_at)
    inbox.reply(session, waiting.id, by=agent, at=waiting.created_at, uid=uid(), text="Done.")
    inbox.reply(session, closed.id, by=agent, at=closed.created_at, uid=uid(), text="Done.", closes=True)
    assert subjects(session, View.NEW, user=agent.id) == ["new"]
    assert subjects(session, View.MINE, user=agent.id) == ["waiting", "mine"]
    assert subjects(session, View.WAITING, user=agent.id) == ["waiting"]
    assert subjects(session, View.CLOSED, user=agent.id) == ["closed"]
    assert subjects(session, View.ALL, user=agent.id) == ["closed", "waiting", "theirs", "mine", "new"]
    counts = store.counts(session, agent.id)
    assert [counts[view] for view in View] == [1, 2, 1, 1, 5]
    assert (store.awaited(session, agent.id), store.awaited(session, other.id)) == (2, 2)
    assert new.assignee is None


def test_what_a_shut_account_had_is_new_again(session: Session) -> None:
    found, agent, other = ask(session), bo(session), cleo(session)
    inbox.assign(session, found.id, to=other, by=agent, at=NOON)
    assert subjects(session, View.NEW, user=agent.id) == []
    accounts.disable(session, other.id, at=NOON)
    assert subjects(session, View.NEW, user=agent.id) == [found.subject]
    assert store.awaited(session, agent.id) == 1


def test_what_was_merged_stands_in_no_view(session: Session) -> None:
    found, target, agent = ask(session), ask(session), bo(session)
    inbox.merge(session, found.id, into=target.id, by=agent, at=NOON)
    assert {view: len(subjects(session, view, user=agent.id)) for view in View} == {
        View.NEW: 1, View.MINE: 0, View.WAITING: 0, View.CLOSED: 0, View.ALL: 1
    }  # fmt: skip


def test_the_newest_activity_comes_first_and_pages_lose_nothing(session: Session) -> None:
    made = [ask(session, subject=f"{n}", at=after(minutes=n // 3)) for n in range(10)]
    write_again(session, made[0], at=after(hours=1))
    seen: list[str] = []
    before: Cursor | None = None
    while page := store.listed(session, View.ALL, user=0, before=before, limit=3):
        seen += [one.subject for one in page]
        before = Cursor.of(page[-1])
    assert seen == ["0", "9", "8", "7", "6", "5", "4", "3", "2", "1"]


@pytest.mark.parametrize(
    ("q", "is_found"),
    [
        ("invoices", True), ("INVOICES last", True), ("ada", True), ("customer.example", True), ("pink zebra", True),
        ("zebra ada", True), ("", True), ("100%", True), ("0_0", True), ("note-word", True),
        ("zebra nobody", False), ("%", True), ("100_", False), ("_%_%_%_%_%", False), ("'; --", False),
    ],
)  # fmt: skip
def test_a_search_finds_all_its_words_anywhere(session: Session, q: str, *, is_found: bool) -> None:
    found = ask(session, "A pink zebra, 100% 0_0")
    inbox.note(session, found.id, text="note-word", by=bo(session), at=NOON)
    assert bool(subjects(session, View.ALL, q=q)) == is_found
    assert store.counts(session, 0, q=q)[View.ALL] == is_found


def test_a_number_finds_its_conversation(session: Session) -> None:
    first, second = ask(session, subject="one"), ask(session, subject="two")
    assert subjects(session, View.ALL, q=f"#{first.id}") == ["one"]
    assert "two" in subjects(session, View.ALL, q=f"{second.id}")


def test_the_last_word_is_the_newest_of_what_was_said(session: Session) -> None:
    found, other, agent = ask(session), ask(session, "x" * 5000), bo(session)
    inbox.close(session, found.id, by=agent, at=after(minutes=1))
    assert store.last_words(session, [found.id])[found.id].text == "I can't find last year's invoices."
    inbox.note(session, found.id, text="Call her", by=agent, at=after(minutes=2))
    words = store.last_words(session, [found.id, other.id])
    assert (words[found.id].kind, words[found.id].by, words[found.id].text) == (Kind.NOTE, "Bo", "Call her")
    assert len(words[other.id].text) < 1000
    assert store.last_words(session, []) == {}


def test_the_customer_sees_replies_from_when_they_go_and_no_notes(session: Session) -> None:
    found, agent = ask(session), bo(session)
    inbox.note(session, found.id, text="A secret", by=agent, at=NOON)
    inbox.reply(session, found.id, by=agent, at=NOON, uid=uid(), text="Under Billing.")
    said = store.messages(session, found.id)

    def seen(seconds: float) -> list[str]:
        return [one.text for one in store.seen_by_customer(said, after(seconds=seconds))]

    assert seen(9.9) == ["I can't find last year's invoices."]
    assert seen(10) == ["I can't find last year's invoices.", "Under Billing."]


def test_other_conversations_are_those_of_the_same_address(session: Session) -> None:
    found, same, _ = ask(session), ask(session, subject="same"), ask(session, address="eve@customer.example")
    nobody, _ = ask(session, address=None), ask(session, address=None)
    assert [one.subject for one in store.others_of(session, found)] == [same.subject]
    assert store.others_of(session, nobody) == []


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30])
def test_a_number_that_none_can_have_is_nothing(session: Session, number: int) -> None:
    assert store.conversation(session, number) is None


def test_a_uid_leads_through_merges(session: Session) -> None:
    chain: list[Conversation] = [ask(session) for _ in range(3)]
    agent = bo(session)
    for one, following in pairwise(chain):
        inbox.merge(session, one.id, into=following.id, by=agent, at=NOON)
    assert store.by_uid(session, chain[0].uid) is chain[-1]
    assert store.by_uid(session, "f" * 32) is None
