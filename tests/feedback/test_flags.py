from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid, NotFound
from portal.feedback import flags, retention
from portal.feedback.flags import NewFlag
from portal.feedback.models import REQUEST_LIMIT, Fault, Flag

AT = datetime(2026, 11, 22, 14, tzinfo=UTC)
CLEO = "cleo@acme.example"


def raised(session: Session, number: int = 1, *, owner: str = CLEO, topic: str = "billing", user: int = 7,
           text: str = "The price is another one", article: str = "invoice") -> Flag:  # fmt: skip
    new = NewFlag(
        uid=f"{number:032x}", article=article, revision="r1", lang="en", title="Read your invoice", topic=topic,
        owner=owner, fault=Fault.OUT_OF_DATE, text=text, user=user, by="Bo",
    )  # fmt: skip
    return flags.add(session, new, at=AT + timedelta(minutes=number))


def uids(found: list[Flag]) -> list[int]:
    return [int(flag.uid, 16) for flag in found]


def settle(session: Session, number: int = 1, **fields: bool) -> Flag:
    return flags.done(session, f"{number:032x}", "Cleo", "The new price stands there", AT + timedelta(days=1), **fields)


def test_a_flag_is_kept_as_it_was_raised_and_waits(session: Session) -> None:
    flag = raised(session)
    assert (flag.article, flag.fault, flag.text, flag.by) == (
        "invoice",
        "out_of_date",
        "The price is another one",
        "Bo",
    )
    assert (flag.done_at, flag.done_by, flag.answer, flag.was_right) == (None, "", "", None)


def test_the_same_flag_twice_is_one_and_stays_as_it_was_first(session: Session) -> None:
    raised(session, text="First")
    assert raised(session, text="Second").text == "First"
    assert flags.count_waiting(session) == 1


def test_those_that_wait_come_oldest_first(session: Session) -> None:
    for number in (2, 1, 3):
        raised(session, number)
    assert uids(flags.waiting(session)) == [1, 2, 3]


def test_an_owner_is_known_by_address_and_name_whatever_their_case(session: Session) -> None:
    raised(session, 1, owner="Cleo@ACME.example")
    raised(session, 2, owner="cleo")
    raised(session, 3, owner="dora@acme.example")
    raised(session, 4, owner="")
    assert uids(flags.waiting(session, owner=(CLEO, "Cleo"))) == [1, 2]
    assert flags.count_waiting(session, owner=(CLEO, "Cleo")) == 2


def test_a_topic_narrows_what_waits(session: Session) -> None:
    raised(session, 1)
    raised(session, 2, topic="accounts")
    raised(session, 3, topic="")
    assert uids(flags.waiting(session, topic="accounts")) == [2]
    assert uids(flags.waiting(session, topic="")) == [3]


def test_an_article_shows_its_own_flags_that_wait(session: Session) -> None:
    raised(session, 1)
    raised(session, 2)
    raised(session, 3, article="refund")
    settle(session, 2)
    assert uids(flags.of_article(session, "invoice")) == [1]


@pytest.mark.parametrize("was_right", [True, False])
def test_a_settled_flag_says_by_whom_when_and_what_came_of_it(session: Session, was_right: bool) -> None:
    raised(session)
    flag = settle(session, was_right=was_right)
    assert (flag.done_at, flag.done_by, flag.was_right) == (AT + timedelta(days=1), "Cleo", was_right)
    assert flag.answer == "The new price stands there"
    assert flags.waiting(session) == []
    assert uids(flags.settled(session, limit=5)) == [1]


def test_who_settles_a_flag_second_is_told_who_was_first(session: Session) -> None:
    raised(session)
    settle(session)
    with pytest.raises(Conflict, match="Cleo has settled"):
        flags.done(session, f"{1:032x}", "Dora", "No", AT)
    assert flags.get(session, f"{1:032x}").answer == "The new price stands there"


def test_a_flag_that_is_gone_can_not_be_settled_nor_opened_again(session: Session) -> None:
    with pytest.raises(NotFound):
        settle(session, 9)
    with pytest.raises(NotFound):
        flags.reopen(session, f"{9:032x}")


def test_a_flag_that_is_opened_again_waits_without_its_answer(session: Session) -> None:
    raised(session)
    settle(session)
    flag = flags.reopen(session, f"{1:032x}")
    assert (flag.done_at, flag.done_by, flag.answer, flag.was_right) == (None, "", "", None)
    assert uids(flags.waiting(session)) == [1]


def test_somebodys_flags_come_latest_first_settled_or_not(session: Session) -> None:
    raised(session, 1)
    raised(session, 2)
    raised(session, 3, user=8)
    settle(session, 1)
    assert uids(flags.of_user(session, 7, limit=5)) == [2, 1]
    assert uids(flags.of_user(session, 7, limit=1)) == [2]


def test_only_who_raised_a_flag_takes_it_back_and_only_while_it_waits(session: Session) -> None:
    raised(session, 1)
    raised(session, 2)
    settle(session, 2)
    assert not flags.take_back(session, f"{1:032x}", user=8)
    assert not flags.take_back(session, f"{2:032x}", user=7)
    assert flags.take_back(session, f"{1:032x}", user=7)
    assert flags.waiting(session) == []


def test_settled_flags_are_forgotten_with_what_people_asked_for_and_those_that_wait_stay(session: Session) -> None:
    raised(session, 1)
    raised(session, 2)
    settle(session, 2)
    retention.expire(session, AT + timedelta(days=2))
    assert uids(flags.waiting(session)) == [1]
    assert flags.settled(session, limit=5) == []


@pytest.mark.parametrize("word", ["", "nonsense", "WRONG"])
def test_a_flag_says_what_is_wrong(word: str) -> None:
    with pytest.raises(Invalid, match="Choose"):
        flags.read_fault(word)
    assert flags.read_fault("unclear") is Fault.UNCLEAR


@pytest.mark.parametrize("text", ["", " \n\t", "\x00", "x" * (REQUEST_LIMIT + 1)])
def test_a_flag_without_words_and_one_with_too_many_are_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid, match="words"):
        flags.read_text(text)


def test_an_answer_may_be_empty_and_is_freed_of_what_no_page_may_show() -> None:
    assert flags.read_answer(" ") == ""
    assert flags.read_answer("  one\r\ntwo\x00 ") == "one\ntwo"
