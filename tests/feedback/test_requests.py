from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.errors import Invalid
from portal.feedback import requests
from portal.feedback.models import ADDRESS_LIMIT, REQUEST_LIMIT, Request

AT = datetime(2026, 11, 22, 14, tzinfo=UTC)
ADA = "a" * 32


def asked(session: Session, number: int = 1, *, address: str | None = "ada@example.com", user: int | None = None,
          gap: int | None = 7, visitor: str = ADA, text: str = "A list of my orders") -> Request:  # fmt: skip
    uid = f"{number:032x}"
    requests.add(session, uid=uid, at=AT + timedelta(minutes=number), lang="en", text=text, visitor=visitor,
                 search="c" * 32, address=address, user=user)  # fmt: skip
    if gap is not None:
        requests.take_up(session, [uid], gap)
    session.expire_all()
    return session.get_one(Request, uid)


def test_a_request_is_kept_as_it_was_given(session: Session) -> None:
    kept = asked(session, gap=None)
    assert (kept.text, kept.lang, kept.visitor, kept.search) == ("A list of my orders", "en", ADA, "c" * 32)
    assert (kept.at, kept.address, kept.user, kept.gap, kept.told_at) == (
        AT + timedelta(minutes=1), "ada@example.com", None, None, None,
    )  # fmt: skip


def test_the_same_request_twice_is_one_and_stays_as_it_was_first(session: Session) -> None:
    asked(session, text="First")
    assert asked(session, text="Second").text == "First"


def test_whoever_left_an_address_and_the_agent_who_asked_wait_for_the_answer(session: Session) -> None:
    asked(session, 2)
    asked(session, 1, address=None, user=5)
    asked(session, 3, address=None)
    asked(session, 4, gap=8)
    assert [one.uid for one in requests.waiting(session, 7)] == [f"{1:032x}", f"{2:032x}"]


def test_an_address_is_deleted_once_its_owner_has_heard(session: Session) -> None:
    request = asked(session)
    requests.told(session, [request.uid], AT)
    session.expire_all()
    assert (request.address, request.told_at, request.text) == (None, AT, "A list of my orders")
    assert requests.waiting(session, 7) == []


def test_an_address_can_be_withdrawn_and_again(session: Session) -> None:
    request, other = asked(session, 1), asked(session, 2)
    for _ in range(2):
        requests.withdraw(session, request.uid)
    requests.withdraw(session, "f" * 32)
    session.expire_all()
    assert (request.address, other.address) == (None, "ada@example.com")


def test_a_visitors_requests_are_told_and_erased_and_nobody_elses(session: Session) -> None:
    asked(session, 2)
    asked(session, 1)
    asked(session, 3, visitor="b" * 32)
    assert [one.uid for one in requests.of_visitor(session, ADA)] == [f"{1:032x}", f"{2:032x}"]
    assert requests.erase(session, ADA) == 2
    assert requests.of_visitor(session, ADA) == []
    assert len(requests.of_visitor(session, "b" * 32)) == 1


def test_what_is_written_is_trimmed_and_freed_of_what_no_page_may_show() -> None:
    assert requests.read_text("  one\r\ntwo\x00\u202e ") == "one\ntwo"
    assert len(requests.read_text("x" * REQUEST_LIMIT)) == REQUEST_LIMIT


@pytest.mark.parametrize("text", ["", " \n\t", "\x00", "x" * (REQUEST_LIMIT + 1)])
def test_nothing_and_too_much_are_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid, match="words"):
        requests.read_text(text)


@pytest.mark.parametrize("text", ["ada@example.com", " ada+help@mail.example.co.uk ", "ädä@exämple.de"])
def test_an_address_is_taken(text: str) -> None:
    assert requests.read_address(text) == text.strip()


def test_an_empty_field_is_no_address() -> None:
    assert requests.read_address("  ") is None


@pytest.mark.parametrize(
    "text",
    [
        "ada", "ada@", "@example.com", "ada@example", "a b@example.com", "a@b@example.com", "ada@example..com",
        "ada@example.com, bo@example.com", "ada@example.com;bo@example.com", "Ada <ada@example.com>",
        "ada@example.com\nBcc: bo@example.com", "ada@exam\u202eple.com", "a" * ADDRESS_LIMIT + "@example.com",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid, match="e-mail address"):
        requests.read_address(text)


def test_the_link_to_withdraw_is_for_one_request_and_of_this_portal() -> None:
    path = requests.withdrawal_path(b"secret", "en", ADA)
    assert path.startswith(f"/en/requests/{ADA}/withdrawal?token=")
    token = path.partition("token=")[2]
    assert token == requests.withdrawal_token(b"secret", ADA)
    assert len({token, requests.withdrawal_token(b"other", ADA), requests.withdrawal_token(b"secret", "b" * 32)}) == 3


def test_a_uid_is_32_hexadecimal_digits() -> None:
    assert requests.is_uid(ADA)
    assert not any(requests.is_uid(text) for text in ("", "a" * 31, "a" * 33, "A" * 32, "g" * 32, f"{'a' * 32}\n"))


def test_an_agent_takes_back_what_no_gap_has_taken_up(session: Session) -> None:
    mine = asked(session, 1, address=None, user=5, gap=None)
    assert requests.take_back(session, mine.uid, user=6) is None
    assert requests.take_back(session, mine.uid, user=5) == mine.at
    assert requests.take_back(session, mine.uid, user=5) is None
    assert requests.of_visitor(session, ADA) == []


def test_what_a_gap_has_taken_up_or_a_visitor_asked_is_not_taken_back(session: Session) -> None:
    taken, theirs = asked(session, 1, user=5, gap=7), asked(session, 2, gap=None)
    assert [requests.take_back(session, one.uid, user=5) for one in (taken, theirs)] == [None, None]
    assert len(requests.of_visitor(session, ADA)) == 2


def test_who_waits_to_hear_is_counted(session: Session) -> None:
    asked(session, 1)
    asked(session, 2, address=None, user=5, gap=None)
    asked(session, 3, address=None)
    told = asked(session, 4)
    assert requests.count_waiting(session) == 3
    requests.told(session, [told.uid], AT)
    assert requests.count_waiting(session) == 2
