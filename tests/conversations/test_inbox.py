"""What staff do to conversations: each verb, who may, and what happens when somebody else was quicker."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.conversations import attachments, inbox, store
from portal.conversations.attachments import Upload
from portal.conversations.models import Conversation, Kind, Message, Standing
from portal.conversations.standing import Happening
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.links import store as links
from portal.links.models import Origin
from portal.people import accounts
from portal.people.models import User
from tests.conversations.cast import NOON, after, ask, bo, cleo, uid, write_again

PNG = Upload("screen.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 20)


def answer(
    session: Session, found: Conversation, by: User, text: str = "They are under Billing.", **more: object
) -> Message:
    details = {"at": after(minutes=5), "uid": uid()} | more
    return inbox.reply(session, found.id, by=by, text=text, **details)  # type: ignore[arg-type]


def events(session: Session, found: Conversation) -> list[str]:
    return [one.text for one in store.messages(session, found.id) if one.kind is Kind.EVENT]


def test_a_reply_makes_it_the_customers_turn_and_their_next_word_makes_it_ours(session: Session) -> None:
    found, agent = ask(session), bo(session)
    assert found.standing is Standing.NEW
    answer(session, found, agent)
    assert (found.standing, found.agent_at) == (Standing.WAITING, after(minutes=5))
    write_again(session, found, at=after(hours=1))
    assert found.standing is Standing.OPEN


def test_whoever_answers_what_nobody_has_is_its_assignee(session: Session) -> None:
    found, agent, other = ask(session), bo(session), cleo(session)
    answer(session, found, agent)
    answer(session, found, other, at=after(minutes=6))
    assert found.assignee == agent.id
    assert events(session, found) == [Happening.ASSIGNED]


def test_the_same_form_sent_twice_is_one_reply(session: Session) -> None:
    found, agent, form = ask(session), bo(session), uid()
    first = answer(session, found, agent, uid=form)
    again = answer(session, found, agent, uid=form, version=1)
    assert (first.id, found.version) == (again.id, 2)


def test_a_reply_that_closes_leaves_it_closed(session: Session) -> None:
    found = ask(session)
    answer(session, found, bo(session), closes=True)
    assert (found.standing, found.closed_at) == (Standing.CLOSED, after(minutes=5))


@pytest.mark.parametrize("text", ["", " \n\t ", "\x00\u202e", "x" * 20_001])
def test_a_message_without_words_or_with_too_many_is_refused(session: Session, text: str) -> None:
    found, agent = ask(session), bo(session)
    with pytest.raises(Invalid):
        answer(session, found, agent, text=text)
    with pytest.raises(Invalid):
        inbox.note(session, found.id, text=text, by=agent, at=NOON)
    assert found.version == 1


def test_who_acts_on_an_older_version_is_told_who_did_what(session: Session) -> None:
    found, agent, other = ask(session), bo(session), cleo(session)
    seen = found.version
    answer(session, found, other)
    with pytest.raises(Conflict, match=r"Cleo answered 2 minutes ago\."):
        answer(session, found, agent, at=after(minutes=7), version=seen)
    seen = found.version
    inbox.note(session, found.id, text="She is a big customer.", by=other, at=after(minutes=8))
    with pytest.raises(Conflict, match=r"Cleo left a note just now\."):
        answer(session, found, agent, at=after(minutes=8), version=seen)
    seen = found.version
    write_again(session, found, at=after(minutes=9))
    with pytest.raises(Conflict, match=r"The customer wrote 1 hour ago\."):
        inbox.close(session, found.id, by=agent, at=after(minutes=70), version=seen)
    assert [one.by for one in store.messages(session, found.id) if one.kind is Kind.REPLY] == ["Cleo"]


def test_a_reply_can_be_taken_back_until_it_goes(session: Session) -> None:
    found, agent = ask(session), bo(session)
    sent = answer(session, found, agent)
    assert sent.send_at == after(minutes=5, seconds=10)
    with pytest.raises(Conflict, match="gone out already"):
        inbox.take_back(session, sent.uid, by=agent, at=after(minutes=5, seconds=10))
    back = inbox.take_back(session, sent.uid, by=agent, at=after(minutes=5, seconds=9.9))
    assert (back.kind, back.text, back.send_at) == (Kind.DRAFT, "They are under Billing.", None)
    assert (found.standing, found.agent_at) == (Standing.NEW, None)
    assert inbox.take_back(session, sent.uid, by=agent, at=after(hours=1)).id == back.id


@pytest.mark.parametrize("before", [Standing.NEW, Standing.OPEN, Standing.WAITING, Standing.CLOSED])
@pytest.mark.parametrize("closes", [True, False])
def test_taking_back_leaves_it_standing_as_before(session: Session, before: Standing, *, closes: bool) -> None:
    found, agent = ask(session), bo(session)
    if before is not Standing.NEW:
        answer(session, found, agent, at=after(minutes=1))
    if before is Standing.OPEN:
        write_again(session, found, at=after(minutes=2))
    if before is Standing.CLOSED:
        inbox.close(session, found.id, by=agent, at=after(minutes=2))
    stood = (found.standing, found.agent_at, found.closed_at)
    sent = answer(session, found, agent, at=after(minutes=3), closes=closes)
    inbox.take_back(session, sent.uid, by=agent, at=after(minutes=3, seconds=1))
    assert before is found.standing
    assert (found.standing, found.agent_at, found.closed_at) == stood


def test_only_its_author_takes_a_reply_back(session: Session) -> None:
    found, other = ask(session), cleo(session)
    sent = answer(session, found, bo(session))
    with pytest.raises(NotFound):
        inbox.take_back(session, sent.uid, by=other, at=after(minutes=5))
    with pytest.raises(NotFound):
        inbox.take_back(session, found.uid, by=other, at=after(minutes=5))  # the customer's own message


def test_what_was_taken_back_is_sent_again_with_its_files(session: Session) -> None:
    found, agent = ask(session), bo(session)
    sent = answer(session, found, agent, files=(PNG, Upload("log.txt", b"one line")))
    inbox.take_back(session, sent.uid, by=agent, at=after(minutes=5))
    files = attachments.of_messages(session, [sent.id])[sent.id]
    kept = [one.uid for one in files if one.name == "screen.png"]
    again = answer(session, found, agent, "Better words.", uid=sent.uid, at=after(minutes=6), kept=kept)
    assert (again.id, again.kind, again.text) == (sent.id, Kind.REPLY, "Better words.")
    assert [one.name for one in attachments.of_messages(session, [again.id])[again.id]] == ["screen.png"]
    assert found.standing is Standing.WAITING


def test_a_draft_is_its_authors_alone(session: Session) -> None:
    found, agent, other = ask(session), bo(session), cleo(session)
    kept = inbox.set_aside(session, found.id, by=agent, at=NOON, uid=uid(), text="Half a", files=(PNG,))
    assert found.version == 1
    assert store.draft(session, found.id, agent.id) is kept
    assert store.draft(session, found.id, other.id) is None
    assert kept not in store.messages(session, found.id)
    with pytest.raises(Conflict):
        answer(session, found, other, uid=kept.uid)
    inbox.discard(session, kept.uid, by=other)
    assert store.draft(session, found.id, agent.id) is kept
    inbox.discard(session, kept.uid, by=agent)
    assert store.draft(session, found.id, agent.id) is None


def test_a_uid_of_another_message_is_refused(session: Session) -> None:
    found, agent = ask(session), bo(session)
    with pytest.raises(Conflict, match="used for something else"):
        answer(session, found, agent, uid=found.uid)


def test_it_is_given_to_somebody_and_to_nobody(session: Session) -> None:
    found, agent, other = ask(session), bo(session), cleo(session)
    inbox.assign(session, found.id, to=other, by=agent, at=NOON)
    assert (found.assignee, found.version) == (other.id, 2)
    inbox.assign(session, found.id, to=other, by=agent, at=NOON)
    assert found.version == 2  # nothing changed
    inbox.assign(session, found.id, to=None, by=agent, at=NOON)
    assert found.assignee is None
    told = [one for one in store.messages(session, found.id) if one.kind is Kind.EVENT]
    assert [(one.by, one.about) for one in told] == [("Bo", "Cleo"), ("Bo", "")]


def test_nothing_is_given_to_a_shut_account(session: Session) -> None:
    found, agent, other = ask(session), bo(session), cleo(session)
    accounts.disable(session, other.id, at=NOON)
    with pytest.raises(Invalid, match="Cleo's account is shut"):
        inbox.assign(session, found.id, to=other, by=agent, at=NOON)
    assert found.assignee is None


def test_a_shut_account_does_nothing(session: Session) -> None:
    found, agent = ask(session), bo(session)
    accounts.disable(session, agent.id, at=NOON)
    acts: tuple[Callable[[], object], ...] = (
        lambda: answer(session, found, agent),
        lambda: inbox.note(session, found.id, text="x", by=agent, at=NOON),
        lambda: inbox.assign(session, found.id, to=None, by=agent, at=NOON),
        lambda: inbox.close(session, found.id, by=agent, at=NOON),
        lambda: inbox.reopen(session, found.id, by=agent, at=NOON),
        lambda: inbox.set_aside(session, found.id, by=agent, at=NOON, uid=uid(), text="x"),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_closing_and_opening_twice_is_doing_it_once(session: Session) -> None:
    found, agent = ask(session), bo(session)
    inbox.close(session, found.id, by=agent, at=after(minutes=1), version=1)
    inbox.close(session, found.id, by=agent, at=after(minutes=2), version=1)
    assert (found.standing, found.closed_at, found.version) == (Standing.CLOSED, after(minutes=1), 2)
    inbox.reopen(session, found.id, by=agent, at=after(minutes=3), version=2)
    inbox.reopen(session, found.id, by=agent, at=after(minutes=3), version=2)
    assert (found.standing, found.closed_at, found.version) == (Standing.NEW, None, 3)


def test_a_note_changes_nobodys_turn_and_comes_once(session: Session) -> None:
    found, agent, form = ask(session), bo(session), uid()
    inbox.note(session, found.id, text="Call her.", by=agent, at=after(minutes=1), uid=form)
    inbox.note(session, found.id, text="Call her.", by=agent, at=after(minutes=1), uid=form)
    assert (found.standing, found.version, found.updated_at) == (Standing.NEW, 2, after(minutes=1))
    assert store.seen_by_customer(store.messages(session, found.id), after(days=9))[-1].text != "Call her."


def test_merging_moves_what_was_said_and_the_links_that_were_sent(session: Session) -> None:
    found, target, agent = ask(session), ask(session, "And 2024?", at=after(minutes=1)), bo(session)
    link = links.make(
        session, article="a", lang="en", origin=Origin.REPLY, user=agent.id, conversation=found.id, at=NOON
    )
    write_again(session, found, "Hello?", at=after(minutes=2))
    merged = inbox.merge(session, found.id, into=target.id, by=agent, at=after(minutes=3))
    session.refresh(link)
    assert merged.id == target.id
    assert (found.standing, found.merged_into, link.conversation) == (Standing.MERGED, target.id, target.id)
    said = [one.text for one in store.messages(session, target.id) if one.kind is Kind.CUSTOMER]
    assert said == ["I can't find last year's invoices.", "And 2024?", "Hello?"]
    assert (target.standing, target.customer_at) == (Standing.NEW, after(minutes=2))
    assert events(session, found) == [Happening.MERGED]
    assert store.by_uid(session, found.uid) is target
    with pytest.raises(Conflict, match=f"was merged into {target.id}"):
        answer(session, found, agent)


def test_merging_takes_the_turn_of_what_was_said_last(session: Session) -> None:
    found, target, agent = ask(session), ask(session), bo(session)
    answer(session, target, agent, at=after(minutes=1))
    inbox.close(session, found.id, by=agent, at=after(minutes=5))
    assert inbox.merge(session, found.id, into=target.id, by=agent, at=after(minutes=6)).standing is Standing.WAITING
    newer = ask(session, at=after(minutes=7))
    assert inbox.merge(session, newer.id, into=target.id, by=agent, at=after(minutes=8)).standing is Standing.OPEN


@pytest.mark.parametrize("address", [None, "bea@customer.example"])
def test_conversations_of_different_people_are_not_merged(session: Session, address: str | None) -> None:
    found, target, agent = ask(session), ask(session, address=address), bo(session)
    for one, other in ((found, target), (target, found)):
        with pytest.raises(Invalid, match="would read what the other wrote"):
            inbox.merge(session, one.id, into=other.id, by=agent, at=NOON)
    assert (found.version, target.version) == (1, 1)


def test_nothing_is_merged_into_itself_into_nothing_or_into_what_was_merged(session: Session) -> None:
    found, target, agent = ask(session), ask(session), bo(session)
    with pytest.raises(Invalid):
        inbox.merge(session, found.id, into=found.id, by=agent, at=NOON)
    for number in (0, -1, 999_999, 2**40):
        with pytest.raises(NotFound):
            inbox.merge(session, found.id, into=number, by=agent, at=NOON)
    third = ask(session)
    inbox.merge(session, target.id, into=third.id, by=agent, at=NOON)
    with pytest.raises(Conflict):
        inbox.merge(session, found.id, into=target.id, by=agent, at=NOON)


def test_a_reply_waits_as_long_as_it_is_told(session: Session) -> None:
    found = ask(session)
    assert answer(session, found, bo(session), delay=timedelta(0)).send_at == after(minutes=5)
