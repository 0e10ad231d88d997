"""What staff are told of a customer's searches before they wrote; nothing without the customer's word."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.conversations.trail import Looked, told, trail
from portal.events import log
from portal.events.kinds import Clicked, Event, Searched, Viewed
from tests.conversations.cast import NOON, after, ask, uid

ADAS = "a" * 32


def searched(query: str, at: datetime, *, hits: int = 3, search: str = "") -> Searched:
    return Searched(uid=search or uid(), at=at, visitor=ADAS, lang="en", query=query, hits=hits)


def opened(article: str, at: datetime, search: str = "") -> tuple[Event, ...]:
    clicked = Clicked(uid=uid(), at=at, visitor=ADAS, lang="en", search=search, article=article)
    viewed = Viewed(uid=uid(), at=at, visitor=ADAS, lang="en", search=search, article=article)
    return (clicked, viewed) if search else (viewed,)


def test_searches_are_told_with_what_was_opened_from_them(session: Session) -> None:
    first = uid()
    log.append(session, [
        searched("invoices", after(minutes=-9), search=first), *opened("bills", after(minutes=-8), first),
        searched("last year invoices", after(minutes=-5), hits=0), *opened("terms", after(minutes=-4)),
    ])  # fmt: skip
    assert trail(session, ask(session, visitor=ADAS)) == [
        Looked(after(minutes=-9), "invoices", 3, ("bills",)),
        Looked(after(minutes=-5), "last year invoices", 0),
        Looked(after(minutes=-4), "", 0, ("terms",)),
    ]


def test_without_their_word_nothing_is_told(session: Session) -> None:
    log.append(session, [searched("something private", after(minutes=-9))])
    found = ask(session)
    assert trail(session, found) == []
    found.visitor = ADAS  # even where the key was there
    assert trail(session, found) == []


def test_only_the_day_before_is_told_and_nothing_since(session: Session) -> None:
    log.append(session, [
        searched("too old", after(hours=-25)), searched("before", after(hours=-1)), searched("later", after(hours=1)),
    ])  # fmt: skip
    assert [one.query for one in trail(session, ask(session, visitor=ADAS))] == ["before"]


def test_nobody_elses_searches_are_told(session: Session) -> None:
    log.append(session, [replace(searched("eve's", after(hours=-1)), visitor="e" * 32)])
    assert trail(session, ask(session, visitor=ADAS)) == []


def test_the_same_words_twice_are_one_step() -> None:
    again = uid()
    steps = told([
        searched("Invoices", NOON), searched("invoices", after(seconds=5), search=again),
        *opened("bills", after(seconds=9), again), *opened("bills", after(seconds=10), again),
    ])  # fmt: skip
    assert steps == [Looked(NOON, "Invoices", 3, ("bills",))]
